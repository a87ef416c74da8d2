using FluentAssertions;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Packets;
using MulticastLab.Router.Forwarding;
using Xunit;

namespace MulticastLab.Tests.Router.Decisions;

/// <summary>
/// Where packets are taken and where they go, between eth0, eth1, eth2 (VIFs 0 to 2, interface indexes 10 to 12); members of every group are on
/// eth1 and eth2, those on eth2 with a threshold of 16. eth3 is VIF 3 and down.
/// </summary>
public sealed class ForwardingDecisionTests
{
    private static readonly Address S = Address.Parse("10.9.0.9");
    private static readonly Address G = Address.Parse("239.1.1.1");

    [Theory]
    [InlineData(10, 0, 0, "1 2(16)")] // where it came in
    [InlineData(10, 1, 0, "1 2(16)")] // elsewhere: what it asked for is taken from the way back all the same
    [InlineData(11, 0, 1, "2(16)")] // nothing goes back to where it comes from
    [InlineData(13, 0, -1, "")] // the way back is over an interface that is down
    [InlineData(99, 0, -1, "")] // or over one that is not the router's
    public void Packets_are_taken_from_the_way_back_wherever_one_came_in(int routeOver, int arrival, int incoming, string outgoing) =>
        Decide(new ReversePath(ReversePathKind.Route, routeOver), arrival).Should().Be((incoming, outgoing));

    [Fact]
    public void Without_a_way_back_they_are_taken_from_nowhere() => Decide(default, arrival: 0).Should().Be((-1, ""));

    [Fact]
    public void What_this_host_sends_itself_is_taken_from_where_it_leaves() => Decide(new ReversePath(ReversePathKind.Own), arrival: 2).Should().Be((2, "1"));

    [Fact]
    public void An_override_names_its_interface() =>
        Decide(new ReversePath(ReversePathKind.Override, InterfaceName: "eth2"), arrival: 0).Should().Be((2, "1"));

    [Theory]
    [InlineData("eth0 -> eth1", 0, "1 2(16)")] // members get theirs too
    [InlineData("eth2 -> eth0=4 eth1=4", 2, "0(4) 1")] // the lower threshold counts where members are
    [InlineData("eth1 -> eth2=2", 1, "2(2)")]
    [InlineData("eth1 -> eth3", 1, "2(16)")] // nothing goes out of what is down
    [InlineData("eth3 -> eth1", -1, "")]
    public void A_static_route_goes_before_the_way_back(string route, int incoming, string outgoing) =>
        Decide(new ReversePath(ReversePathKind.Route, 10), arrival: 0, StaticRoute.Parse($"(*, 239.1.1.1) {route}")).Should().Be((incoming, outgoing));

    private static (int Incoming, string Outgoing) Decide(ReversePath path, int arrival, StaticRoute? route = null)
    {
        var (incoming, outgoing) = ForwardingDecision.Of(path, route, S, G, arrival, new ThreeLans());
        return (incoming, outgoing.ToString());
    }

    private sealed class ThreeLans : IForwardingVifs
    {
        public bool IsUp(int vif) => vif is >= 0 and < 3;

        public int Named(string name) => name[3] - '0' is var vif && IsUp(vif) ? vif : IForwardingVifs.None;

        public int OfInterface(int index) => IsUp(index - 10) ? index - 10 : IForwardingVifs.None;

        public VifThresholds WithMembers(Address source, Address group, int incoming) => VifThresholds.None.With(1).With(2, 16).With(incoming, 0);
    }
}
