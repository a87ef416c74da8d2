using FluentAssertions;
using MulticastLab.Membership;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>What a received query does to the timers: RFC 9776 §6.6.1.</summary>
public abstract class QueryReceptionTests(Vocabulary words) : RouterTests(words)
{
    private readonly RouterUnderTest router = NonQuerier(words, Fast);

    [Fact(DisplayName = "V3-R-6.6.1-01 r-q-gssq-s0")]
    public void A_Group_and_Source_Specific_Query_lowers_the_timers_of_its_sources()
    {
        router.IsEx(G1, S1, S2);
        router.Allow(G1, S1, S2);

        router.Query(Lower, G1, suppress: false, [S1], interval: 20);

        router.Timer(S1).Should().Be(Seconds(2));
        router.Timer(S2).Should().Be(Seconds(48));
        router.GroupTimer().Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-R-6.6.1-02 r-q-gsq-s0")]
    public void A_Group_Specific_Query_lowers_the_group_timer()
    {
        router.IsEx(G1, S1);
        router.Allow(G1, S1);

        router.Query(Lower, G1, suppress: false, [], interval: 20);

        router.GroupTimer().Should().Be(Seconds(2));
        router.Timer(S1).Should().Be(Seconds(48));
        router.Wait(2);
        router.ShouldBe("INCLUDE({S1})");
    }

    [Fact(DisplayName = "V3-R-6.6.1-03 r-q-gsq-s0-include")]
    public void A_Group_Specific_Query_does_nothing_to_a_group_in_INCLUDE_mode()
    {
        router.Allow(G1, S1);
        router.Query(Lower, G1, suppress: false, [], interval: 20);

        router.Wait(47.999);
        router.ShouldBe("INCLUDE({S1})");
    }

    [Fact(DisplayName = "V3-R-6.6.1-04 r-q-s1")]
    public void With_the_S_flag_set_no_timer_is_touched()
    {
        router.IsEx(G1, S1);
        router.Allow(G1, S1);

        router.Query(Lower, G1, suppress: true, [], interval: 20);
        router.Query(Lower, G1, suppress: true, [S1], interval: 20);

        router.GroupTimer().Should().Be(Seconds(48));
        router.Timer(S1).Should().Be(Seconds(48));
    }

    // RFC 2236 §3: a router that is not the querier waits [Last Member Query Count] times the Max Response Time of the query.
    [Fact]
    public void A_version_2_query_lowers_the_timer_to_its_own_response_time_and_the_Last_Member_Query_Count()
    {
        var other = NonQuerier(Fast with { RobustnessVariable = 2, LastMemberQueryCount = 4 });
        other.IsEx(G1);
        other.Query(Lower, G1, suppress: false, [], version: 2, answerWithin: 1);

        other.GroupTimer().Should().Be(Seconds(4));
    }

    [Fact(DisplayName = "V3-R-6.6.1-05 r-q-lower-not-raise")]
    public void A_timer_that_is_lower_stays()
    {
        router.IsEx(G1, S1);
        router.Allow(G1, S1);
        router.Wait(41);
        router.GeneralQuery(Lower, interval: 20);
        router.Wait(6);

        router.Query(Lower, G1, suppress: false, [], interval: 20);
        router.Query(Lower, G1, suppress: false, [S1], interval: 20);

        router.GroupTimer().Should().Be(Seconds(1));
        router.Timer(S1).Should().Be(Seconds(1));
    }

    [Fact(DisplayName = "V3-R-6.6.1-06 r-q-y-untouched")]
    public void A_blocked_source_is_not_woken_up()
    {
        router.IsEx(G1, S1);
        router.Query(Lower, G1, suppress: false, [S1], interval: 20);

        router.ShouldBe("EXCLUDE({},{S1})");
        router.Core.Forwards(S1, G1).Should().BeFalse();
    }

    [Fact(DisplayName = "V3-R-6.6.1-07 r-q-unknown")]
    public void Queries_about_unknown_groups_and_sources_make_no_state()
    {
        router.Allow(G1, S1);
        router.Query(Lower, G9, suppress: false, []);
        router.Query(Lower, G1, suppress: false, [S5]);

        router.State.Groups.Should().HaveCount(1);
        router.ShouldBe("INCLUDE({S1})");
        router.Timer(S1).Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-R-6.6.1-08 r-q-gq-notimer")]
    public void General_Queries_lower_nothing()
    {
        router.IsEx(G1, S1);
        router.Allow(G1, S1);
        router.GeneralQuery(Lower, interval: 20);

        router.GroupTimer().Should().Be(Seconds(48));
        router.Timer(S1).Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-R-6.6.1-09 r-q-from-higher")]
    public void The_querier_too_lowers_its_timers_when_another_router_asks()
    {
        var querier = NewRouter(Fast);
        querier.IsEx(G1);
        querier.Query(Higher, G1, suppress: false, []);

        querier.GroupTimer().Should().Be(Seconds(2));
        querier.State.IsQuerier.Should().BeTrue();
        querier.SentSpecific().Should().BeEmpty();
    }

    [Theory(DisplayName = "V3-M-4.1.3-02 m-q-group-bad")]
    [InlineData("10.1.1.1")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    public void A_query_about_what_is_no_reportable_group_is_dropped(string group)
    {
        router.ToEx(G1);
        router.Query(Lower, Named(group), suppress: false, [], robustness: 7);

        router.Told<Dropped>().Should().Equal(new Dropped(DropReason.QueryGroup));
        router.Timing.RobustnessVariable.Should().Be(2);
        router.GroupTimer().Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-M-4.1.8-01 m-q-zero-group-with-sources")]
    public void A_query_with_sources_and_no_group_is_dropped()
    {
        var querier = NewRouter();
        querier.Query(Lower, Dialect.Unspecified, suppress: false, [S1]);

        querier.Told<Dropped>().Should().Equal(new Dropped(DropReason.QuerySourcesWithoutGroup));
        querier.State.IsQuerier.Should().BeTrue();
    }

    public sealed class Igmp() : QueryReceptionTests(Vocabulary.Igmp);

    public sealed class Mld() : QueryReceptionTests(Vocabulary.Mld);
}
