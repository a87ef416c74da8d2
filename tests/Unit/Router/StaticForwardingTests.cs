using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>Static multicast routes of a running router: between three LANs, packets go where they say, with members and without.</summary>
public sealed class StaticForwardingTests : IDisposable
{
    private const string Options = "--interface eth0 --interface eth1 --interface eth2 --forward";
    private const string Group = "239.1.1.1";

    private readonly RoutedLans lans = new(3);

    public void Dispose() => lans.Dispose();

    [Fact]
    public async Task A_route_for_a_prefix_and_all_sources_holds_without_members()
    {
        using var router = await RouterProcess.StartReady(
            lans.Router, [.. Options.Split(' '), "--static-route", "(*, 239.1.0.0/16) eth0 -> eth1"]);
        using var sender = lans.Sender(0);
        using var there = lans.EavesdropOn(1);
        using var elsewhere = lans.EavesdropOn(2);

        sender.Send(Group, 1);
        there.Until(1);
        sender.Send("239.1.2.3", 2);
        there.Until(2);
        sender.Send("239.2.2.3", 3); // not of the prefix
        sender.Send(Group, 4);

        there.Until(4).Should().Equal(1, 2, 4);
        elsewhere.Numbers().Should().BeEmpty();
        (await router.Routes()).Entry(Group)!.IsStatic.Should().BeTrue();
    }

    [Fact]
    public async Task Routes_come_and_go_while_packets_flow_and_members_get_theirs_too()
    {
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        using var member = lans.Receiver(2, Group);
        using var there = lans.EavesdropOn(1);
        await router.Until(it => it.Interfaces[2].Groups.Count == 1, "the member is known");
        sender.Send(Group, 1);
        member.Receive().Should().Be(1);

        (await Ask(router, "add", "(*, 239.1.0.0/16) eth0 -> eth1=4")).Should().Be((0, ""));
        (await router.Routes()).Entry(Group)!.Outgoing.Should().Equal(["eth1=4", "eth2=1"], "entries that are there follow at once");
        sender.Send(Group, 2, ttl: 4);
        sender.Send(Group, 3, ttl: 5);
        member.Receive().Should().Be(2);
        member.Receive().Should().Be(3);
        there.Until(3).Should().Equal([3], "the threshold keeps the other back");

        // A more specific route takes packets from elsewhere.
        (await Ask(router, "add", "(10.0.0.2, 239.1.1.1) eth1 -> eth2")).Should().Be((0, ""));
        (await router.Routes()).Entry(Group)!.Incoming.Should().Be("eth1");
        (await router.Run("mroute", "delete", Group, "--source", "10.0.0.2")).Should().Be((0, ""));
        (await router.Run("mroute", "delete", "239.1.0.0/16")).Should().Be((0, ""));
        (await router.Routes())
            .Entry(Group)
            .Should()
            .BeEquivalentTo(new { Incoming = "eth0", Outgoing = new[] { "eth2=1" }, IsStatic = false });
    }

    [Fact]
    public async Task A_route_gives_way_to_one_for_the_same_sources_and_groups_when_asked_to()
    {
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        using var one = lans.EavesdropOn(1);
        using var other = lans.EavesdropOn(2);
        (await Ask(router, "add", "(*, 239.1.2.0/24) eth0 -> eth1")).Should().Be((0, ""));
        (await router.Run("mroute", "add", "--replace", "(*, 239.1.1.1) eth0 -> eth1")).Should().Be((0, ""), "there need be none");
        sender.Send(Group, 1);
        one.Until(1);

        (await Ask(router, "add", "(0.0.0.0/0, 239.1.1.1) eth0 -> eth2=4"))
            .Should()
            .Be(
                (1, "router: static route (*, 239.1.1.1) eth0 -> eth2=4: already defined: (*, 239.1.1.1) eth0 -> eth1"),
                "it was not asked to");
        (await router.Run("mroute", "add", "(0.0.0.0/0, 239.1.1.1) eth0 -> eth2=4", "--replace")).Should().Be((0, ""));

        (await router.Routes()).Entry(Group)!.Outgoing.Should().Equal(["eth2=4"], "entries that are there follow at once");
        sender.Send(Group, 2);
        other.Until(2).Should().Equal(2);
        one.Numbers().Should().Equal(1);
        // The others stay, and another source or group is not the same.
        (await router.Run("mroute", "add", "(10.0.0.0/8, 239.1.1.1) eth1 -> eth2", "--replace")).Should().Be((0, ""));
        (await router.Config()).Should().Contain("""
            static-routes: ["(*, 239.1.2.0/24) eth0 -> eth1", "(*, 239.1.1.1) eth0 -> eth2=4", "(10.0.0.0/8, 239.1.1.1) eth1 -> eth2"]
            """);
    }

