using System.Text.Json;
using FluentAssertions;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router.Configuration;

/// <summary>
/// The configuration of the real router changed while it runs: what differs is carried out, what is the same is not touched.
/// </summary>
public sealed class RunningConfigurationTests : IDisposable
{
    private static readonly Address H = Address.Parse("10.0.0.2");
    private static readonly Address G = Address.Parse("239.1.1.1");

    private readonly PrivateNetwork here = PrivateNetwork.CreateOrSkip();
    private readonly PrivateNetwork there = PrivateNetwork.CreateOrSkip();
    private readonly string file = Path.GetTempFileName();
    private readonly IgmpEar ear;

    public RunningConfigurationTests()
    {
        here.WireTo(there, "10.0.0.1/24", "10.0.0.2/24");
        here.Ip("link add eth1 type veth peer name far1");
        here.Ip("address add 10.0.1.1/24 dev eth1");
        here.Ip("link set far1 up");
        here.Ip("link set eth1 up");
        ear = new IgmpEar(there);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        ear.Dispose();
        here.Dispose();
        there.Dispose();
        File.Delete(file);
    }

    [Fact]
    public async Task A_reload_touches_only_what_differs()
    {
        // One startup query and no answer, so that nothing more is due on eth0 for 200 s.
        using var router = await Start("""
            defaults: {startup-query-count: 1, query-interval: 200, join-routers-group: false}
            interfaces: {eth0: {}}
            """);
        var before = await MemberJoins(router);
        ear.Pending();

        File.WriteAllText(file, """
            defaults: {startup-query-count: 1, query-interval: 200, join-routers-group: false}
            interfaces: {eth0: {}, eth1: {query-interval: 100}}
            """);
        (await Ask(router, "reload")).Should().Be("""{"changes":[{"interface":"eth1","to":"served"}]}""");

        var after = await router.Until(state => state.Interfaces is [_, { Up: true }], "eth1 is served");
        after.Interfaces[1].Timing.QueryInterval.Should().Be(TimeSpan.FromSeconds(100));
        TimersGoOn(before.First(), after.First());

        File.WriteAllText(file, """
            defaults: {startup-query-count: 1, query-interval: 200, join-routers-group: false}
            interfaces: {eth0: {last-member-query-interval: 0.5}}
            """);
        (await Ask(router, "reload"))
            .Should()
            .Be(
                """{"changes":[{"interface":"eth1","from":"served"},"""
                + """{"interface":"eth0","setting":"last-member-query-interval","from":"1","to":"0.5"}]}""");

        after = await router.State();
        after.Interfaces.Should().ContainSingle().Which.Timing.LastMemberQueryInterval.Should().Be(TimeSpan.FromSeconds(0.5));
        TimersGoOn(before.First(), after.First());
        ear.Pending().Should().BeEmpty("nothing was to be said on eth0");
    }

    [Fact]
    public async Task An_invalid_file_changes_nothing_and_is_told_with_line_and_column()
    {
        using var router = await Start("interfaces: {eth0: {query-interval: 200}}");
        File.WriteAllText(file, "interfaces:\n  eth0:\n    query-interval: 100\n  eth1: {colour: red}\n");

        var reload = () => Ask(router, "reload");

        (await reload.Should().ThrowAsync<ControlException>().WithMessage($"{file}:4:10: eth1 has no 'colour'"))
            .Which.ExitCode.Should()
            .Be(ExitCode.Invalid);
        await router.UntilLog($"not changed: {file}:4:10: eth1 has no 'colour'");
        (await router.State()).Interfaces.Should().ContainSingle().Which.Timing.QueryInterval.Should().Be(TimeSpan.FromSeconds(200));

        File.WriteAllText(file, "interfaces: {eth0: {query-interval: 100}, eth7: {}}");
        (await reload.Should().ThrowAsync<ControlException>().WithMessage("there is no interface eth7; there are eth0, eth1, *"))
            .Which.ExitCode.Should()
            .Be(ExitCode.Failed);
        (await router.State())
            .First()
            .Timing.QueryInterval.Should()
            .Be(TimeSpan.FromSeconds(200), "a file is carried out as a whole or not at all");
    }

