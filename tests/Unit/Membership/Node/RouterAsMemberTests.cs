using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Node;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using MulticastLab.Tests.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Membership.Node;

/// <summary>What a router is a member of itself: 224.0.0.22 (RFC 9776 §6), and what it was told to join.</summary>
public abstract class RouterAsMemberTests(Vocabulary words) : CoreTests(words)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Random random = new(4711);
    private RouterAsMember member = null!;
    private Instant now = new(1_000_000_000_000);

    private Address Routers => Dialect.ReportDestination;

    [Fact]
    [Shows("V3-R-6-02")]
    public void It_joins_the_routers_group_from_all_sources_and_says_so_Robustness_Variable_times()
    {
        Start(new RouterSettings { Timing = new Timing { RobustnessVariable = 3 } }).Should().Equal("TO_EX 224.0.0.22 {}");

        Pass(2 * Second).Should().Equal("TO_EX 224.0.0.22 {}", "TO_EX 224.0.0.22 {}");
        Pass(TimeSpan.FromDays(1)).Should().BeEmpty();
    }

    [Fact]
    [Shows("V3-R-6-02")]
    public void It_answers_each_General_Query_once_within_its_Max_Response_Time()
    {
        Settled(new RouterSettings());
        for (var i = 0; i < 100; i++)
        {
            Query(3, Dialect.Unspecified).Should().BeEmpty("an answer is never given at once");
            Pass(10 * Second).Should().Equal("IS_EX 224.0.0.22 {}");
        }
    }

    [Fact]
    public void It_answers_a_query_for_the_routers_group_and_none_for_another()
    {
        Settled(new RouterSettings());

        Query(3, Routers);
        Pass(10 * Second).Should().Equal("IS_EX 224.0.0.22 {}");
        Query(3, G1);
        member.NextDue.Should().Be(Instant.Never);
        (member.IsAsked(Dialect.Unspecified), member.IsAsked(Routers), member.IsAsked(G1)).Should().Be((true, true, false));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void An_older_router_is_no_member_nor_one_that_is_told_not_to_be(int version, bool joins)
    {
        Start(new RouterSettings { Version = Version(version), JoinsRoutersGroup = joins }).Should().BeEmpty();

        Query(version, Dialect.Unspecified);
        Pass(TimeSpan.FromDays(1)).Should().BeEmpty();
    }

    [Fact]
    public void Among_older_queriers_it_speaks_their_version_as_any_host()
    {
        Settled(new RouterSettings());

        Query(2, Dialect.Unspecified);
        Pass(10 * Second).Should().Equal("V2 224.0.0.22");
        member.Receive(Read(new SendOlderReport(Generation.Leaves, Routers)), now);
        // Of 10 s after an own report; of another's in place of it (RFC 2236 §3).
        Query(2, Dialect.Unspecified);
        member.Receive(Read(new SendOlderReport(Generation.Leaves, Routers)), now);
        Pass(10 * Second).Should().BeEmpty();
    }

    [Fact]
    public void The_version_changes_and_back()
    {
        var settings = new RouterSettings { LocalJoins = [new GroupAndSource(G1)] };
        Start(settings).Should().BeEquivalentTo("TO_EX 239.1.1.1 {}", "TO_EX 224.0.0.22 {}");
        Pass(2 * Second);

        Follow(settings with { Version = Version(2) }).Should().Equal("TO_IN 224.0.0.22 {}", "V2 239.1.1.1");
        Pass(20 * Second).Should().Equal("V2 239.1.1.1");
        Query(2, Dialect.Unspecified);
        Pass(10 * Second).Should().Equal("V2 239.1.1.1");

        // The queries of version 2 were the router's own: nothing of them lingers.
        Follow(settings).Should().BeEquivalentTo("TO_EX 239.1.1.1 {}", "TO_EX 224.0.0.22 {}");
        Pass(2 * Second).Should().BeEquivalentTo("TO_EX 239.1.1.1 {}", "TO_EX 224.0.0.22 {}");
        Query(3, Dialect.Unspecified);
        Pass(10 * Second).Should().Equal("IS_EX 224.0.0.22 {}", "IS_EX 239.1.1.1 {}");
    }

    [Fact]
    public void What_is_the_same_as_before_is_not_told_again_and_what_is_new_or_gone_is()
    {
        Settled(new RouterSettings());

        Follow(
                new RouterSettings { MaxGroups = 5, Timing = new Timing { LastMemberQueryInterval = 2 * Second, StartupQueryCount = 5 } })
            .Should()
            .BeEmpty();
        Follow(new RouterSettings { LocalJoins = [new GroupAndSource(G1, S1)] }).Should().Equal("ALLOW 239.1.1.1 {192.0.2.1}");
        Pass(2 * Second);
        Follow(new RouterSettings()).Should().Equal("BLOCK 239.1.1.1 {192.0.2.1}");
        Pass(2 * Second).Should().Equal("BLOCK 239.1.1.1 {192.0.2.1}");
        Follow(new RouterSettings { JoinsRoutersGroup = false }).Should().Equal("TO_IN 224.0.0.22 {}");
        Pass(TimeSpan.FromDays(1)).Should().Equal("TO_IN 224.0.0.22 {}");
    }

    [Fact]
    public void As_another_host_it_tells_all_anew_and_leaves_nothing()
    {
        Settled(new RouterSettings());

        Follow(new RouterSettings { Mtu = 9000 }).Should().Equal("TO_EX 224.0.0.22 {}");
    }

    [Fact]
    public void At_the_end_it_leaves_in_one_report()
    {
        Start(new RouterSettings { LocalJoins = [new GroupAndSource(G1)] });

        Texts(member.Leave(now)).Should().Equal("TO_IN 224.0.0.22 {}", "TO_IN 239.1.1.1 {}");
    }

    [Fact]
    public void Joined_from_a_source_as_well_it_is_from_all_sources() =>
        Start(new RouterSettings { LocalJoins = [new GroupAndSource(Routers, S1)] }).Should().Equal("TO_EX 224.0.0.22 {}");

    // A host's limit of 1,024 is there against sockets that ask for too much; what the operator has written is what he wants.
    [Fact]
    public void More_joins_of_one_group_than_a_socket_may_ask_for_are_all_told()
    {
        var sources = Enumerable.Range(1, 1025).Select(i => Named((10u << 24) + (uint)i)).ToArray();

        member = new RouterAsMember("eth0", Dialect, new RouterSettings(), random);
        var told = member.Follow(new RouterSettings { LocalJoins = [.. sources.Select(each => new GroupAndSource(G1, each))] }, now);

        told.OfType<SendReport>().SelectMany(each => each.Report.Records).Where(each => each.Group == G1).SelectMany(each => each.Sources)
            .Should().BeEquivalentTo(sources);
    }

    // RFC 4604 §2.1 forbids to ask for all sources there; nobody is to be refused his configuration for it.
    [Fact]
    public void It_does_not_join_where_all_groups_are_source_specific() =>
        Start(new RouterSettings { SourceSpecificRange = [NamedPrefix("224.0.0.0/4")] }).Should().BeEmpty();

    private void Settled(RouterSettings settings)
    {
        Start(settings);
        Pass(10 * Second);
    }

    private string[] Start(RouterSettings settings)
    {
        member = new RouterAsMember("eth0", Dialect, settings, random);
        return Follow(settings);
    }

    private string[] Follow(RouterSettings settings) => Texts(member.Follow(settings, now));

    private string[] Query(int version, Address group)
    {
        var content = new QueryContent(
            Dialect.GenerationOf(Version(version)), 10 * Second, group, false, version == 3 ? 2 : 0,
            version == 3 ? 125 * Second : TimeSpan.Zero, []);
        return Texts(member.Receive(Read(new SendQuery(content, group.IsUnspecified ? Dialect.AllSystems : group)), now));
    }

    private List<string> Pass(TimeSpan time)
    {
        var end = now + time;
        var texts = new List<string>();
        while (member.NextDue <= end)
        {
            now = member.NextDue;
            texts.AddRange(Texts(member.Advance(now)));
        }

        now = end;
        return texts;
    }

    // Of another station.
    private MembershipMessage Read(SendMessage sent)
    {
        Dialect.TryRead(Packet.Written(buffer => Dialect.Write(buffer, sent, Lower)), out var message).Should().Be(PacketError.None);
        return message;
    }

    // The records of the reports; of older versions the message.
    private static string[] Texts(IReadOnlyList<SendAsMember> messages) => [.. messages.SelectMany(each => each switch
    {
        SendReport report => report.Report.Records.Select(Text),
        SendOlderReport report => [$"V{(int)report.Generation + 1} {Vocabulary.Text(report.Group)}"],
        _ => (string[])[each.ToString()],
    })];

    private static string Text(RecordContent record) =>
        $"{Name(record.Type)} {Vocabulary.Text(record.Group)} {{{string.Join(", ", record.Sources.Select(Vocabulary.Text))}}}";

    private static string Name(RecordType type) => type switch
    {
        RecordType.IsExclude => "IS_EX",
        RecordType.ToInclude => "TO_IN",
        RecordType.ToExclude => "TO_EX",
        RecordType.Allow => "ALLOW",
        RecordType.Block => "BLOCK",
        _ => type.ToString(),
    };

    public sealed class Igmp() : RouterAsMemberTests(Vocabulary.Igmp)
    {
        [Fact]
        public void A_router_of_version_1_is_no_member() => An_older_router_is_no_member_nor_one_that_is_told_not_to_be(1, true);
    }

    public sealed class Mld() : RouterAsMemberTests(Vocabulary.Mld);
}
