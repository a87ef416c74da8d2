using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Tests.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Membership.Node;

/// <summary>An interface of a router: what it accepts, what the router hears of itself, what its link adds, and what it counts.</summary>
public abstract class NodeInterfaceTests(Vocabulary words) : CoreTests(words)
{
    private static readonly MacAddress OwnMac = new(0x0200_0000_0001);
    private static readonly MacAddress HostMac = new(0x0200_0000_0011);
    
    private static readonly RouterSettings Silent = new() { JoinsRoutersGroup = false };
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly NodeUnderTest node = new(words.Dialect);

    private NodeLink Link => new(Own, OwnMac, 1500, [NamedPrefix("10.0.0.2/24")]);

    [Fact]
    public void A_report_is_taken_and_counted()
    {
        var eth0 = node.Up(Silent, Link);

        node.Receive(eth0, Report(Host1, G1), HostMac);

        Groups().Should().Equal(G1);
        eth0.WasReport.Should().BeTrue();
        eth0.Counters.Received().Where(each => each.Value > 0).Select(each => each.Key).Should().Equal("total", "report");
        eth0.Counters.Errors()["total"].Should().Be(0);
    }

    [Fact]
    public void Packets_of_its_own_that_come_back_are_known_by_their_frame()
    {
        var eth0 = node.Up(Silent, Link);

        node.Receive(eth0, Report(Host1, G1), OwnMac);
        node.Do(eth0, eth0.Receive(Report(Host1, G1), new Arrival(node.Now, HostMac, 40, IsOutgoing: true), node.Now));

        Groups().Should().BeEmpty();
        Errors(eth0).Should().Equal(("total", 2L), ("own-packet", 2L));
    }

    [Fact]
    public void A_packet_longer_than_what_was_received_of_it_is_not_read()
    {
        var eth0 = node.Up(Silent, Link);
        var packet = Report(Host1, G1);

        node.Do(eth0, eth0.Receive(packet, new Arrival(node.Now, HostMac, packet.Length + 1), node.Now));

        Groups().Should().BeEmpty();
        eth0.WasReport.Should().BeFalse();
        Errors(eth0).Should().Equal(("total", 1L), ("oversized", 1L));
    }

    [Fact]
    public void What_cannot_be_read_is_counted_by_its_cause()
    {
        var eth0 = node.Up(Silent, Link);
        var packet = Report(Host1, G1);
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
        node.TakeEffects()
            .Select(each => each.Effect)
            .OfType<SendMessage>()
            .Select(each => each.GetType())
            .Should()
            .Equal(typeof(SendQuery), typeof(SendReport));
        eth0.Counters.Received()["total"].Should().Be(0, "what it says itself it has not received");
        Errors(eth0).Should().BeEmpty();
        eth0.IsQuerier.Should().BeTrue();
    }

    [Fact]
    public void The_router_hears_what_it_joins_itself_as_from_any_host()
    {
        var eth0 = node.Up(Silent with { LocalJoins = [new GroupAndSource(G1)] }, Link);
        Groups().Should().BeEmpty("it has yet to hear itself");

        node.Pass(TimeSpan.Zero);

        Groups().Should().Equal(G1);
        State().LastReporter.Should().Be(Own);
        eth0.Counters.Received()["total"].Should().Be(0);
        node.Pass(TimeSpan.FromDays(1));
        Groups().Should().Equal([G1], "each General Query is answered");

        node.Do(eth0, eth0.Configure(Silent, node.Now));
        node.Pass(3 * Second);
        Groups().Should().BeEmpty("it has left, and nobody has answered the specific queries");
    }

    [Fact]
    public void What_it_said_itself_is_heard_after_what_had_come_before()
    {
        var eth0 = node.Up(Silent with { LocalJoins = [new GroupAndSource(G1)], MaxGroups = 1 }, Link);
        eth0.NextDue.Should().Be(node.Now, "it is to be heard at once");

        // Received before the shell had the time to let the router hear itself.
        node.Receive(eth0, Report(Host1, G2), HostMac);
        node.Pass(TimeSpan.Zero);

        Groups().Should().Equal(G2);
        Errors(eth0).Should().Equal(("total", 1L), ("group-limit", 1L));
    }

