using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>Group-Specific and Group-and-Source-Specific Queries: RFC 9776 §6.4.2, §6.6.3.</summary>
public abstract class SpecificQueryTests(Vocabulary words) : RouterTests(words)
{
    private static readonly Timing Thrice = Fast with { LastMemberQueryCount = 3 };

    [Theory(
        DisplayName = "V3-R-6.6.3.1-01 r-gsq-immediate, V3-R-6.4.2-05 r-slc-lmqc, V3-R-8.10-01 tm-lmqt, V3-R-6.1-03 r-leave-query-first")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_leave_is_asked_about_at_once_and_Last_Member_Query_Count_times_and_the_group_ends_at_Last_Member_Query_Time(int count)
    {
        var router = Member(Fast with { LastMemberQueryCount = count });

        router.ToIn(G1);
        router.GroupTimer().Should().Be(Seconds(count));
        router.Wait(count - 0.001);
        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.Wait(0.001);

        router.ShouldBe("none");
        router.Wait(10);
        router.SentSpecific().Should().Equal(Enumerable.Range(10, count).Select(i => $"{i} Q(G1)"));
    }

    [Fact(DisplayName = "V3-R-6.6.3.1-02 r-gsq-fields, V3-R-4.1.12-01 m-q-dst")]
    public void A_Group_Specific_Query_tells_the_Last_Member_Query_Interval_and_goes_to_the_group()
    {
        var router = Member(Fast);
        router.ToIn(G1);

        var sent = router.Told<SendQuery>().Single();
        sent.Destination.Should().Be(G1);
        sent.Query.Should().BeEquivalentTo(new QueryContent(Generation.Sources, Seconds(1), G1, false, 2, Seconds(20), []));
    }

    [Theory(DisplayName = "V3-R-8.8-01 tm-lmqi")]
    [InlineData(1)]
    [InlineData(0.5)]
    [InlineData(2)]
    [InlineData(16)]
    public void The_Last_Member_Query_Interval_is_the_response_time_and_the_spacing(double interval)
    {
        var router = Member(Fast with { LastMemberQueryInterval = Seconds(interval) });
        router.ToIn(G1);
        router.Wait(2 * interval);

        router.Take().Where(each => each.Effect is SendQuery { Query.Kind: QueryKind.GroupSpecific })
            .Select(each => (each.At.TotalSeconds, ((SendQuery)each.Effect).Query.MaxResponseTime.TotalSeconds))
            .Should().Equal((10, interval), (10 + interval, interval));
        router.ShouldBe("none");
    }

    [Fact(DisplayName = "V3-R-6.6.3.1-03 r-gsq-s-when-refreshed, V3-R-6.4.2-02 r-slc-answer-group, V3-R-6-04 r-report-any-source")]
    public void An_answer_does_not_cancel_the_queries_but_sets_their_S_flag()
    {
        var router = Member(Thrice);
        router.ToIn(G1);
        router.Wait(0.5);
        router.ReportFrom(Host2, new RecordContent(RecordType.IsExclude, G1, []));
        router.Wait(5);

        router.SentSpecific().Should().Equal("10 Q(G1)", "11 Q(G1) S", "12 Q(G1) S");
        router.GroupTimer().Should().Be(Seconds(43));
        router.Told<ForwardingChanged>().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-6.4.2-03 r-slc-answer-wrong")]
    public void An_INCLUDE_answer_does_not_save_EXCLUDE_mode()
    {
        var router = Member(Fast);
        router.ToIn(G1);
        router.Wait(0.5);
        router.IsIn(G1, S5);
        router.Wait(1.5);

        router.ShouldBe("INCLUDE({S5})");
    }

    [Fact(DisplayName = "V3-R-6.5-04 r-switch-after-leave")]
    public void After_the_leave_of_the_last_EXCLUDE_member_the_INCLUDE_members_keep_their_source()
    {
        var router = Member(Fast);
        router.IsIn(G1, S1);
        router.Forget();
        router.ToIn(G1);
        router.Wait(0.5);
        router.IsIn(G1, S1);
        router.Wait(1.5);

        router.ShouldBe("INCLUDE({S1})");
        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.Core.Forwards(S2, G1).Should().BeFalse();
        router.SentSpecific().Should().Equal("10 Q(G1,S1)", "10 Q(G1)", "11 Q(G1)");
    }

    [Fact(DisplayName = "V3-R-6.4.2-09 r-slc-retransmitted-leave")]
    public void A_repeated_leave_is_merged_with_the_queries_under_way_and_does_not_prolong_them()
    {
        var router = Member(Fast);
        router.Allow(G2, S1);
        router.Forget();
        router.ToIn(G1);
        router.Block(G2, S1);
        router.Wait(0.8);
        router.ToIn(G1);
        router.Block(G2, S1);

        router.Wait(1.199);
        router.ShouldBe("EXCLUDE({},{})");
        router.Wait(0.001);
        router.ShouldBe("none");
        router.ShouldBe("none", G2);
        router.Wait(10);
        router.SentSpecific().Should().Equal("10 Q(G1)", "10 Q(G2,S1)", "11 Q(G1)", "11 Q(G2,S1)");
    }

    [Fact]
    public void A_leave_after_the_last_query_is_asked_about_although_the_group_is_about_to_end()
    {
        var router = Member(Fast);
        router.ToIn(G1);
        router.Wait(1.5);
        router.ToIn(G1);
        router.Wait(10);

        router.SentSpecific().Should().Equal("10 Q(G1)", "11 Q(G1)", "11.5 Q(G1)");
    }

    [Fact]
    public void A_new_leave_after_an_answer_starts_the_whole_series_again()
    {
        var router = Member(Fast);
        router.ToIn(G1);
        router.Wait(0.4);
        router.IsEx(G1);
        router.Wait(0.1);
        router.ToIn(G1);
        router.Wait(10);

        router.SentSpecific().Should().Equal("10 Q(G1)", "10.5 Q(G1)", "11.5 Q(G1)");
    }

    [Fact(DisplayName = "V3-R-6.6.3.2-01 r-gssq-first, V3-R-6.4.2-04 r-slc-forward-during, V3-R-6.6.3.2-04 r-gssq-suppress-empty")]
    public void Blocked_sources_are_asked_for_and_only_their_timers_are_lowered()
    {
        var router = NewRouter(Fast);
        router.Allow(G1, S1, S2, S3);
        router.WaitUntil(10);
        router.Forget();

        router.Block(G1, S1, S2);

        router.Timer(S1).Should().Be(Seconds(2));
        router.Timer(S2).Should().Be(Seconds(2));
        router.Timer(S3).Should().Be(Seconds(38));
        router.Wait(1.999);
        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.Wait(0.001);
        router.Core.Forwards(S1, G1).Should().BeFalse();
        router.ShouldBe("INCLUDE({S3})");
        router.Wait(5);
        router.SentSpecific().Should().Equal("10 Q(G1,S1+S2)", "11 Q(G1,S1+S2)");
    }

    [Fact(DisplayName = "V3-R-4.1.12-01 m-q-dst: with sources")]
    public void A_Group_and_Source_Specific_Query_goes_to_the_group()
    {
        var router = NewRouter(Fast);
        router.Allow(G1, S1, S2);
        router.Forget();
        router.Block(G1, S2);

        var sent = router.Told<SendQuery>().Single();
        sent.Destination.Should().Be(G1);
        sent.Query.Should().BeEquivalentTo(new QueryContent(Generation.Sources, Seconds(1), G1, false, 2, Seconds(20), [S2]));
    }

    [Fact(DisplayName = "V3-R-6.6.3.2-02 r-gssq-below")]
    public void A_source_that_is_about_to_end_is_neither_prolonged_nor_asked_for()
    {
        var router = NewRouter(Fast);
        router.Allow(G1, S1);
        router.Wait(47);
        router.Forget();
        router.Block(G1, S1);

        router.Timer(S1).Should().Be(Seconds(1));
        router.Wait(5);
        router.SentSpecific().Should().BeEmpty();
        router.ShouldBe("none");
    }

    [Fact(DisplayName = "V3-R-6.6.3.2-03 r-gssq-split, V3-R-6.4.2-01 r-slc-answer-src")]
    public void Sources_that_were_refreshed_are_asked_for_in_a_message_of_their_own_with_the_S_flag()
    {
        var router = NewRouter(Thrice);
        router.Allow(G1, S1, S2);
        router.WaitUntil(10);
        router.Forget();
        router.Block(G1, S1, S2);
        router.Wait(0.5);
        router.ReportFrom(Host2, new RecordContent(RecordType.IsInclude, G1, [S1]));
        router.Timer(S1).Should().Be(Seconds(48));

        router.Wait(2.499);
        router.ShouldBe("INCLUDE({S1,S2})");
        router.Wait(0.001);
        router.ShouldBe("INCLUDE({S1})");
        router.SentSpecific().Should().Equal(
            "10 Q(G1,S1+S2)", "11 Q(G1,S1) S", "11 Q(G1,S2)", "12 Q(G1,S1) S", "12 Q(G1,S2)");
    }

    [Fact(DisplayName = "V3-R-6.6.3.2-05 r-gssq-with-gsq")]
    public void Where_the_group_is_asked_for_as_well_the_message_with_the_S_flag_is_left_out()
    {
        var router = NewRouter(Thrice);
        router.IsEx(G1, S1, S2);
        router.Allow(G1, S1, S2);
        router.WaitUntil(10);
        router.Forget();
        router.ToIn(G1, S2);
        router.Wait(0.5);
        router.IsIn(G1, S1);
        router.Wait(1);

        router.SentSpecific().Should().Equal("10 Q(G1,S1)", "10 Q(G1)", "11 Q(G1)");
    }

    [Fact(DisplayName = "V3-R-6.6.3.2-06 r-gssq-count-per-source, V3-R-6.4.2-08 r-slc-merge")]
    public void Every_source_is_asked_for_as_often_as_it_is_due_whatever_else_is_asked()
    {
        var router = NewRouter(Thrice);
        router.Allow(G1, S1, S2, S3);
        router.WaitUntil(10);
        router.Forget();
        router.Block(G1, S1);
        router.Wait(1.5);
        router.Block(G1, S1, S2);
        router.Wait(10);

        router.SentSpecific().Should().Equal(
            "10 Q(G1,S1)", "11 Q(G1,S1)", "11.5 Q(G1,S2)", "12 Q(G1,S1)", "12.5 Q(G1,S2)", "13.5 Q(G1,S2)");
        router.ShouldBe("INCLUDE({S3})");
    }

    [Fact]
    public void A_source_that_is_blocked_again_after_an_answer_moves_to_a_new_series()
    {
        var router = NewRouter(Thrice);
        router.Allow(G1, S1, S2);
        router.WaitUntil(10);
        router.Forget();
        router.Block(G1, S1, S2);
        router.Wait(0.25);
        router.IsIn(G1, S1);
        router.Wait(0.25);
        router.Block(G1, S1);
        router.Wait(10);

        router.SentSpecific().Should().Equal(
            "10 Q(G1,S1+S2)", "10.5 Q(G1,S1)", "11 Q(G1,S2)", "11.5 Q(G1,S1)", "12 Q(G1,S2)", "12.5 Q(G1,S1)");
        router.ShouldBe("none");
    }

    [Fact(DisplayName = "V3-R-6.6.3.2-07 r-gssq-source-gone")]
    public void A_source_that_is_gone_drops_out_of_the_later_messages_and_an_empty_series_ends()
    {
        var router = NewRouter(Fast with { LastMemberQueryCount = 5 });
        router.Allow(G1, S1, S2);
        router.WaitUntil(10);
        router.Forget();
        router.Block(G1, S1, S2);
        router.Wait(0.5);
        router.IsEx(G1, S2);
        router.Wait(1);
        router.IsEx(G1);
        router.ShouldBe("EXCLUDE({},{})");
        router.Core.NextDue.Should().Be(Instant.Epoch + Seconds(25), "only the next General Query is left");
        router.Wait(10);

        router.SentSpecific().Should().Equal("10 Q(G1,S1+S2)", "11 Q(G1,S2)");
    }

    private void IsSplit(int mtu, int[] counts)
    {
        var router = NewRouter(settings: new RouterSettings { Mtu = mtu });
        var sources = Enumerable.Range(1, 400).Select(Source).ToArray();
        router.Allow(G1, sources);
        router.Forget();
        router.Block(G1, sources);

        var sent = router.Told<SendQuery>();
        sent.Select(each => each.Query.Sources.Count).Should().Equal(counts);
        sent.SelectMany(each => each.Query.Sources).Should().BeEquivalentTo(sources);
        sent.Should().OnlyContain(each => !each.Query.SuppressRouterSideProcessing && each.Destination == G1);
        router.Wait(1);
        router.Told<SendQuery>().Select(each => each.Query.Sources.Count).Should().Equal(counts);
    }

    [Fact(DisplayName = "V3-R-6.1-04 r-no-query-on-current")]
    public void Current_state_records_are_never_asked_about()
    {
        var router = NewRouter(Fast);
        router.Allow(G1, S1, S2);
        router.IsIn(G1, S1);
        router.IsEx(G1, S3);
        router.IsEx(G2, S2);
        router.Allow(G2, S1);
        router.IsEx(G2, S2);
        router.IsIn(G2, S3);
        router.IsIn(G2);
        router.IsEx(G2);

        router.SentSpecific().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-6.4.2-06 r-slc-querier-only, V3-R-6.4.2-07 r-slc-nonquerier-timers")]
    public void A_non_querier_neither_asks_nor_shortens_timers_by_itself_but_applies_the_records()
    {
        var router = NonQuerier(Fast);
        router.IsEx(G1);
        router.Allow(G2, S1);
        router.Wait(1);

        router.ToIn(G1, S3);
        router.Block(G2, S1);

        router.GroupTimer(G1).Should().Be(Seconds(47));
        router.ShouldBe("EXCLUDE({S3},{})");
        router.Timer(S1, G2).Should().Be(Seconds(47));
        router.Wait(10);
        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-9.3-01 sec-sc-forged")]
    public void Forged_leaves_cost_no_member_anything_and_few_queries()
    {
        var router = Member(Fast);
        for (var i = 0; i < 100; i++)
        {
            router.ToIn(G1);
            router.Wait(0.1);
            // The true member answers a second after each round at the latest.
            if (i % 10 == 9)
                router.ReportFrom(Host2, new RecordContent(RecordType.IsExclude, G1, []));
        }

        router.Told<StateChanged>().Should().NotContain(each => each.What == StateChange.GroupRemoved);
        router.Group().Should().NotBeNull();
        var queries = NewRouter(Fast);
        queries.IsEx(G1);
        for (var i = 0; i < 15; i++)
        {
            queries.ToIn(G1);
            queries.Wait(0.1);
        }

        queries.SentSpecific().Should().HaveCountLessThanOrEqualTo(8);
    }

    private RouterUnderTest Member(Timing timing)
    {
        var router = NewRouter(timing);
        router.IsEx(G1);
        router.WaitUntil(10);
        router.Forget();
        return router;
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Queries_under_way_go_on_by_the_settings_under_which_they_began(int version)
    {
        // Their timers were lowered by them: with a shorter time in force the group looks refreshed, though nobody has answered.
        var slow = Fast with { LastMemberQueryInterval = Seconds(5), LastMemberQueryCount = 3 };
        var router = NewRouter(slow, new RouterSettings { Version = Version(version) });
        router.V2Report(G1);
        router.Leave(G1);
        router.Wait(1);
        router.Configure(router.Core.Settings with { Timing = Fast });
        router.Wait(13.9);
        router.ShouldBe("EXCLUDE({},{})");
        router.Wait(0.1);

        var asked = router.Take().Where(each => each.Effect is SendQuery { Query.Group.IsUnspecified: false }).ToList();
        asked.Select(each => each.At.TotalSeconds).Should().Equal(0, 5, 10);
        asked.Select(each => ((SendQuery)each.Effect).Query).Should().OnlyContain(
            query => query.MaxResponseTime == Seconds(5) && !query.SuppressRouterSideProcessing);
        router.ShouldBe("none");
        router.V2Report(G2);
        router.Leave(G2);
        router.GroupTimer(G2).Should().Be(Seconds(2), "what begins now goes by what is set now");
    }

    public sealed class Igmp() : SpecificQueryTests(Vocabulary.Igmp)
    {
        [Theory(DisplayName = "V3-R-4.1.8-01 m-nsrc-mtu")]
        [InlineData(1500, new[] { 366, 34 })]
        [InlineData(576, new[] { 135, 135, 130 })]
        public void A_query_with_too_many_sources_for_the_MTU_becomes_several(int mtu, int[] counts) => IsSplit(mtu, counts);
    }

    public sealed class Mld() : SpecificQueryTests(Vocabulary.Mld)
    {
        [Theory(DisplayName = "L2-R-5.1.10-01 m-nsrc-mtu")]
        [InlineData(1500, new[] { 89, 89, 89, 89, 44 })]
        [InlineData(1280, new[] { 75, 75, 75, 75, 75, 25 })]
        public void A_query_with_too_many_sources_for_the_MTU_becomes_several(int mtu, int[] counts) => IsSplit(mtu, counts);
    }
}