    [Fact]
    public async Task SIGHUP_reads_the_file_again()
    {
        using var router = await Start("interfaces: {eth0: {}}");
        File.WriteAllText(file, "interfaces: {eth0: {robustness-variable: 5}}");

        router.HangUp();

        await router.Until(state => state.First().Timing.RobustnessVariable == 5, "the new value");
        File.WriteAllText(file, "interfaces: {eth0: {robustness-variable: 7}}x");
        router.HangUp();
        await router.UntilLog($"not changed: {file}:1:");
        (await router.State()).First().Timing.RobustnessVariable.Should().Be(5);
        (await router.Terminate()).Should().Be(0);
    }

    [Fact]
    public Task The_same_value_again_does_not_put_off_the_next_query() => Undisturbed.Run(async () =>
    {
        // FRR #9414: setting the interval to the value in force restarted it, so that a script that did so often kept queries from ever
        // coming.
        using var router = await Start("interfaces: {eth0: {startup-query-count: 1, query-interval: 2, query-max-response-time: 1}}");
        var first = ear.Next(each => each.Type == IgmpType.MembershipQuery, "the first query");

        using (var client = await ControlClient.Connect(router.ControlPath, Cancellation))
        {
            // Until the second query is out, the value is written over and over.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(8));
            while (!ear.Pending().Any(each => each.Type == IgmpType.MembershipQuery))
            {
                limit.IsCancellationRequested.Should().BeFalse("a query is due after 2 s");
                await Set(client, "eth0", "query-interval", "2", "query-max-response-time", "1");
                await Set(client, "eth0", "query-interval", "default", "query-interval", "2");
                // Another setting of the interface does not put it off either.
                await Set(client, "eth0", "last-member-query-interval", "0.5");
                await Set(client, "eth0", "last-member-query-interval", "default");
            }
        }

            var second = ear.All.Last(each => each.Type == IgmpType.MembershipQuery);
            (second.At - first.At)
                .Should()
                .BeCloseTo(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(400), "of the Query Interval (RFC 9776 §8.2)");
        });

