using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using FluentAssertions;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>What the real router may do, thread by thread, however it was started.</summary>
public sealed partial class RouterPrivilegesTests : IDisposable
{
    private const string SetPriv = "/usr/bin/setpriv";
    private const uint Nobody = 65534;
    private const ulong NetworkRaw = 1UL << 13;
    private const ulong Both = NetworkRaw | (1UL << 12);

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();
    private readonly string folder = Directory.CreateTempSubdirectory("router-privileges-").FullName;

    public RouterPrivilegesTests() => here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string ControlPath => Path.Combine(folder, "router.sock");

    public void Dispose()
    {
        here.Dispose();
        there.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Started_as_root_no_thread_keeps_more_than_it_needs()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --forward");

        foreach (var (thread, status) in Threads(router.Id))
        {
            foreach (var set in (string[])["CapPrm", "CapEff", "CapInh", "CapBnd", "CapAmb"])
                Bits(status[set]).Should().Be(Both, "{0} of {1}", set, thread);
            status["NoNewPrivs"].Should().Be("1", thread);
        }
    }

    [Fact]
    public async Task Started_as_root_with_another_user_every_thread_is_that_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become another user");
        Chown(folder, Nobody, Nobody).Should().Be(0);
        using var router = await Start(
            RouterProcess.Executable, ["run", "--interface", "eth0", "--user", "nobody", "--control", ControlPath]);

        foreach (var (thread, status) in Threads(router.Id))
        {
            status["Uid"].Split('\t').Should().AllBe("65534", thread);
            status["Groups"].Trim().Should().Be("65534", thread);
            Bits(status["CapPrm"]).Should().Be(Bits(status["CapEff"])).And.BeOneOf(Both, NetworkRaw);
            Bits(status["CapBnd"]).Should().Be(Bits(status["CapPrm"]), thread);
            status["NoNewPrivs"].Should().Be("1", thread);
        }

        await Serves(router);
    }

    [Fact]
    public async Task An_ordinary_user_with_two_capabilities_runs_all_of_it()
    {
        Assert.SkipUnless(
            File.Exists(SetPriv) && Environment.IsPrivilegedProcess, "setpriv (util-linux) and root are needed to become another user");
        Chown(folder, Nobody, Nobody).Should().Be(0);
        using var router = await Start(
            SetPriv,
            [
                "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all,+net_raw,+net_admin",
                "--ambient-caps=-all,+net_raw,+net_admin", RouterProcess.Executable, "run", "--interface", "eth0", "--forward", "--metrics",
                "9464", "--control", ControlPath]);

        foreach (var (thread, status) in Threads(router.Id))
        {
            status["Uid"].Split('\t').Should().AllBe("65534", thread);
            Bits(status["CapPrm"]).Should().Be(Both, thread);
            Bits(status["CapEff"]).Should().Be(Both, thread);
        }

        await Serves(router);
    }

    [Theory]
    [InlineData("--user nosuchuser", 1, "there is no user 'nosuchuser' to run as")]
    [InlineData("--user=nosuchuser", 1, "there is no user 'nosuchuser' to run as")]
    public async Task A_user_that_is_not_there_is_named(string option, int exit, string message)
    {
        using var process = here.Start(
            RouterProcess.Executable, ["run", "--interface", "eth0", "--control", ControlPath, .. option.Split(' ')]);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        process.ExitCode.Should().Be(exit);
        error.Should().Contain(message);
    }

    [Fact]
    public async Task An_ordinary_user_cannot_become_another()
    {
        Assert.SkipUnless(
            File.Exists(SetPriv) && Environment.IsPrivilegedProcess, "setpriv (util-linux) and root are needed to become another user");
        using var process = here.Start(
            SetPriv, "--reuid=65534", "--regid=65534", "--clear-groups", RouterProcess.Executable, "run", "--interface", "eth0", "--user",
            "root", "--control", ControlPath);
        var error = await process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        process.ExitCode.Should().Be(4);
        error.Should().Contain("only root can become another user");
    }

    private static IEnumerable<(string Thread, Dictionary<string, string> Status)> Threads(int process)
    {
        var threads = Directory.GetDirectories($"/proc/{process}/task").Select(task => File.ReadAllLines(Path.Combine(task, "status"))
            .Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim())).ToList();
        threads.Should().HaveCountGreaterThan(2, "the runtime has threads of its own, the router two or three");
        return threads.Select(status => ($"{status["Name"]} ({status["Pid"]})", status));
    }

    private static ulong Bits(string set) => ulong.Parse(set, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private async Task<Process> Start(string program, string[] arguments)
    {
        var process = here.Start(program, arguments);
        var said = new List<string>();
        while (await process.StandardError.ReadLineAsync(Cancellation).AsTask().WaitAsync(RouterProcess.Patience, Cancellation) is { } line)
        {
            said.Add(line);
            if (line == "router: ready")
                return process;
        }

        throw new InvalidOperationException($"it ended before it was ready: {string.Join('\n', said)}");
    }

    private async Task Serves(Process router)
    {
        try
        {
            using var ear = new IgmpEar(there);
            ear.Report(Address.Parse("10.0.0.2"), RecordType.ToExclude, Address.Parse("239.1.1.1"));
            using var client = await ControlClient.Connect(ControlPath, Cancellation);
            using var limit = new CancellationTokenSource(RouterProcess.Patience);
            while ((await client.Ask("show", RouterStateJson.Read, cancellation: limit.Token)).Group("239.1.1.1") is null)
            {
            }
        }
        finally
        {
            router.Kill();
            await router.WaitForExitAsync(Cancellation);
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Chown(string path, uint user, uint group);
}
