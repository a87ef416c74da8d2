using FluentAssertions;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Router.Support;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>
/// Packets are accepted on the interface of the reverse path to their source and on no other; when the path moves, so does the entry.
/// Source 10.9.0.9 is behind the hosts of LAN 0 and LAN 1, members are on LAN 2.
/// </summary>
public sealed class ReversePathTests : IDisposable
{
    private const string Options = "--interface eth0 --interface eth1 --interface eth2 --forward";
    private const string Group = "239.1.1.1";
    private const string Remote = "10.9.0.9";

    private readonly RoutedLans lans = new(3);
    private readonly LanSender there;
    private readonly LanSender elsewhere;
    private readonly LanReceiver member;

    public ReversePathTests()
    {
        lans.Host(0).Ip($"address add {Remote}/32 dev lo");
        lans.Host(1).Ip($"address add {Remote}/32 dev lo");
        there = lans.Sender(0, Remote);
        elsewhere = lans.Sender(1, Remote);
        member = lans.Receiver(2, Group);
    }

    public void Dispose()
    {
        member.Dispose();
        elsewhere.Dispose();
        there.Dispose();
        lans.Dispose();
    }

    [Fact]
    public async Task Packets_on_another_interface_than_the_way_back_are_dropped_and_counted()
    {
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.0.2");
        using var router = await Start(Options);

        elsewhere.Send(Group, 1); // asks for the entry, and does not decide where it comes in
        await EntryComesIn(router, "eth0");
        there.Send(Group, 2);
        elsewhere.Send(Group, 3);
        there.Send(Group, 4);

        member.Until(4).Should().Equal(2, 4);
        var entry = (await router.Routes()).Entry(Group)!;
        (entry.Packets, entry.WrongInterface).Should().Be((2, 2));
    }

    [Fact]
    public async Task The_entry_moves_with_the_route_at_once()
    {
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.0.2");
        using var router = await Start(Options);
        there.Send(Group, 1);
        member.Receive().Should().Be(1);

        lans.Router.Ip("route replace 10.9.0.0/16 via 10.0.1.2");
        await EntryComesIn(router, "eth1");
        there.Send(Group, 2);
        elsewhere.Send(Group, 3);
        member.Receive().Should().Be(3);

        // A more specific route, then none of them but the default.
        lans.Router.Ip($"route add {Remote} via 10.0.0.2");
        await EntryComesIn(router, "eth0");
        lans.Router.Ip($"route delete {Remote}");
        lans.Router.Ip("route delete 10.9.0.0/16");
        await EntryComesIn(router, null);
        lans.Router.Ip("route add default via 10.0.0.2");
        await EntryComesIn(router, "eth0");
        there.Send(Group, 4);
        member.Receive().Should().Be(4);
    }

    [Fact]
    public async Task A_source_without_a_way_back_is_not_forwarded_until_there_is_one()
    {
        using var router = await Start(Options);

        there.Send(Group, 1);
        await EntryComesIn(router, null);
        (await router.State()).Statistics.Error["forwarding-no-reverse-path"].Should().Be(1);
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.0.2");
        await EntryComesIn(router, "eth0");
        there.Send(Group, 2);

        member.Receive().Should().Be(2);
    }

    [Fact]
    public async Task A_route_over_an_interface_that_the_router_does_not_serve_is_no_way_back()
    {
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.1.2");
        using var router = await Start("--interface eth0 --interface eth2 --forward");

        there.Send(Group, 1);

        await EntryComesIn(router, null);
        member.IsEmpty.Should().BeTrue();
    }

    [Fact]
    public async Task An_override_goes_before_the_unicast_routes_and_the_longest_counts()
    {
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.0.2");
        using var router = await Start($"{Options} --reverse-path 0.0.0.0/0=eth2 --reverse-path 10.9.0.0/16=eth1");

        there.Send(Group, 1);
        elsewhere.Send(Group, 2);

        member.Receive().Should().Be(2);
        (await router.Routes()).Entry(Group)!.Incoming.Should().Be("eth1");
    }

    [Fact]
    public async Task A_source_on_the_link_comes_from_its_link()
    {
        using var router = await Start(Options);
        using var neighbour = lans.Sender(0);

        neighbour.Send(Group, 1);

        member.Receive().Should().Be(1);
        (await router.Routes()).Entry(Group)!.Incoming.Should().Be("eth0");
    }

    [Fact]
    public async Task What_the_routers_own_programs_send_is_forwarded_from_the_interface_it_leaves_by()
    {
        using var router = await Start(Options);
        using var own = lans.RouterSender("eth0", "10.0.0.1");

        own.Send(Group, 1);

        member.Receive().Should().Be(1);
        (await router.Routes()).Entry(Group)!.Incoming.Should().Be("eth0");
    }

    [Fact]
    public async Task When_the_interface_on_the_way_goes_down_the_other_way_is_taken()
    {
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.0.2 metric 1");
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.1.2 metric 2");
        using var router = await Start(Options);
        there.Send(Group, 1);
        member.Receive().Should().Be(1);

        lans.Router.Ip("link set eth0 down");
        await router.Until(it => !it.Interfaces[0].Up, "eth0 is down");
        elsewhere.Send(Group, 2);

        member.Receive().Should().Be(2);
    }

    [Fact]
    public async Task The_kernels_own_check_of_sources_is_pointed_out_when_it_drops_packets()
    {
        lans.Router.WriteSysctl("net/ipv4/conf/eth1/rp_filter", "1");
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.0.2");
        using var router = await Start($"{Options} --reverse-path 10.9.0.0/16=eth1");

        elsewhere.Send(Group, 1);

        await Eventually.Is(() => router.Log.Contains("rp_filter has dropped 1 packets", StringComparison.Ordinal), () => router.Log);
        router.Log.Should().Contain("(eth1)");
        member.IsEmpty.Should().BeTrue();
    }

    private async Task<RouterProcess> Start(string options)
    {
        var router = await RouterProcess.StartReady(lans.Router, options);
        await router.Until(it => it.Interfaces[^1].Groups.Count == 1, "the member is known");
        return router;
    }

    private static Task<ShownRoutes> EntryComesIn(RouterProcess router, string? interfaceName) =>
        router.UntilRoutes(
            routes => routes.Entry(Group) is { } entry && entry.Incoming == interfaceName,
            $"the entry comes in from {interfaceName ?? "nowhere"}");
}
