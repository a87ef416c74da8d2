using FluentAssertions;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests.Packets;
using Xunit;
using static MulticastLab.Lab.Scenarios.Frames.Messages;
using static MulticastLab.Tests.Lab.Scenarios.MadeUpFrames;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>A pattern takes the message that RFC 9776 describes, and none that differs from it in one field.</summary>
public sealed class MessagePatternTests
{
    private static readonly Address AllSystems = Address.Parse("224.0.0.1");
    private static readonly Address AllRouters = Address.Parse("224.0.0.2");
    private static readonly Address Version3Routers = Address.Parse("224.0.0.22");

    private readonly ExpectationBench bench = new();

    // §4.1.12: General Queries go to 224.0.0.1.
    [Fact]
    public void A_General_Query_is_of_version_3_about_no_group_and_sent_to_all_systems()
    {
        Takes(GeneralQuery(), IgmpPacket(MadeUpFrames.GeneralQuery, AllSystems));

        Refuses(GeneralQuery(), IgmpPacket(MadeUpFrames.GeneralQuery, Version3Routers), "it went to the routers");
        Refuses(GeneralQuery(), IgmpPacket(MadeUpFrames.GeneralQuery, G), "it went to a group");
        Refuses(GeneralQuery(), IgmpPacket(MadeUpFrames.GeneralQuery with { Generation = Generation.Leaves }), "it is of version 2");
        Refuses(GeneralQuery(), IgmpPacket(MadeUpFrames.GeneralQuery with { Generation = Generation.Reports }), "it is of version 1");
        Refuses(GeneralQuery(), IgmpPacket(QueryOf(G), AllSystems), "it is about a group");
        Refuses(GeneralQuery(), IgmpPacket(null, IsExclude(G)), "it is a report");
    }

    // §4.1.12: specific queries go to the group that they are about.
    [Fact]
    public void A_Group_Specific_Query_is_of_version_3_about_that_group_and_sent_to_it()
    {
        Takes(Query(G), IgmpPacket(QueryOf(G), G));

        Refuses(Query(G), IgmpPacket(QueryOf(G), AllSystems), "it went to all systems");
        Refuses(Query(G), IgmpPacket(QueryOf(G), G2), "it went to another group");
        Refuses(Query(G), IgmpPacket(QueryOf(G2), G), "it is about another group");
        Refuses(Query(G), IgmpPacket(QueryOf(G) with { Generation = Generation.Leaves }), "it is of version 2");
        Refuses(Query(G), IgmpPacket(QueryOf(G, S1)), "it asks for a source");
        Refuses(Query(G), IgmpPacket(MadeUpFrames.GeneralQuery, G), "it is about no group");
    }

    [Fact]
    public void A_Group_and_Source_Specific_Query_asks_for_exactly_these_sources()
    {
        Takes(Query(G, S1, S2), IgmpPacket(QueryOf(G, S1, S2)));
        Takes(Query(G, S1, S2), IgmpPacket(QueryOf(G, S2, S1)));

        Refuses(Query(G, S1, S2), IgmpPacket(QueryOf(G, S1)), "one is missing");
        Refuses(Query(G, S1, S2), IgmpPacket(QueryOf(G, S1, S2, S3)), "there is one more");
        Refuses(Query(G, S1, S2), IgmpPacket(QueryOf(G, S1, S3)), "one is another");
        Refuses(Query(G, S1, S2), IgmpPacket(QueryOf(G, S1, S1)), "one comes twice, the other not at all");
        Refuses(Query(G, S1, S2), IgmpPacket(QueryOf(G, S1, S2, S1)), "one comes twice");
        Refuses(Query(G, S1, S2), IgmpPacket(QueryOf(G)), "it asks for the group");
        Refuses(Query(G, S1, S2), IgmpPacket(QueryOf(G, S1, S2), AllSystems), "it went to all systems");
        Refuses(Query(G, S1, S2), IgmpPacket(QueryOf(G2, S1, S2)), "it is about another group");
    }

    [Fact]
    public void A_query_about_a_source_may_ask_for_others_too()
    {
        Takes(QueryAbout(G, S1), IgmpPacket(QueryOf(G, S1)));
        Takes(QueryAbout(G, S1), IgmpPacket(QueryOf(G, S2, S1)));

        Refuses(QueryAbout(G, S1), IgmpPacket(QueryOf(G, S2)), "it asks for another source");
        Refuses(QueryAbout(G, S1), IgmpPacket(QueryOf(G)), "it asks for the group");
        Refuses(QueryAbout(G, S1), IgmpPacket(QueryOf(G2, S1), G), "it is about another group");
        Refuses(QueryAbout(G, S1), IgmpPacket(QueryOf(G, S1), AllSystems), "it went to all systems");
        Refuses(QueryAbout(G, S1), IgmpPacket(QueryOf(G2, S1)), "it is about and went to another group");
    }