    [Fact]
    public async Task Routes_of_the_configuration_file_follow_it_when_it_is_read_again()
    {
        const string Interfaces = "forward: true\ninterfaces: {eth0: , eth1: , eth2: }\n";
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file, Interfaces + "static-routes: ['(*, 239.1.1.1) eth0 -> eth1']\n", TestContext.Current.CancellationToken);
            using var router = await RouterProcess.StartReady(lans.Router, $"--config {file}");
            using var sender = lans.Sender(0);
            using var one = lans.EavesdropOn(1);
            using var other = lans.EavesdropOn(2);
            sender.Send(Group, 1);
            one.Until(1);

            (await Ask(router, "add", "(*, 239.1.1.2) eth0 -> eth1")).Should().Be((0, ""));
            (await router.Config()).Should().Contain("(*, 239.1.1.2) eth0 -> eth1", "what is added belongs to the configuration in force");
            await File.WriteAllTextAsync(
                file, Interfaces + "static-routes: ['(*, 239.1.1.1) eth0 -> eth2=2']\nreverse-paths: [10.9.0.0/16=eth1]\n",
                TestContext.Current.CancellationToken);
            (await router.Run("reload")).Should().Be((0, ""));

            var routes = await router.Routes();
            routes.Entry(Group)!.Outgoing.Should().Equal("eth2=2");
            routes.Json.Should().Contain("10.9.0.0/16").And.NotContain("239.1.1.2");
            sender.Send(Group, 2);
            other.Until(2).Should().Equal(2);
            one.Numbers().Should().Equal(1);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    [Shows("V3-R-6.3-08")]
    public async Task What_no_member_wants_goes_where_a_route_says_all_the_same()
    {
        using var router = await RouterProcess.StartReady(
            lans.Router, [.. Options.Split(' '), "--static-route", "(*, 239.1.1.1) eth0 -> eth1"]);
        using var ear = new IgmpEar(lans.Host(1));
        ear.Report(Address.Parse("10.0.1.2"), RecordType.ToExclude, Address.Parse(Group), Address.Parse("10.0.0.2"));
        await router.Until(it => it.Interfaces[1].Groups is [{ Sources.Count: 1 }], "the source is excluded on that LAN");
        using var sender = lans.Sender(0);
        using var there = lans.EavesdropOn(1);

        sender.Send(Group, 1);

        there.Until(1).Should().Equal(1);
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_with_the_reason()
    {
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        await Ask(router, "add", "(*, 239.1.1.1) eth0 -> eth1");

        (await Ask(router, "add", "(*, 239.1.1.1) eth1 -> eth0"))
            .Should()
            .Be((1, "router: static route (*, 239.1.1.1) eth1 -> eth0: already defined: (*, 239.1.1.1) eth0 -> eth1"));
        (await Ask(router, "add", "(*, 239.1.1.2) eth0 -> eth7"))
            .Should()
            .Be((1, "router: static route (*, 239.1.1.2) eth0 -> eth7: the router does not serve eth7, only eth0, eth1, eth2"));
        (await Ask(router, "add", "(*, 10.1.1.1) eth0 -> eth1")).Should().Be((2, "router: group 10.1.1.1 is not within 224.0.0.0/4"));
        (await router.Run("mroute", "delete", "239.9.9.9")).Should().Be((1, "router: there is no static route (*, 239.9.9.9)"));
    }

    [Fact]
    public async Task Flushed_entries_come_anew_with_the_next_packet()
    {
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        using var sender = lans.Sender(0);
        using var member = lans.Receiver(2, Group);
        await router.Until(it => it.Interfaces[2].Groups.Count == 1, "the member is known");
        sender.Send(Group, 1);
        member.Receive().Should().Be(1);

        (await router.Run("mroute", "flush")).Should().Be((0, ""));
        (await router.Routes()).Entries.Should().BeEmpty();
        sender.Send(Group, 2);
        member.Receive().Should().Be(2);
        (await router.Routes()).Entries.Should().ContainSingle();
    }

    [Fact]
    public async Task Pygmps_file_is_all_that_is_needed()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, "[phyints]\nnames = eth0,eth1\n[mroute_1]\nfrom = eth0\ngroup = 239.1.1.1\nto = eth1=2\n",
            TestContext.Current.CancellationToken);
        using var router = await RouterProcess.StartReady(lans.Router, $"--forward --mroutes {file}");
        File.Delete(file);
        using var sender = lans.Sender(0);
        using var there = lans.EavesdropOn(1);

