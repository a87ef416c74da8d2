using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Membership.Node;

/// <summary>An interface of a router: what it accepts, what the router hears of itself, what its link adds, and what it counts.</summary>
public sealed class NodeInterfaceTests
{
    private static readonly Address Own = Address.Parse("10.0.0.1");
    private static readonly Address Host = Address.Parse("10.0.0.11");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly MacAddress OwnMac = new(0x0200_0000_0001);
    private static readonly MacAddress HostMac = new(0x0200_0000_0011);
    private static readonly NodeLink Link = new(Own, OwnMac, 1500, [Prefix.Parse("10.0.0.1/24")]);
    private static readonly RouterSettings Silent = new() { JoinsRoutersGroup = false };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly NodeUnderTest node = new();

    [Fact]
    public void A_report_is_taken_and_counted()
    {
        var eth0 = node.Up(Silent, Link);

        node.Receive(eth0, Report(Host, G), HostMac);

        Groups().Should().Equal(G);
        eth0.WasReport.Should().BeTrue();
        eth0.Counters.Received().Where(each => each.Value > 0).Select(each => each.Key).Should().Equal("total", "report");
        eth0.Counters.Errors()["total"].Should().Be(0);
    }

    [Fact]
    public void Packets_of_its_own_that_come_back_are_known_by_their_frame()
    {
        var eth0 = node.Up(Silent, Link);

        node.Receive(eth0, Report(Host, G), OwnMac);
        node.Do(eth0, eth0.Receive(Report(Host, G), new Arrival(node.Now, HostMac, 40, IsOutgoing: true), node.Now));

        Groups().Should().BeEmpty();
        Errors(eth0).Should().Equal(("total", 2L), ("own-packet", 2L));
    }

    [Fact]
    public void A_packet_longer_than_what_was_received_of_it_is_not_read()
    {
        var eth0 = node.Up(Silent, Link);
        var packet = Report(Host, G);

        node.Do(eth0, eth0.Receive(packet, new Arrival(node.Now, HostMac, packet.Length + 1), node.Now));

        Groups().Should().BeEmpty();
        eth0.WasReport.Should().BeFalse();
        Errors(eth0).Should().Equal(("total", 1L), ("oversized", 1L));
    }

    [Fact]
    public void What_cannot_be_read_is_counted_by_its_cause()
    {
        var eth0 = node.Up(Silent, Link);
        var packet = Report(Host, G);
        packet[^1] ^= 1;

        node.Receive(eth0, packet, HostMac);

        Groups().Should().BeEmpty();
        Errors(eth0).Should().Equal(("total", 1L), ("checksum", 1L));
    }

    [Fact]
    public void What_the_protocol_drops_is_counted_and_not_told()
    {
        var eth0 = node.Up(Silent, Link);
        node.TakeEffects();

        node.Receive(eth0, Query(Own), HostMac);

        node.TakeEffects().Should().BeEmpty();
        Errors(eth0).Should().Equal(("total", 1L), ("own-query", 1L));
    }

    [Fact]
    [Shows("V3-R-6-02")]
    public void The_router_answers_its_own_queries_as_a_member_but_does_not_take_them_for_another_s()
    {
        var eth0 = node.Up(new RouterSettings(), Link);
        node.Pass(20 * Second);
        node.TakeEffects();

        node.Pass(125 * Second);

        // General Queries at 31.25 s and at 156.25 s.
        node.TakeEffects().Select(each => each.Effect).OfType<SendMessage>().Select(each => each.GetType()).Should().Equal(typeof(SendQuery), typeof(SendReport));
        eth0.Counters.Received()["total"].Should().Be(0, "what it says itself it has not received");
        Errors(eth0).Should().BeEmpty();
        eth0.IsQuerier.Should().BeTrue();
    }

    [Fact]
    public void The_router_hears_what_it_joins_itself_as_from_any_host()
    {
        var eth0 = node.Up(Silent with { LocalJoins = [new GroupAndSource(G)] }, Link);
        Groups().Should().BeEmpty("it has yet to hear itself");

        node.Pass(TimeSpan.Zero);

        Groups().Should().Equal(G);
        State().LastReporter.Should().Be(Own);
        eth0.Counters.Received()["total"].Should().Be(0);
        node.Pass(TimeSpan.FromDays(1));
        Groups().Should().Equal([G], "each General Query is answered");

        node.Do(eth0, eth0.Configure(Silent, node.Now));
        node.Pass(3 * Second);
        Groups().Should().BeEmpty("it has left, and nobody has answered the specific queries");
    }