    [Fact]
    public async Task A_setting_is_changed_at_run_time_and_the_configuration_shows_it()
    {
        using var router = await Start("defaults: {robustness-variable: 3}\ninterfaces: {eth0: {}, eth1: {}}");
        var before = await MemberJoins(router);

        using var client = await ControlClient.Connect(router.ControlPath, Cancellation);
        var answer = await Set(client, "eth0", "query-interval", "60", "startup-query-count", "4");

        answer
            .Should()
            .Be(
                """{"changes":[{"interface":"eth0","setting":"query-interval","from":"125","to":"60"},"""
                + """{"interface":"eth0","setting":"startup-query-count","from":"3","to":"4"}]}""");
        var after = await router.State();
        after.First().Timing.QueryInterval.Should().Be(TimeSpan.FromSeconds(60));
        after.Interfaces[1].Timing.QueryInterval.Should().Be(TimeSpan.FromSeconds(125));
        after
            .Group("239.1.1.1")!
            .Expires.Should()
            .BeLessThanOrEqualTo(before.Group("239.1.1.1")!.Expires, "a timer that runs keeps its time");
        (await client.Ask("config", null, Cancellation))
            .GetString()
            .Should()
            .Be(
                """
                control: 
                interfaces:
                  eth0:
                    query-interval: 60
                    robustness-variable: 3
                    startup-query-count: 4
                  eth1:
                    robustness-variable: 3

                """.Replace("control: ", $"control: {router.ControlPath}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Forwarding_is_switched_on_and_off()
    {
        using var router = await Start("interfaces: {eth0: {}, eth1: {}}");
        Vifs().Should().BeEmpty();

        File.WriteAllText(file, "forward: true\ninterfaces: {eth1: {}, eth0: {}}");
        await Ask(router, "reload");
        Vifs().Should().BeEquivalentTo("eth0", "eth1");

        File.WriteAllText(file, "forward: true\ninterfaces: {eth1: {}}");
        await Ask(router, "reload");
        Vifs().Should().Equal("eth1");

        File.WriteAllText(file, "forward: true\ninterfaces: {eth1: {}, eth0: {}}");
        await Ask(router, "reload");
        Vifs().Should().BeEquivalentTo("eth0", "eth1");

        File.WriteAllText(file, "forward: false\ninterfaces: {eth1: {}, eth0: {}}");
        await Ask(router, "reload");
        Vifs().Should().BeEmpty();
    }

    [Fact]
    public async Task Cleared_groups_are_gone_and_asked_for()
    {
        using var router = await Start("interfaces: {eth0: {startup-query-count: 1}}");
        await MemberJoins(router);
        ear.Pending();

        using var client = await ControlClient.Connect(router.ControlPath, Cancellation);
        var other = await client.Ask("clear", writer => writer.WriteString("group", "239.9.9.9"), Cancellation);
        var cleared = await client.Ask("clear", writer => writer.WriteString("interface", "eth0"), Cancellation);

        (other.GetRawText(), cleared.GetRawText()).Should().Be(("""{"cleared":0}""", """{"cleared":1}"""));
        (await router.State()).First().Groups.Should().BeEmpty();
        ear.Pending()
            .Should()
            .ContainSingle(each => each.Type == IgmpType.MembershipQuery)
            .Which.Group.Should()
            .Be(Address.AnyV4, "the querier asks who is still there");
        var elsewhere = () => client.Ask("clear", writer => writer.WriteString("interface", "eth7"), Cancellation);
        await elsewhere.Should().ThrowAsync<ControlException>().WithMessage("the router does not serve eth7, only eth0");
    }

    [Fact]
    public async Task Without_a_file_there_is_nothing_to_read_again()
    {
        using var router = await RouterProcess.StartReady(here, "--interface eth0");

        var reload = () => Ask(router, "reload");

        await reload.Should().ThrowAsync<ControlException>().WithMessage("there is no configuration file to read again*");
    }

    private static void TimersGoOn(InterfaceState before, InterfaceState after)
    {
        after.GeneralQueryExpires.Should().BeLessThan(before.GeneralQueryExpires!.Value);
        after.Groups.Should().ContainSingle();
        after.Groups[0].Expires.Should().BeLessThan(before.Groups[0].Expires);
        after.Groups[0].UpTime.Should().BeGreaterThan(before.Groups[0].UpTime);
    }

    private static async Task<string> Ask(RouterProcess router, string command)
    {
        using var client = await ControlClient.Connect(router.ControlPath, Cancellation);
        return (await client.Ask(command, null, Cancellation)).GetRawText();
    }

    private static async Task<string> Set(ControlClient client, string name, params string[] settings)
    {
        var answer = await client.Ask("set", writer => MulticastLab.Router.Cli.ControlRequests.Set(writer, name, settings), Cancellation);
        return JsonSerializer.Serialize(answer, Readable);
    }

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private async Task<RouterProcess> Start(string configuration)
    {
        File.WriteAllText(file, configuration);
        return await RouterProcess.StartReady(here, $"--config {file}");
    }

    private async Task<RouterState> MemberJoins(RouterProcess router)
    {
        ear.Report(H, RecordType.ToExclude, G);
        return await router.Until(state => state.Group("239.1.1.1") is not null, "the group is there");
    }

    private string[] Vifs() =>
        [
            .. here.Run(() => File.ReadAllLines("/proc/thread-self/net/ip_mr_vif"))
                .Skip(1)
                .Select(each => each.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]),
        ];
}