    [Fact]
    public void What_was_said_before_it_became_an_older_router_it_does_not_understand()
    {
        var eth0 = node.Up(Silent with { LocalJoins = [new GroupAndSource(G1)] }, Link);

        node.Do(eth0, eth0.Configure(Silent with { Version = Version(2) }, node.Now));
        node.Pass(TimeSpan.Zero);

        Errors(eth0).Should().BeEmpty();
        Groups().Should().BeEmpty();
    }

    [Fact]
    public void At_a_clean_end_it_leaves_what_it_has_joined_and_does_not_hear_that()
    {
        var eth0 = node.Up(new RouterSettings { LocalJoins = [new GroupAndSource(G1)] }, Link);
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
        var eth0 = node.Up(new RouterSettings { LocalJoins = [new GroupAndSource(G1)] }, Link);

        node.Do(eth0, eth0.LinkDown(node.Now));
        node.TakeEffects();
        node.Pass(TimeSpan.FromDays(1));
        node.TakeEffects().Should().BeEmpty();
        eth0.NextDue.Should().Be(Instant.Never);
        node.State.Interfaces[0].Up.Should().BeFalse();

        node.Do(eth0, eth0.LinkUp(Link, node.Now));
        node.Pass(TimeSpan.Zero);
        Groups().Should().Equal(G1);
    }

    [Fact]
    public void What_could_not_be_sent_is_counted_so_and_not_heard()
    {
        node.RefusesToSend = true;
        var eth0 = node.Up(Silent with { LocalJoins = [new GroupAndSource(G1)] }, Link);

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
        var other = Named("10.9.1.11");

        node.Receive(eth0, Report(other, G1), HostMac);
        Errors(eth0).Should().Equal(("total", 1L), ("off-link-source", 1L));
        node.Do(eth0, eth0.LinkUp(Link with { Subnets = [.. Link.Subnets, NamedPrefix("10.9.1.1/24")] }, node.Now));
        node.Receive(eth0, Report(other, G1), HostMac);
        Groups().Should().Equal(G1);

        node.Do(eth0, eth0.LinkUp(Link, node.Now));
        node.Receive(eth0, Report(other, G2), HostMac);
        Groups().Should().Equal(G1);
        node.Do(eth0, eth0.Configure(Silent, node.Now));
        node.Receive(eth0, Report(other, G2), HostMac);
        Groups().Should().Equal(G1, G2);
    }

    private void IsNotTakenOver(int before, int mtu, string reason)
    {
        var eth0 = node.Up(Silent, Link with { Mtu = before });
        eth0.Settings.Mtu.Should().Be(before);
        node.TakeEffects();

        node.Do(eth0, eth0.LinkUp(Link with { Mtu = mtu }, node.Now));

        node.TakeEffects().Should().ContainSingle().Which.Effect.Should().Be(new LinkRefused($"MTU {mtu} not accepted: {reason}"));
        eth0.Settings.Mtu.Should().Be(before);
        eth0.IsUp.Should().BeTrue();
    }

    [Fact]
    public void Time_never_goes_back_and_never_ahead_of_the_present()
    {
        var eth0 = node.Up(Silent, Link);
        node.Pass(10 * Second);

        // The clock of the day was set forward between the timestamp and now; then back.
        node.Do(eth0, eth0.Receive(Report(Host1, G1), new Arrival(node.Now + (100 * Second), HostMac, 0), node.Now));
        State().Expires.Should().Be(Timing.Default.GroupMembershipInterval);
        node.Do(eth0, eth0.Receive(Report(Host1, G1), new Arrival(Instant.Epoch, HostMac, 0), node.Now));
        State().Expires.Should().Be(Timing.Default.GroupMembershipInterval);
    }

