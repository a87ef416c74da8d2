using System.Diagnostics;
using System.Text;
using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router.Shell;

/// <summary>The real <c>router shell</c> and the real router: from a pipe, with -c, and at a pseudo-terminal.</summary>
public sealed class RouterShellTests : IDisposable
{
    private static readonly Address H = Address.Parse("10.0.0.2");

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();
    private readonly IgmpEar ear;

    public RouterShellTests()
    {
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        ear = new IgmpEar(there);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        ear.Dispose();
        here.Dispose();
        there.Dispose();
    }

    [Fact]
    public async Task Tables_have_the_columns_of_FRR()
    {
        using var router = await StartWithMembers();

        (await Shell(router, "show ip igmp groups"))
            .Should()
            .MatchRegex(
                """
                ^Total IGMP groups: 2
                Interface  Group      Mode  Timer     Srcs  V  Uptime    Last Reporter
                eth0       232.1.1.1  INCL  -         1     3  00:00:\d\d  10\.0\.0\.2
                eth0       239.1.1.1  EXCL  00:04:\d\d  0     3  00:00:\d\d  10\.0\.0\.2
                $
                """);
        (await Shell(router, "show igmp groups detail interface eth0 232.1.1.1"))
            .Should()
            .MatchRegex(
                """
                ^Total IGMP groups: 1
                Interface  Group      Mode  Timer  Source     V  Uptime    Source Timer  Fwd  Last Reporter
                eth0       232.1.1.1  INCL  -      192.0.2.1  3  00:00:\d\d  00:04:\d\d      Y    10\.0\.0\.2
                $
                """);
        (await Shell(router, "show igmp interface"))
            .Should()
            .MatchRegex(
                """
                ^Interface  State  Address   V  Querier  QuerierIp  Query Timer  Uptime    Other Querier Timer  Groups
                eth0       up     10.0.0.1  3  local    10.0.0.1   00:0\d:\d\d     00:00:\d\d  -                    2
                $
                """);
        (await Shell(router, "show igmp sources"))
            .Should()
            .StartWith("Interface  Group      Source     Timer     Fwd\neth0       232.1.1.1  192.0.2.1  00:04:");
        (await Shell(router, "show groupstate 239.1.1.1")).Should().Contain("eth0       239.1.1.1  EXCL").And.NotContain("232.1.1.1");
        (await Shell(router, "status")).Should().Contain("Interfaces      1, 1 up, querier on 1\nGroups          2\nForwarding      off\n");
    }

    [Fact]
    public async Task Commands_come_from_a_pipe_and_the_first_that_fails_ends_them()
    {
        using var router = await StartWithMembers();

        using var shell = StartShell(router, []);
        await shell.StandardInput.WriteAsync("""
            # a comment
            set eth0 robustness-variable 3 static-group [239.3.3.3]
            add static-group eth0 232.3.3.3 192.0.2.1
            del static-group eth0 239.3.3.3
            clear groups 239.1.1.1

            show nothing
            set eth0 robustness-variable 7
            """);
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);

