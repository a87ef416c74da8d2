using FluentAssertions;
using MulticastLab.Forwarding;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Forwarding;

/// <summary>
/// Where packets are taken and where they go, between eth0, eth1, eth2 (numbers 0 to 2, indexes 10 to 12); members of every group are on
/// eth1 and eth2, those on eth2 with a threshold of 16. eth3 is number 3 and down.
/// </summary>
public sealed class ForwardingDecisionTests
{
    private static readonly Address S = Address.Parse("10.9.0.9");
    private static readonly Address G = Address.Parse("239.1.1.1");

    [Theory]
    [InlineData(10, 0, 0, "1 2(16)")] // where it came in
    [InlineData(10, 1, 0, "1 2(16)")] // elsewhere: what it asked for is taken from the reverse path all the same
    [InlineData(11, 0, 1, "2(16)")] // nothing goes back to where it comes from
    [InlineData(13, 0, -1, "")] // the reverse path is over an interface that is down
    [InlineData(99, 0, -1, "")] // or over one that is not the router's
    public void Packets_are_taken_from_the_reverse_path_wherever_one_came_in(int routeOver, int arrival, int incoming, string outgoing) =>
        Decide(new ReversePath(ReversePathKind.Route, routeOver), arrival).Should().Be((incoming, outgoing));

    [Fact]
    public void Without_a_reverse_path_they_are_taken_from_nowhere() => Decide(default, arrival: 0).Should().Be((-1, ""));

    [Fact]
    public void What_this_host_sends_itself_is_taken_from_where_it_leaves() =>
        Decide(new ReversePath(ReversePathKind.Own), arrival: 2).Should().Be((2, "1"));

    [Fact]
    public void An_override_names_its_interface() =>
        Decide(new ReversePath(ReversePathKind.Override, InterfaceName: "eth2"), arrival: 0).Should().Be((2, "1"));

    [Theory]
    [InlineData("eth0 -> eth1", 0, "1 2(16)")] // members get theirs too
    [InlineData("eth2 -> eth0=4 eth1=4", 2, "0(4) 1")] // the lower threshold counts where members are
    [InlineData("eth1 -> eth2=2", 1, "2(2)")]
    [InlineData("eth1 -> eth3", 1, "2(16)")] // nothing goes out of what is down
    [InlineData("eth3 -> eth1", -1, "")]
    public void A_static_route_goes_before_the_reverse_path(string route, int incoming, string outgoing) =>
        Decide(new ReversePath(ReversePathKind.Route, 10), arrival: 0, StaticRoute.Parse($"(*, 239.1.1.1) {route}"))
            .Should()
            .Be((incoming, outgoing));

    [Fact]
    public void The_contribution_that_comes_first_names_the_incoming_interface_and_all_add_where_packets_go()
    {
        var decision = Decision(new Fixed(null, 1), new Fixed(2, 0), new Fixed(1));

        decision.Of(S, G, arrival: 0).Should().Be(new ForwardingPath(2, OutgoingInterfaces.Of(0, 1)));
    }

    [Fact]
    public void A_contribution_can_have_packets_dropped() =>
        Decision(new Fixed(ForwardingInterfaces.None, 1)).Of(S, G, arrival: 0).Should().Be(ForwardingPath.Nowhere);

    [Fact]
    public void Contributions_add_above_the_threshold_of_the_interface_or_one_of_their_own_and_the_lower_counts()
    {
        var decision = Decision(new Fixed(null, 1, 2), new Fixed(null, 1) { Threshold = 4 });

        decision
            .Configure(new ForwardingOptions { TtlThresholds = [new StaticOutput("eth1", 16), new StaticOutput("eth2", 32)] })
            .Should()
            .BeTrue();

        decision.Of(S, G, arrival: 0).Outgoing.Should().Be(OutgoingInterfaces.None.With(1, 4).With(2, 32));
    }

    [Fact]
    public void What_is_configured_already_is_no_change()
    {
        var (decision, options) = (Decision(), new ForwardingOptions { StaticRoutes = [StaticRoute.Parse("(*, 239.1.1.1) eth0 -> eth1")] });

        decision.Configure(options).Should().BeTrue();
        decision.Configure(options).Should().BeFalse();
    }