    [Fact]
    public void What_it_said_itself_is_heard_after_what_had_come_before()
    {
        var eth0 = node.Up(Silent with { LocalJoins = [new GroupAndSource(G)], MaxGroups = 1 }, Link);
        eth0.NextDue.Should().Be(node.Now, "it is to be heard at once");

        // Received before the shell had the time to let the router hear itself.
        node.Receive(eth0, Report(Host, G2), HostMac);
        node.Pass(TimeSpan.Zero);

        Groups().Should().Equal(G2);
        Errors(eth0).Should().Equal(("total", 1L), ("group-limit", 1L));
    }

    [Fact]
    public void What_was_said_before_it_became_an_older_router_it_does_not_understand()
    {
        var eth0 = node.Up(Silent with { LocalJoins = [new GroupAndSource(G)] }, Link);

        node.Do(eth0, eth0.Configure(Silent with { Version = 2 }, node.Now));
        node.Pass(TimeSpan.Zero);

        Errors(eth0).Should().BeEmpty();
        Groups().Should().BeEmpty();
    }

    [Fact]
    public void At_a_clean_end_it_leaves_what_it_has_joined_and_does_not_hear_that()
    {
        var eth0 = node.Up(new RouterSettings { LocalJoins = [new GroupAndSource(G)] }, Link);
        node.Pass(Second);
        node.TakeEffects();

        node.Do(eth0, eth0.Leave(node.Now));

        node.TakeEffects().Should().ContainSingle().Which.Effect.Should().BeOfType<SendReport>()
            .Which.Report.Records.Should().OnlyContain(each => each.Type == RecordType.ToInclude).And.HaveCount(2);
        node.Pass(Second);
        node.TakeEffects().Should().BeEmpty();
        node.Do(eth0, eth0.Leave(node.Now));
        node.TakeEffects().Should().BeEmpty("it has left already");
    }

    [Fact]
    public void When_the_link_goes_down_nothing_more_is_said_nor_heard_and_when_it_comes_back_all_is_joined_anew()
    {
        var eth0 = node.Up(new RouterSettings { LocalJoins = [new GroupAndSource(G)] }, Link);

        node.Do(eth0, eth0.LinkDown(node.Now));
        node.TakeEffects();
        node.Pass(TimeSpan.FromDays(1));
        node.TakeEffects().Should().BeEmpty();
        eth0.NextDue.Should().Be(Instant.Never);
        node.State.Interfaces[0].Up.Should().BeFalse();

        node.Do(eth0, eth0.LinkUp(Link, node.Now));
        node.Pass(TimeSpan.Zero);
        Groups().Should().Equal(G);
    }

    [Fact]
    public void What_could_not_be_sent_is_counted_so_and_not_heard()
    {
        node.RefusesToSend = true;
        var eth0 = node.Up(Silent with { LocalJoins = [new GroupAndSource(G)] }, Link);

        eth0.Counters.Sent()["total"].Should().Be(0);
        eth0.Counters.Errors()["send-failed"].Should().Be(2, "the first query and the first report");
        node.Pass(TimeSpan.Zero);
        Groups().Should().BeEmpty();
    }

    [Fact]
    public void A_link_told_again_is_nothing_new()
    {
        var eth0 = node.Up(new RouterSettings(), Link);
        node.TakeEffects();

        node.Do(eth0, eth0.LinkUp(Link, node.Now));

        node.TakeEffects().Should().BeEmpty();
    }

    [Fact]
    [Shows("V3-R-9.2-02")]
    public void Where_only_senders_on_the_link_count_they_are_those_of_its_subnets_as_they_are_now()
    {
        var eth0 = node.Up(Silent with { OnLinkSendersOnly = true }, Link);
        var other = Address.Parse("192.168.1.11");

        node.Receive(eth0, Report(other, G), HostMac);
        Errors(eth0).Should().Equal(("total", 1L), ("off-link-source", 1L));
        node.Do(eth0, eth0.LinkUp(Link with { Subnets = [.. Link.Subnets, Prefix.Parse("192.168.1.1/24")] }, node.Now));
        node.Receive(eth0, Report(other, G), HostMac);
        Groups().Should().Equal(G);

        node.Do(eth0, eth0.LinkUp(Link, node.Now));
        node.Receive(eth0, Report(other, G2), HostMac);
        Groups().Should().Equal(G);
        node.Do(eth0, eth0.Configure(Silent, node.Now));
        node.Receive(eth0, Report(other, G2), HostMac);
        Groups().Should().Equal(G, G2);
    }

    [Fact]
    public void The_link_s_MTU_bounds_queries_and_one_that_cannot_be_is_told_and_not_taken_over()
    {
        var eth0 = node.Up(Silent, Link with { Mtu = 100 });
        eth0.Settings.Mtu.Should().Be(100);
        node.TakeEffects();

        node.Do(eth0, eth0.LinkUp(Link with { Mtu = 20 }, node.Now));

        node.TakeEffects().Should().ContainSingle().Which.Effect.Should().Be(
            new LinkRefused("MTU 20 not taken over: An MTU of 20 leaves no room for a source in a query."));
        eth0.Settings.Mtu.Should().Be(100);
        eth0.IsUp.Should().BeTrue();
    }