    [Fact]
    public void Any_query_of_a_group_asks_for_it_or_for_sources_of_it()
    {
        Takes(AnyQueryOf(G), IgmpPacket(QueryOf(G)));
        Takes(AnyQueryOf(G), IgmpPacket(QueryOf(G, S1)));

        Refuses(AnyQueryOf(G), IgmpPacket(QueryOf(G2), G), "it is about another group");
        Refuses(AnyQueryOf(G), IgmpPacket(QueryOf(G), AllSystems), "it went to all systems");
        Refuses(AnyQueryOf(G), IgmpPacket(QueryOf(G) with { Generation = Generation.Leaves }), "it is of version 2");
    }

    [Fact]
    public void Any_query_is_one_of_any_version_about_anything()
    {
        foreach (var generation in Enum.GetValues<Generation>())
            Takes(AnyQuery(), IgmpPacket(MadeUpFrames.GeneralQuery with { Generation = generation }));
        Takes(AnyQuery(), IgmpPacket(QueryOf(G, S1)));

        Refuses(AnyQuery(), IgmpPacket(null, IsExclude(G)), "it is a report");
        Refuses(AnyQuery(), IgmpPacket(IgmpType.V2MembershipReport, G, G), "it is a report of version 2");
    }

    // §4.2.15: reports go to 224.0.0.22.
    [Fact]
    public void A_report_has_exactly_these_records_and_is_sent_to_the_routers()
    {
        Takes(Report(ToExclude(G)), IgmpPacket(Version3Routers, ToExclude(G)));
        Takes(Report(ToExclude(G), ToExclude(G2)), IgmpPacket(null, ToExclude(G2), ToExclude(G)));

        Refuses(Report(ToExclude(G)), IgmpPacket(null, ToExclude(G), ToExclude(G2)), "there is one record more");
        Refuses(Report(ToExclude(G)), IgmpPacket(null, ToExclude(G), ToExclude(G)), "the record comes twice");
        Refuses(Report(ToExclude(G)), IgmpPacket((Address?)null), "it has no record");
        Refuses(Report(ToExclude(G), ToExclude(G2)), IgmpPacket(null, ToExclude(G)), "a record is missing");
        Refuses(Report(ToExclude(G), ToExclude(G2)), IgmpPacket(null, ToExclude(G), ToExclude(G)), "one comes twice, the other not at all");
        Refuses(Report(ToExclude(G)), IgmpPacket(G, ToExclude(G)), "it went to the group, as in version 2");
        Refuses(Report(ToExclude(G)), IgmpPacket(AllSystems, ToExclude(G)), "it went to all systems");
        Refuses(Report(ToExclude(G)), IgmpPacket(AllRouters, ToExclude(G)), "it went to all routers");
        Refuses(Report(ToExclude(G)), IgmpPacket(IgmpType.V2MembershipReport, G, Version3Routers), "it is of version 2");
        Refuses(Report(ToExclude(G)), IgmpPacket(QueryOf(G), Version3Routers), "it is a query");
    }

    [Fact]
    public void A_record_is_of_that_type_and_group_and_has_exactly_these_sources()
    {
        Takes(Report(Block(G, S1, S2)), IgmpPacket(null, Block(G, S2, S1)));

        Refuses(Report(Block(G, S1, S2)), IgmpPacket(null, Block(G2, S1, S2)), "it is about another group");
        Refuses(Report(Block(G, S1, S2)), IgmpPacket(null, Block(G, S1)), "a source is missing");
        Refuses(Report(Block(G, S1, S2)), IgmpPacket(null, Block(G, S1, S2, S3)), "there is one source more");
        Refuses(Report(Block(G, S1, S2)), IgmpPacket(null, Block(G, S1, S3)), "a source is another");
        Refuses(Report(Block(G, S1, S2)), IgmpPacket(null, Block(G, S1, S1)), "a source comes twice, the other not at all");
        Refuses(Report(Block(G, S1)), IgmpPacket(null, Block(G, S1, S1)), "a source comes twice");
        Refuses(Report(ToInclude(G)), IgmpPacket(null, ToInclude(G, S1)), "it has a source");
    }