        output.Should().Be("""
            eth0: robustness-variable 2 → 3
            eth0: static-group [] → [239.3.3.3]
            eth0: static-group [239.3.3.3] → [239.3.3.3, {group: 232.3.3.3, source: 192.0.2.1}]
            eth0: static-group [239.3.3.3, {group: 232.3.3.3, source: 192.0.2.1}] → [{group: 232.3.3.3, source: 192.0.2.1}]
            1 groups cleared

            """);
        (await shell.StandardError.ReadToEndAsync(Cancellation))
            .Should()
            .StartWith("% Unknown command: show nothing (at 'nothing'; expected: configuration, ");
        shell.ExitCode.Should().Be(2);
        (await router.State()).First().Timing.RobustnessVariable.Should().Be(3);
    }

    [Fact]
    public async Task Interfaces_come_and_go_by_command()
    {
        here.Ip("link add eth1 type veth peer name far1");
        using var router = await RouterProcess.StartReady(here, "--interface eth0");

        (await Shell(router, "add vif eth1")).Should().Be("eth1: added\n");
        (await router.State()).Interfaces.Select(each => each.Name).Should().Equal("eth0", "eth1");
        (await Shell(router, "add vif eth1", exitCode: 1)).Should().Be("% the router serves eth1 already\n");
        (await Shell(router, "del vif eth1")).Should().Be("eth1: removed\n");
        (await Shell(router, "del vif eth0", exitCode: 1)).Should().Be("% eth0 is the only interface; a router needs one\n");
        (await Shell(router, "add vif eth9", exitCode: 1)).Should().StartWith("% there is no interface eth9; there are eth0, eth1");
    }

    [Fact]
    public async Task A_membership_of_the_routers_own_is_reported_and_dropped()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --last-member-query-interval 0.2");

        (await Shell(router, "add membership 239.4.4.4 eth0")).Should().Be("eth0: join-group [] → [239.4.4.4]\n");
        ear.Next(each => each.Records.Contains("ToExclude 239.4.4.4") && each.Source == Address.Parse("10.0.0.1"), "the report");
        await router.Until(state => state.Group("239.4.4.4") is not null, "the router is its own member");
        (await Shell(router, "drop membership 239.4.4.4 eth0")).Should().Be("eth0: join-group [239.4.4.4] → []\n");
        await router.Until(state => state.Group("239.4.4.4") is null, "the router has left");
    }

    [Fact]
    public async Task Multicast_routes_are_added_listed_and_deleted()
    {
        here.Ip("link add eth1 type veth peer name far1");
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --forward");
        (await Shell(router, "add vif eth1")).Should().Be("eth1: added\n");

        (await Shell(router, "add mfc * 239.2.0.0/16 eth0 eth1=4")).Should().BeEmpty();

        (await Shell(router, "list mfc")).Should().EndWith("""
            Source  Group         Flags  Proto   Input  Output  TTL  Packets
            *       239.2.0.0/16  S      STATIC  eth0   eth1    4

            """);
        (await Shell(router, "add mfc * 239.2.0.0/16 eth0 eth1=8", exitCode: 1)).Should().Contain("already defined");
        (await Shell(router, "replace mfc * 239.2.0.0/16 eth0 eth1=8")).Should().BeEmpty();
        (await Shell(router, "list mfc")).Should().MatchRegex(@"\n\* +239\.2\.0\.0/16 +S +STATIC +eth0 +eth1 +8");
        (await Shell(router, "replace mfc * 239.2.0.0/16 eth0 eth1=4")).Should().BeEmpty();
        (await Shell(router, "list vifs")).Should().MatchRegex(@"\n0 +eth0 +0 +0 +0 +0\n");
        (await Shell(router, "show configuration")).Should().Contain("static-routes: [\"(*, 239.2.0.0/16) eth0 -> eth1=4\"]");
        (await Shell(router, "flush")).Should().Be("0 entries flushed\n");
        (await Shell(router, "del mfc * 239.2.0.0/16 eth0")).Should().BeEmpty();
        (await Shell(router, "list mfc")).Should().NotContain("239.2.0.0");
        (await Shell(router, "del mfc * 239.2.0.0/16", exitCode: 1)).Should().Be("% there is no static route (*, 239.2.0.0/16)\n");
    }

    [Fact]
    public async Task Events_and_messages_are_told_as_they_happen()
    {
        // The first message is to be one of the host.
        using var router = await RouterProcess.StartReady(here, "--interface eth0 --join-routers-group false");

        using var events = StartShell(router, ["-c", "events count 1"]);
        using var messages = StartShell(router, ["-c", "msgs count 1"]);
        await ReportUntil(() => events.HasExited && messages.HasExited);

        (await events.StandardOutput.ReadToEndAsync(Cancellation))
            .Should()
            .MatchRegex(@"^\d\d:\d\d:\d\d\.\d{6} eth0 group-added 239\.0\.\d+\.\d+\n$");
        (await messages.StandardOutput.ReadToEndAsync(Cancellation))
            .Should()
            .MatchRegex(@"^\d\d:\d\d:\d\d\.\d{6} eth0 10\.0\.0\.2 → 224\.0\.0\.22  IGMPv3 Report  239\.\S+ TO_EX \{\}\n$");
    }

    [Fact]
    public async Task At_a_terminal_Tab_completes_and_the_history_is_kept()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1) of util-linux is not there to make a pseudo-terminal");
        var state = Directory.CreateTempSubdirectory("state-").FullName;
        try
        {
            using var router = await StartWithMembers();
            // Whoever runs the tests in the background may have SIGINT ignored, and what is ignored is inherited.
            // And whatever /bin/sh is gives way to the shell under test, or Ctrl-C would be the death of both.
            using var terminal = here.Run(() =>
                Process.Start(
                    new ProcessStartInfo(
                        "/usr/bin/env",
                        [
                            "--default-signal=INT", "/usr/bin/script", "-qec",
                            $"exec {RouterProcess.Executable} shell --control {router.ControlPath}", "/dev/null"])
                    {
                        RedirectStandardInput = true,
                        RedirectStandardOutput = true,
                        Environment = { ["XDG_STATE_HOME"] = state, ["TERM"] = "xterm" },
                    }
                )!);

            try
            {
                await Until(terminal, "router> ");
                await Type(terminal, "sh\tigm\tint\te\t");
                await Until(terminal, "router> show igmp interface eth0 ");
                await Type(terminal, "\r");
                await Until(terminal, "eth0       up     10.0.0.1  3  local");
                await Until(terminal, "router> ");
                await Type(terminal, "show igmp groups 239\t\r");
                await Until(terminal, "eth0       239.1.1.1  EXCL");
                await Until(terminal, "router> ");
                await Type(terminal, "events\r");
                var heard = Until(terminal, "group-added");
                await ReportUntil(() => heard.IsCompleted);
                await heard;
                await Type(terminal, "\x03");
                await Until(terminal, "router> ");
                await Type(terminal, "\x04");
                await terminal.WaitForExitAsync(Cancellation).WaitAsync(RouterProcess.Patience, Cancellation);

                terminal.ExitCode.Should().Be(0);
                File.ReadAllLines(Path.Combine(state, "multicast-lab", "router-history"))
                    .Should()
                    .Equal("show igmp interface eth0", "show igmp groups 239.1.1.1", "events");
            }
            finally
            {
                // A test that fails leaves no shell behind.
                terminal.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    [Fact]
    public async Task Without_a_router_a_command_says_so()
    {
        using var shell = here.Start(RouterProcess.Executable, "shell", "--control", "/nonexistent/router.sock", "-c", "show igmp groups");

        await shell.WaitForExitAsync(Cancellation);

        shell.ExitCode.Should().Be(1);
        (await shell.StandardError.ReadToEndAsync(Cancellation)).Should().Be("% no daemon to ask: there is no /nonexistent/router.sock\n");
    }

    /// <summary>Who listens from some time on hears a host that says ever new wishes.</summary>
    private async Task ReportUntil(Func<bool> condition)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var group = 1u; !condition() && group < 1500; group++)
        {
            ear.Report(H, RecordType.ToExclude, Address.FromV4((239u << 24) | group));
            await pace.WaitForNextTickAsync(Cancellation);
        }
    }

    private static async Task Type(Process terminal, string keys)
    {
        await terminal.StandardInput.WriteAsync(keys);
        await terminal.StandardInput.FlushAsync(Cancellation);
    }

    /// <summary>Reads what the terminal shows until one of the texts has come.</summary>
    private static async Task Until(Process terminal, params string[] texts)
    {
        var shown = new StringBuilder();
        var one = new char[1];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(RouterProcess.Patience);
        try
        {
            while (!texts.Any(text => shown.ToString().EndsWith(text, StringComparison.Ordinal)))
            {
                (await terminal.StandardOutput.ReadAsync(one.AsMemory(), limit.Token))
                    .Should()
                    .Be(1, "the terminal shows {0}, not {1}", texts[0], shown);
                // Erasing the rest of the line, and moving the cursor to where it is, changes nothing to see.
                shown.Append(one[0]);
                foreach (var invisible in (string[])["\e[K", "\a"])
                    shown.Replace(invisible, "");
            }
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"the terminal does not show {texts[0]} but {shown}");
        }
    }

    private async Task<RouterProcess> StartWithMembers()
    {
        var router = await RouterProcess.StartReady(here, "--interface eth0");
        ear.Report(H, RecordType.ToExclude, Address.Parse("239.1.1.1"));
        ear.Report(H, RecordType.Allow, Address.Parse("232.1.1.1"), Address.Parse("192.0.2.1"));
        await router.Until(state => state.First().Groups.Count == 2, "both groups are there");
        return router;
    }

    private Process StartShell(RouterProcess router, string[] arguments) => here.Run(() => Process.Start(
        new ProcessStartInfo(RouterProcess.Executable, ["shell", "--control", router.ControlPath, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    /// <summary>What a command prints, to either stream.</summary>
    private async Task<string> Shell(RouterProcess router, string command, int exitCode = 0)
    {
        using var shell = StartShell(router, ["-c", command]);
        shell.StandardInput.Close();
        var (output, errors) = (shell.StandardOutput.ReadToEndAsync(Cancellation), shell.StandardError.ReadToEndAsync(Cancellation));
        await shell.WaitForExitAsync(Cancellation);
        var all = await output + await errors;
        shell.ExitCode.Should().Be(exitCode, all);
        return all;
    }
}