    [Fact]
    public void Time_never_goes_back_and_never_ahead_of_the_present()
    {
        var eth0 = node.Up(Silent, Link);
        node.Pass(10 * Second);

        // The clock of the day was set forward between the stamp and now; then back.
        node.Do(eth0, eth0.Receive(Report(Host, G), new Arrival(node.Now + (100 * Second), HostMac, 0), node.Now));
        State().Expires.Should().Be(Timing.Default.GroupMembershipInterval);
        node.Do(eth0, eth0.Receive(Report(Host, G), new Arrival(Instant.Epoch, HostMac, 0), node.Now));
        State().Expires.Should().Be(Timing.Default.GroupMembershipInterval);
    }

    [Fact]
    public void Queries_of_other_versions_are_counted_among_the_queries_and_told()
    {
        var eth0 = node.Up(Silent, Link);
        node.TakeEffects();

        node.Receive(eth0, Packet.Written(buffer => IgmpWriter.WriteQuery(buffer, Content(2), Host, Dialect.Igmp.AllSystems)), HostMac);

        node.TakeEffects().Select(each => each.Effect).Should().Equal(new QueryOfOtherVersion(2, Host, Warn: true));
        (eth0.Counters.QueriesReceived, eth0.Counters.QueriesOfOtherVersions).Should().Be((1L, 1L));
    }

    [Fact]
    public void What_a_call_has_acted_on_was_due_when_the_timer_ended_or_the_packet_came()
    {
        var eth0 = node.Up(Silent, Link);
        eth0.ActedOn.Should().Be(node.Now);
        node.Pass(Second);
        var due = eth0.NextDue;

        eth0.Advance(due + Second);
        eth0.ActedOn.Should().Be(due);
        eth0.Receive(Report(Host, G), new Arrival(due + (2 * Second), HostMac, 0), due + (3 * Second));
        eth0.ActedOn.Should().Be(due + (2 * Second));
    }

    [Fact]
    public void A_rehearsal_leaves_no_trace()
    {
        var eth0 = node.Node.Add("eth0", new RouterSettings());

        eth0.Rehearse();

        eth0.IsUp.Should().BeFalse();
        eth0.NextDue.Should().Be(Instant.Never);
        eth0.Counters.Sent()["total"].Should().Be(0);
    }

    [Fact]
    public void Numbers_are_the_lowest_that_are_free_and_counters_outlive_their_interface()
    {
        var (first, second) = (node.Up(Silent, Link), node.Up(Silent, Link));
        node.Receive(first, Report(Host, G), HostMac);
        (first.Number, second.Number).Should().Be((0, 1));

        node.Node.Remove(first);
        node.Node.Remove(first);

        node.Node.Interfaces.Should().Equal(second);
        node.Node.Statistics().Received["report"].Should().Be(1);
        node.Node.Add("eth2", Silent).Number.Should().Be(0);
        node.Node.Add("eth3", Silent).Number.Should().Be(2);
    }

    [Fact]
    public void A_refresh_allocates_nothing()
    {
        var eth0 = node.Up(new RouterSettings(), Link);
        var packet = Report(Host, G);
        for (var i = 0; i < 1000; i++)
            eth0.Receive(packet, new Arrival(node.Now, HostMac, packet.Length), node.Now);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            eth0.Receive(packet, new Arrival(node.Now, HostMac, packet.Length), node.Now);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private static QueryContent Content(int version) => new(version, 10 * Second, Address.AnyV4, false, version == 3 ? 2 : 0, version == 3 ? 125 * Second : TimeSpan.Zero, []);

    private static byte[] Query(Address from) => Packet.Written(buffer => IgmpWriter.WriteQuery(buffer, Content(3), from, Dialect.Igmp.AllSystems));

    private static byte[] Report(Address from, Address group) => Packet.Written(buffer => IgmpWriter.WriteReport(
        buffer, new ReportContent([new RecordContent(RecordType.ToExclude, group, [])]), from, Dialect.Igmp.ReportDestination));

    private IEnumerable<Address> Groups() => node.State.Interfaces[0].Groups.Select(each => each.Group);

    private GroupState State() => node.State.Interfaces[0].Groups.Should().ContainSingle().Subject;

    private static IEnumerable<(string Leaf, long Count)> Errors(NodeInterface at) =>
        at.Counters.Errors().Where(each => each.Value != 0).Select(each => (each.Key, each.Value));
}