    // §4.2.13.
    [Fact]
    public void The_records_are_of_the_types_that_their_names_say()
    {
        RecordContent[] named = [IsInclude(G, S1), IsExclude(G, S1), ToInclude(G, S1), ToExclude(G, S1), Allow(G, S1), Block(G, S1)];

        named.Select(each => (int)each.Type).Should().Equal(1, 2, 3, 4, 5, 6);
        named.Should().OnlyContain(each => each.Group == G && each.Sources.SequenceEqual(new[] { S1 }));
        foreach (var expected in named)
        {
            foreach (var sent in named)
                Report(expected)
                    .Matches(Seen(IgmpPacket(null, sent)))
                    .Should()
                    .Be(sent.Type == expected.Type, "{0} is expected and {1} sent", expected.Type, sent.Type);
        }
    }

    [Fact]
    public void Every_message_is_one_that_IGMP_carries_valid_or_not()
    {
        Takes(AnyMessage(), IgmpPacket(MadeUpFrames.GeneralQuery));
        Takes(AnyMessage(), IgmpPacket(null, IsExclude(G)));
        Takes(AnyMessage(), IgmpPacket(IgmpType.V2LeaveGroup, G, AllRouters));
        Takes(AnyMessage(), Packet.Igmp("99000000 ef010101"));

        Refuses(AnyMessage(), Packet.Ip([0, 1, 2, 3, 0, 8, 0, 0], new Ipv4Header(Packet.Source, G, IpProtocol.Udp)), "it is UDP");
    }

    [Fact]
    public void Without_suppression_is_a_query_whose_S_flag_is_clear()
    {
        Takes(Query(G).WithoutSuppression(), IgmpPacket(QueryOf(G)));

        Refuses(Query(G).WithoutSuppression(), IgmpPacket(QueryOf(G) with { SuppressRouterSideProcessing = true }), "its S flag is set");
        Refuses(AnyMessage().WithoutSuppression(), IgmpPacket(null, IsExclude(G)), "it is a report");
    }

    // §8.1 to §8.3 and §8.8 with their defaults: RV 2, QI 125 s, QRI 10 s, LMQI 1 s.
    [Fact]
    public void A_query_announces_RV_QI_and_the_response_time_of_its_kind()
    {
        var announcing = AnyQuery().Announcing(bench.Run.Timing);
        Takes(announcing, IgmpPacket(MadeUpFrames.GeneralQuery));
        Takes(announcing, IgmpPacket(QueryOf(G)));
        Takes(announcing, IgmpPacket(QueryOf(G, S1)));

        foreach (var query in (QueryContent[])[MadeUpFrames.GeneralQuery, QueryOf(G), QueryOf(G, S1)])
        {
            var other = query.Group.IsUnspecified ? 1.Seconds() : 10.Seconds();
            Refuses(announcing, IgmpPacket(query with { RobustnessVariable = 1 }), "QRV is lower");
            Refuses(announcing, IgmpPacket(query with { RobustnessVariable = 3 }), "QRV is higher");
            Refuses(announcing, IgmpPacket(query with { QueryInterval = 124.Seconds() }), "QQIC is lower");
            Refuses(announcing, IgmpPacket(query with { QueryInterval = 126.Seconds() }), "QQIC is higher");
            Refuses(
                announcing, IgmpPacket(query with { MaxResponseTime = query.MaxResponseTime - 100.Milliseconds() }),
                "the response time is lower");
            Refuses(
                announcing, IgmpPacket(query with { MaxResponseTime = query.MaxResponseTime + 100.Milliseconds() }),
                "the response time is higher");
            Refuses(announcing, IgmpPacket(query with { MaxResponseTime = other }), "the response time is that of another kind of query");
        }

        Refuses(AnyMessage().Announcing(bench.Run.Timing), IgmpPacket(null, IsExclude(G)), "it is a report");
    }

    [Fact]
    public void Sender_and_LAN_narrow_a_pattern()
    {
        var seen = Seen(IgmpPacket(QueryOf(G)), from: "r1", lan: "A");

        AnyQuery().From(bench.R1).Matches(seen).Should().BeTrue();
        AnyQuery().From(bench.H1).Matches(seen).Should().BeFalse();
        AnyQuery().On("A").Matches(seen).Should().BeTrue();
        AnyQuery().On("U").Matches(seen).Should().BeFalse();
        GeneralQuery().From(bench.R1).On("A").Matches(seen).Should().BeFalse("what was said before holds all the same");
    }

    private static void Takes(FramePattern pattern, byte[] packet) =>
        pattern.Matches(Seen(packet)).Should().BeTrue("this is one: {0}", Seen(packet));

    private static void Refuses(FramePattern pattern, byte[] packet, string because) =>
        pattern.Matches(Seen(packet)).Should().BeFalse("{0}: {1}", because, Seen(packet));
}