    [Fact]
    public void Queries_of_other_versions_are_counted_among_the_queries_and_told()
    {
        var eth0 = node.Up(Silent, Link);
        node.TakeEffects();

        node.Receive(eth0, Query(Host1, Generation.Leaves), HostMac);

        node.TakeEffects().Select(each => each.Effect).Should().Equal(new QueryOfOtherVersion(Version(2), Host1, Warn: true));
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
        eth0.Receive(Report(Host1, G1), new Arrival(due + (2 * Second), HostMac, 0), due + (3 * Second));
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
        node.Receive(first, Report(Host1, G1), HostMac);
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
        var packet = Report(Host1, G1);
        for (var i = 0; i < 1000; i++)
            eth0.Receive(packet, new Arrival(node.Now, HostMac, packet.Length), node.Now);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            eth0.Receive(packet, new Arrival(node.Now, HostMac, packet.Length), node.Now);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    private byte[] Query(Address from, Generation generation = Generation.Sources)
    {
        var hasSources = generation.HasSources;
        var content = new QueryContent(
            generation, 10 * Second, Dialect.Unspecified, false, hasSources ? 2 : 0, hasSources ? 125 * Second : TimeSpan.Zero, []);
        return Packet.Written(buffer => Dialect.Write(buffer, new SendQuery(content, Dialect.AllSystems), from));
    }

    private byte[] Report(Address from, Address group) => Packet.Written(buffer => Dialect.Write(
        buffer, new SendReport(new ReportContent([new RecordContent(RecordType.ToExclude, group, [])]), Dialect.ReportDestination), from));

    private IEnumerable<Address> Groups() => node.State.Interfaces[0].Groups.Select(each => each.Group);

    private GroupState State() => node.State.Interfaces[0].Groups.Should().ContainSingle().Subject;

    private static IEnumerable<(string Leaf, long Count)> Errors(NodeInterface at) =>
        at.Counters.Errors().Where(each => each.Value != 0).Select(each => (each.Key, each.Value));

    public sealed class Igmp() : NodeInterfaceTests(Vocabulary.Igmp)
    {
        [Theory]
        [InlineData(100, 20, "An MTU of 20 leaves no room for a source in a query.")]
        [InlineData(68, 67, "An MTU of 67 is below the 68 bytes that IGMP needs.")]
        public void The_link_s_MTU_bounds_queries_and_one_that_cannot_be_is_told_and_not_taken_over(int before, int mtu, string reason) =>
            IsNotTakenOver(before, mtu, reason);
    }

    public sealed class Mld() : NodeInterfaceTests(Vocabulary.Mld)
    {
        [Fact(DisplayName = "L2-R-5.1.14-01 m-q-src-tx")]
        public void On_a_link_without_a_link_local_address_it_asks_nothing_and_reports_from_the_unspecified_one()
        {
            var eth0 = node.Up(new RouterSettings(), Link with { Address = Dialect.Unspecified });
            node.Pass(20 * Second);

            var sent = node.TakeEffects().Select(each => each.Effect).OfType<SendMessage>().ToList();
            sent.Should().NotBeEmpty().And.AllBeOfType<SendReport>();
            var buffer = new byte[1500];
            Dialect.TryRead(buffer.AsSpan(0, eth0.Write(buffer, sent[0])), out var message).Should().Be(PacketError.None);
            message.Envelope.Source.Should().Be(Address.AnyV6);

            node.Do(eth0, eth0.LinkUp(Link, node.Now));
            node.TakeEffects().Select(each => each.Effect).Should().ContainSingle(each => each is SendQuery);
        }

        // RFC 8200 §5.
        [Theory]
        [InlineData(1280, 20, "An MTU of 20 leaves no room for a source in a query.")]
        [InlineData(1280, 1279, "An MTU of 1279 is below the 1280 bytes that MLD needs.")]
        public void The_link_s_MTU_bounds_queries_and_one_that_cannot_be_is_told_and_not_taken_over(int before, int mtu, string reason) =>
            IsNotTakenOver(before, mtu, reason);
    }
}
