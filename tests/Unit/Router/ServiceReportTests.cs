using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using MulticastLab.Daemon.Services;
using MulticastLab.Linux.Posix;
using MulticastLab.Tests.HostAgent;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>What a service manager is told: the datagrams of sd_notify(3), of the report alone and of the real router.</summary>
public sealed class ServiceReportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("service-").FullName;

    public static TheoryData<bool> Places => [true, false];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_host_agent_tells_the_same()
    {
        using var here = PrivateNetwork.CreateOrSkip();
        using var there = PrivateNetwork.CreateOrSkip();
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        var name = Path.Combine(folder, "notify");
        using var manager = Listen(name);
        using var agent = here.Start("/usr/bin/env",
            $"NOTIFY_SOCKET={name}", AgentProcess.Program, "run", "--interface", "eth0", "--control", Path.Combine(folder, "agent.sock"));

        Next(manager).Should().Be("READY=1\nSTATUS=eth0: kernel stack");
        Signal(agent.Id, "TERM");
        Next(manager).Should().Be("STOPPING=1");
        await agent.WaitForExitAsync(Cancellation);
        agent.ExitCode.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task From_start_to_end_the_router_tells_how_it_is(bool isAbstract)
    {
        using var here = PrivateNetwork.CreateOrSkip();
        using var there = PrivateNetwork.CreateOrSkip();
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        // An abstract name belongs to a network namespace.
        using var manager = isAbstract ? here.Run(() => Listen("@multicast-lab-test")) : Listen(Path.Combine(folder, "notify"));
        var name = isAbstract ? "@multicast-lab-test" : Path.Combine(folder, "notify");
        var file = Path.Combine(folder, "router.yaml");
        await File.WriteAllTextAsync(file, "interfaces: {eth0: {}}", Cancellation);
        using var router = here.Start(
            "/usr/bin/env", $"NOTIFY_SOCKET={name}", "WATCHDOG_USEC=200000", RouterProcess.Executable, "run", "--config", file, "--control",
            Path.Combine(folder, "router.sock"));
        try
        {
            Next(manager).Should().Be("READY=1\nSTATUS=eth0: querier");
            for (var i = 0; i < 3; i++)
                Next(manager).Should().Be("WATCHDOG=1");
            here.Ip("link set eth0 down");
            Next(manager, skip: "WATCHDOG=1").Should().Be("STATUS=eth0: it is down");
            here.Ip("link set eth0 up");
            Next(manager, skip: "WATCHDOG=1").Should().StartWith("STATUS=eth0: ");
            Signal(router.Id, "HUP");
            Next(manager, skip: "WATCHDOG=1", or: "STATUS=").Should().MatchRegex("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$");
            Next(manager, skip: "WATCHDOG=1", or: "STATUS=").Should().StartWith("READY=1\nSTATUS=");
            Signal(router.Id, "TERM");
            Next(manager, skip: "WATCHDOG=1", or: "STATUS=").Should().Be("STOPPING=1");
            await router.WaitForExitAsync(Cancellation);
            router.ExitCode.Should().Be(0);
        }
        finally
        {
            router.Kill();
        }
    }

    [Fact]
    public void A_loop_that_hangs_gives_no_sign_of_life()
    {
        using var manager = Listen(Path.Combine(folder, "notify"));
        using var loop = new EventLoop();
        using var report = new ServiceReport(
            ServiceManager.Open(Path.Combine(folder, "notify"), TimeSpan.FromMilliseconds(100)), loop, () => "well");
        report.Ready();
        var thread = new Thread(loop.Run);
        thread.Start();
        Next(manager).Should().StartWith("READY=1");
        Next(manager).Should().Be("WATCHDOG=1");
        Next(manager).Should().Be("WATCHDOG=1");
        using var hang = new ManualResetEventSlim();
        using var hangs = new ManualResetEventSlim();

        loop.Post(() =>
        {
            hangs.Set();
            hang.Wait();
        });
        hangs.Wait(Cancellation);
        while (manager.Available > 0)
            Next(manager);
        manager.ReceiveTimeout = 500;
        FluentActions.Invoking(() => manager.Receive(new byte[10])).Should().Throw<SocketException>("five times its time has passed");

        hang.Set();
        manager.ReceiveTimeout = (int)RouterProcess.Patience.TotalMilliseconds;
        Next(manager).Should().Be("WATCHDOG=1");
        loop.Stop();
        thread.Join();
    }

    [Fact]
    public void A_manager_that_does_not_read_keeps_nobody_waiting()
    {
        using var manager = Listen(Path.Combine(folder, "notify"));
        using var service = ServiceManager.Open(Path.Combine(folder, "notify"), null)!;

        // Many times what its queue holds; and then it is gone altogether.
        for (var i = 0; i < 10_000; i++)
            service.Status($"number {i}");
        manager.Dispose();
        service.Stopping();
    }

    [Fact]
    public void A_status_is_one_line()
    {
        using var manager = Listen(Path.Combine(folder, "notify"));
        using var service = ServiceManager.Open(Path.Combine(folder, "notify"), null)!;

        service.Status("one\nREADY=1");

        Next(manager).Should().Be("STATUS=one READY=1");
    }

    [Theory]
    [InlineData("1000000", null, 1.0)]
    [InlineData("1000000", "", 1.0)]
    [InlineData("500000", "self", 0.5)]
    [InlineData("500000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData(null, null, null)]
    public void The_watchdog_is_heeded_when_it_is_meant_for_this_process(string? time, string? process, double? seconds) =>
        ServiceManager.WatchdogOf(name => name == "WATCHDOG_USEC" ? time : process == "self" ? $"{Environment.ProcessId}" : process)
            .Should().Be(seconds is { } value ? TimeSpan.FromSeconds(value) : null);

    [Fact]
    public async Task The_unit_is_what_systemd_takes_and_grants_no_more_than_the_router_needs()
    {
        var unit = Path.Combine(Repository.Root, "packaging", "systemd", "multicast-lab-router.service");
        var lines = await File.ReadAllLinesAsync(unit, Cancellation);
        lines
            .Should()
            .Contain(
                "Type=notify", "NoNewPrivileges=yes", "ProtectSystem=strict", "AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN",
                "CapabilityBoundingSet=CAP_NET_RAW CAP_NET_ADMIN");
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        // The real program stands elsewhere here; a copy of the unit names it.
        var copy = Path.Combine(folder, "multicast-lab-router.service");
        await File.WriteAllLinesAsync(
            copy, lines.Select(line => line.Replace("/usr/lib/multicast-lab/router", RouterProcess.Executable, StringComparison.Ordinal)),
            Cancellation);

        var (exit, output) = await Run("/usr/bin/systemd-analyze", "verify", copy);

        exit.Should().Be(0, output);
        output.Should().BeEmpty();
    }

    private static async Task<(int Exit, string Output)> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(Cancellation) + await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, output);
    }

    private static void Signal(int process, string name)
    {
        using var kill = Process.Start("/bin/kill", [$"-{name}", $"{process}"]);
        kill.WaitForExit();
        kill.ExitCode.Should().Be(0);
    }

    private static Socket Listen(string name)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
        {
            ReceiveTimeout = (int)RouterProcess.Patience.TotalMilliseconds,
        };
        socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? "\0" + name[1..] : name));
        return socket;
    }

    private static string Next(Socket manager, string skip = "-", string or = "-")
    {
        var buffer = new byte[4096];
        while (true)
        {
            var text = Encoding.UTF8.GetString(buffer, 0, manager.Receive(buffer));
            if (!text.StartsWith(skip, StringComparison.Ordinal) && !text.StartsWith(or, StringComparison.Ordinal))
                return text;
        }
    }
}