    [Fact]
    public void A_change_of_any_contribution_is_passed_on_until_nobody_listens()
    {
        var (one, other, heard) = (new Fixed(null), new Fixed(null), new List<ForwardingChange>());
        var decision = Decision(one, other);

        decision.Changed += heard.Add;
        one.Change(ForwardingChange.Of(G));
        other.Change(ForwardingChange.Of(S, G));
        decision.Configure(new ForwardingOptions { StaticRoutes = [StaticRoute.Parse("(*, 239.1.1.1) eth0 -> eth1")] });
        decision.Changed -= heard.Add;
        one.Change(ForwardingChange.Of(G));

        heard.Should().Equal(new ForwardingChange(null, G), new ForwardingChange(S, G), ForwardingChange.Everything);
    }

    [Fact]
    public void Members_are_a_contribution()
    {
        var (members, heard) = (new MembershipContribution(), new List<ForwardingChange>());
        var decision = Decision(members);
        decision.Changed += heard.Add;
        var node = new RouterNode(Dialect.Igmp, new Random(1));
        var lans = Enumerable.Range(0, 3).Select(number => node.Add($"eth{number}", new RouterSettings())).ToArray();
        foreach (var lan in lans)
            members.Add(lan);

        decision.Of(S, G, arrival: 0).Should().Be(new ForwardingPath(0, OutgoingInterfaces.None));
        foreach (var lan in lans)
            Join(lan);
        members.GroupChanged(G);

        decision.Of(S, G, arrival: 0).Should().Be(new ForwardingPath(0, OutgoingInterfaces.Of(1, 2)));
        members.Remove(2);
        decision.Of(S, G, arrival: 0).Should().Be(new ForwardingPath(0, OutgoingInterfaces.Of(1)));
        heard
            .Should()
            .Equal(
                ForwardingChange.Everything, ForwardingChange.Everything, ForwardingChange.Everything, ForwardingChange.Of(G),
                ForwardingChange.Everything);
    }

    // A membership that the operator has configured: it needs no message.
    private static void Join(NodeInterface lan)
    {
        lan.Configure(new RouterSettings { StaticGroups = [new GroupAndSource(G)] }, Instant.Epoch);
        lan.LinkUp(new NodeLink(Address.Parse("10.0.0.1"), default, 1500, []), Instant.Epoch);
    }

    private static (int Incoming, string Outgoing) Decide(ReversePath path, int arrival, StaticRoute? route = null)
    {
        var decision = Decision(new Fixed(null, 1, 2));
        decision.Configure(
            new ForwardingOptions { StaticRoutes = route is null ? [] : [route], TtlThresholds = [new StaticOutput("eth2", 16)] });
        var (incoming, outgoing) = decision.Of(S, G, arrival, path);
        return (incoming, outgoing.ToString());
    }

    private static ForwardingDecision Decision(params ReadOnlySpan<IForwardingContribution> contributions)
    {
        var interfaces = new ForwardingInterfaces();
        for (var number = 0; number < 4; number++)
            interfaces.SetUp(number, $"eth{number}", 10 + number);
        interfaces.SetDown(3);
        return new ForwardingDecision(interfaces, new EverySourceOnEth0(), contributions);
    }

    private sealed class EverySourceOnEth0 : IReversePathLookup
    {
        public ReversePath Find(Address source) => new(ReversePathKind.Route, 10);
    }

    private sealed class Fixed(int? incoming, params int[] wanted) : IForwardingContribution
    {
        public event Action<ForwardingChange>? Changed;

        public byte? Threshold { get; init; }

        public void Change(ForwardingChange change) => Changed?.Invoke(change);

        public int? Incoming(Address source, Address group, int arrival) => incoming;

        public void AddOutgoing(Address source, Address group, ref OutgoingBuilder outgoing)
        {
            foreach (var number in wanted)
            {
                if (Threshold is { } own)
                    outgoing.Add(number, own);
                else
                    outgoing.Add(number);
            }
        }
    }
}