        sender.Send(Group, 1, ttl: 2);
        sender.Send(Group, 2, ttl: 3);

        there.Until(2).Should().Equal(2);
        (await router.State()).Interfaces.Select(each => each.Name).Should().Equal("eth0", "eth1");
    }

    [Fact]
    public async Task Packets_go_to_members_above_the_threshold_of_their_interface()
    {
        using var router = await RouterProcess.StartReady(lans.Router, $"{Options} --ttl-threshold eth2=16");
        using var sender = lans.Sender(0);
        using var near = lans.Receiver(1, Group);
        using var far = lans.Receiver(2, Group);
        await router.Until(it => it.Interfaces[1].Groups.Count == 1 && it.Interfaces[2].Groups.Count == 1, "the members are known");

        sender.Send(Group, 1, ttl: 16);
        sender.Send(Group, 2, ttl: 17);

        near.Until(2).Should().Equal(1, 2);
        far.Until(2).Should().Equal(2);
    }

    [Fact]
    public async Task In_a_table_of_its_own_it_stands_beside_another_router()
    {
        using var router = await RouterProcess.StartReady(lans.Router, Options);
        using var other = await RouterProcess.StartReady(lans.Router, $"{Options} --multicast-table 77");
        lans.Router.Run(() => MulticastLab.Linux.MulticastRouting.MulticastRules.Add("eth0", 77));
        using var sender = lans.Sender(0);
        using var member = lans.Receiver(2, Group);
        await other.Until(it => it.Interfaces[2].Groups.Count == 1, "the member is known");

        sender.Send(Group, 1);

        member.Receive().Should().Be(1);
        (await other.Routes()).Entries.Should().ContainSingle();
        (await router.Routes()).Entries.Should().BeEmpty();
    }

    [Fact]
    public async Task Tables_show_entries_routes_and_vifs()
    {
        using var router = await RouterProcess.StartReady(
            lans.Router,
            [.. Options.Split(' '), "--static-route", "(*, 239.1.0.0/16) eth0 -> eth1=4 eth2", "--reverse-path", "10.9.0.0/16=eth1"]);
        using var sender = lans.Sender(0);
        sender.Send(Group, 1);
        await router.UntilRoutes(it => it.Entries is [{ Packets: 1 }], "the packet is forwarded");

        (await router.Show("mroute")).Should().Be("""
            Source    Group      From  To           Packets  Wrong If  Static
            10.0.0.2  239.1.1.1  eth0  eth1=4 eth2  1        0         Y

            Static source  Group         From  To
            *              239.1.0.0/16  eth0  eth1=4 eth2

            Reverse path of  From
            10.9.0.0/16      eth1
            """);
        (await router.Show("vifs")).Should().Be("""
            VIF  Interface  Packets In  Packets Out  Bytes In  Bytes Out
            0    eth0       1           0            32        0
            1    eth1       0           1            0         32
            2    eth2       0           1            0         32
            """);
        (await router.Show("mroute", "--json")).Should().Be("""
            {"entry":[{"source-address":"10.0.0.2","group-address":"239.1.1.1","incoming-interface":"eth0",
            "outgoing-interface":[{"interface":"eth1","ttl":4},{"interface":"eth2","ttl":1}],"static":true,
            "packets":1,"bytes":32,"wrong-interface":0}],
            "static-route":[{"source":"*","group":"239.1.0.0/16","from":"eth0",
            "to":[{"interface":"eth1","ttl":4},{"interface":"eth2","ttl":1}]}],
            "reverse-path":[{"source":"10.9.0.0/16","interface":"eth1"}]}
            """.ReplaceLineEndings(""));
        (await router.Show("vifs", "--json")).Should().Be("""
            {"vif":[{"vif":0,"interface":"eth0","packets-in":1,"packets-out":0,"bytes-in":32,"bytes-out":0},
            {"vif":1,"interface":"eth1","packets-in":0,"packets-out":1,"bytes-in":0,"bytes-out":32},
            {"vif":2,"interface":"eth2","packets-in":0,"packets-out":1,"bytes-in":0,"bytes-out":32}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task A_router_that_does_not_forward_says_so()
    {
        using var router = await RouterProcess.StartReady(lans.Router, "--interface eth0");

        (await router.Run("mroute", "flush")).Should().Be((1, "router: the router does not forward: run it with --forward"));
    }

    private static Task<(int ExitCode, string Error)> Ask(RouterProcess router, string action, string route) =>
        router.Run("mroute", action, route);
}
