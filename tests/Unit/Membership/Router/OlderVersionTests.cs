using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>RFC 9776 §7.3.1, RFC 2236 and RFC 1112: a router that is configured for version 2 or 1.</summary>
public sealed class OlderVersionTests
{
    private static readonly Timing Version1Timing = new() { QueryInterval = Seconds(20) };

    [Fact(DisplayName = "V3-X-7.3.1-01 x-r-lowest, V3-X-7.3.1-04 x-r-v2-query")]
    public void In_version_2_every_query_is_of_version_2()
    {
        var router = Of(2, Fast);
        router.V2Report(G1);
        router.Leave(G1);

        var queries = router.Told<SendQuery>();
        queries.Select(each => each.Destination).Should().Equal(Address.Parse("224.0.0.1"), G1);
        queries[0].Query.Should().BeEquivalentTo(new QueryContent(2, Seconds(4), Address.AnyV4, false, 0, TimeSpan.Zero, []));
        queries[1].Query.Should().BeEquivalentTo(new QueryContent(2, Seconds(1), G1, false, 0, TimeSpan.Zero, []));
        router.State.Version.Should().Be(2);
    }

    [Theory(DisplayName = "V3-X-7.3.1-04 x-r-v2-query")]
    [InlineData(20, 20)]
    [InlineData(12.9, 12.9)]
    [InlineData(25.5, 25.5)]
    [InlineData(60, 25.5)]
    [InlineData(0.19, 0.1)]
    public void The_response_time_of_version_2_is_linear_and_the_timers_are_made_of_what_it_tells(double configured, double told)
    {
        var router = Of(2, new Timing { QueryResponseInterval = Seconds(configured) });
        router.V2Report(G1);

        router.Told<SendQuery>().Single().Query.MaxResponseTime.Should().Be(Seconds(told));
        router.GroupTimer().Should().Be(Seconds((2 * 125) + (2 * told)));
        router.Group()!.Version2HostPresentExpires.Should().Be(Seconds((2 * 125) + told));
    }

    [Fact(DisplayName = "V3-X-7.3.1-02 x-r-v1-query")]
    public void In_version_1_queries_say_nothing_and_hosts_take_ten_seconds_whatever_is_configured()
    {
        var router = Of(1, Version1Timing with { QueryResponseInterval = Seconds(4) });
        router.V1Report(G1);

        var sent = router.Told<SendQuery>().Should().ContainSingle().Subject;
        sent.Destination.Should().Be(Address.Parse("224.0.0.1"));
        sent.Query.Should().BeEquivalentTo(new QueryContent(1, Seconds(10), Address.AnyV4, false, 0, TimeSpan.Zero, []));
        router.GroupTimer().Should().Be(Seconds((2 * 20) + (2 * 10)));
        router.Timing.QueryResponseInterval.Should().Be(Seconds(10));
    }

    [Fact]
    public void A_Query_Interval_that_leaves_no_time_to_answer_a_version_1_query_is_refused()
    {
        var short1 = new RouterSettings { Version = 1, Timing = new Timing { QueryInterval = Seconds(10), QueryResponseInterval = Seconds(1) } };

        short1.Invoking(each => each.Validate(Dialect.Igmp)).Should().Throw<ArgumentException>().WithMessage("*Query Response Interval of 10 s in version 1*Query Interval*");
        (short1 with { Version = 2 }).Invoking(each => each.Validate(Dialect.Igmp)).Should().NotThrow();
    }

    [Theory(DisplayName = "V3-X-7.3.1-01 x-r-lowest")]
    [InlineData(1)]
    [InlineData(2)]
    public void Start_up_queries_are_as_many_and_as_often_as_ever(int version)
    {
        var router = Of(version, Version1Timing);
        router.Wait(50);
        router.Sent().Should().Equal("0 GQ", "5 GQ", "25 GQ", "45 GQ");
    }

    [Fact(DisplayName = "V3-X-7.3.1-03 x-r-v1-leave, V3-R-6.4.2-06 r-slc-querier-only")]
    public void In_version_1_leaves_are_ignored_and_groups_end_with_their_timer()
    {
        var router = Of(1, Version1Timing);
        router.V2Report(G2);
        router.V1Report(G1);
        router.Forget();

        router.Leave(G1);
        router.Leave(G2);
        router.Leave(G9);

        router.Take().Select(each => each.Effect).Should().Equal(Enumerable.Repeat(new Dropped(DropReason.CompatibilityMode), 3));
        router.GroupTimer(G1).Should().Be(Seconds(60));
        router.Wait(59.999);
        router.ShouldBe("EXCLUDE({},{})", G1);
        router.Wait(0.001);
        router.State.Groups.Should().BeEmpty();
        router.SentSpecific().Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reports_of_version_3_are_unknown_to_older_versions(int version)
    {
        var router = Of(version, Version1Timing);
        router.Forget();

        router.ToEx(G1);
        router.Allow(G2, S1);

        router.Take().Select(each => each.Effect).Should().Equal(Enumerable.Repeat(new Dropped(DropReason.ReportOfNewerVersion), 2));
        router.State.Groups.Should().BeEmpty();
    }

    [Fact]
    public void No_group_is_in_a_newer_mode_than_the_configured_version()
    {
        var two = Of(2, Fast);
        two.V1Report(G1);
        two.V2Report(G2);
        two.Group(G1)!.CompatibilityMode.Should().Be(1);
        two.Group(G2)!.CompatibilityMode.Should().Be(2);
        two.Wait(44);
        two.Group(G1)!.CompatibilityMode.Should().Be(2);
        two.Group(G2)!.CompatibilityMode.Should().Be(2);

        var one = Of(1, Version1Timing);
        one.V2Report(G1);
        one.Group()!.CompatibilityMode.Should().Be(1);
        one.Wait(50);
        one.Group()!.CompatibilityMode.Should().Be(1);
        two.Effects.Concat(one.Effects).OfType<StateChanged>().Where(each => each.What == StateChange.CompatibilityModeChanged)
            .Should().Equal(Changed(G1, 1), Changed(G1, 2));
    }

    [Fact(DisplayName = "V3-X-3-06 x-r-leave-no-members, V3-X-7.3.2-08 x-r-v2-leave-xlate")]
    public void In_version_2_a_leave_is_asked_about_and_one_of_a_group_without_members_is_not()
    {
        var router = Of(2, Fast);
        router.V2Report(G1);
        router.Wait(3);
        router.Forget();

        router.Leave(G9);
        router.Leave(G1);
        router.Wait(2);

        router.SentSpecific().Should().Equal("3 Q(G1)", "4 Q(G1)");
        router.State.Groups.Should().BeEmpty();
    }

    [Fact]
    public void In_version_2_who_answers_is_no_longer_asked_as_there_is_no_S_flag()
    {
        // RFC 2236 §7, Checking Membership: a report clears the retransmission timer.
        var router = Of(2, Fast);
        router.V2Report(G1);
        router.Leave(G1);
        router.Wait(0.5);
        router.V2Report(G1, Host2);
        router.Wait(10);

        router.SentSpecific().Should().Equal("0 Q(G1)");
        router.GroupTimer().Should().Be(Seconds(48 - 10));
    }

    [Fact]
    public void In_version_2_a_group_with_a_version_1_member_is_not_asked_about()
    {
        // RFC 2236 §5.
        var router = Of(2, Fast);
        router.V2Report(G1);
        router.V1Report(G1);
        router.Leave(G1);

        router.SentSpecific().Should().BeEmpty();
        router.GroupTimer().Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-X-3-05 x-r-v2-nonquerier-gsq")]
    public void A_version_2_router_that_is_not_the_querier_goes_by_the_time_that_the_query_grants()
    {
        var router = NonQuerier(Fast, new RouterSettings { Version = 2 });
        router.V2Report(G1);
        router.V2Report(G2);
        router.ShouldBe("EXCLUDE({},{})");

        router.Query(Lower, G1, suppress: false, [], version: 2, answerWithin: 1);
        router.Query(Lower, G2, suppress: false, [], version: 2, answerWithin: 3);

        router.GroupTimer(G1).Should().Be(Seconds(2));
        router.GroupTimer(G2).Should().Be(Seconds(6));
        router.Query(Lower, G1, suppress: false, [], version: 2, answerWithin: 3);
        router.GroupTimer(G1).Should().Be(Seconds(2), "a timer that is lower stays");
    }

    [Theory(DisplayName = "V3-X-6.6.2-01 x-r-election-v2")]
    [InlineData(3, 2)]
    [InlineData(3, 1)]
    [InlineData(2, 3)]
    [InlineData(2, 2)]
    [InlineData(2, 1)]
    public void The_lower_address_is_elected_across_versions(int own, int others)
    {
        var router = Of(own, Fast);
        router.Query(Higher, Address.AnyV4, suppress: false, [], version: others);
        router.State.IsQuerier.Should().BeTrue();

        router.Query(Lower, Address.AnyV4, suppress: false, [], robustness: 0, interval: 0, version: others);

        router.State.IsQuerier.Should().BeFalse();
        router.State.Querier.Should().Be(Lower);
        router.State.OtherQuerierPresentExpires.Should().Be(Seconds(42));
        router.Forget();
        router.Wait(42);
        router.Sent().Should().Equal("42 GQ");
        router.State.IsQuerier.Should().BeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_version_1_nobody_is_elected_and_specific_queries_say_nothing(int others)
    {
        // RFC 2236, Appendix I: in version 1 who queries was up to the multicast routing protocol.
        var router = Of(1, Version1Timing);
        router.V1Report(G1);
        router.Forget();

        router.Query(Lower, Address.AnyV4, suppress: false, [], version: others);
        router.Query(Lower, G1, suppress: false, [], version: Math.Max(2, others));

        router.State.IsQuerier.Should().BeTrue();
        router.State.Querier.Should().Be(Own);
        router.GroupTimer().Should().Be(Seconds(60));
        router.Wait(5);
        router.Sent().Should().Equal("5 GQ");
    }

    [Theory(DisplayName = "V3-X-7.3.1-05 x-r-warn-newer, V3-X-7.3.1-06 x-r-warn-older")]
    [InlineData(3, 2)]
    [InlineData(3, 1)]
    [InlineData(2, 3)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    public void Queries_of_another_version_are_counted_each_and_warned_of_once_a_minute(int own, int others)
    {
        var router = Of(own, Version1Timing);
        router.Forget();
        for (var i = 0; i < 1000; i++)
        {
            router.Query(Higher, Address.AnyV4, suppress: false, [], version: others);
            router.Wait(0.01);
        }

        router.Told<QueryOfOtherVersion>().Should().Equal(
            Enumerable.Range(0, 1000).Select(i => new QueryOfOtherVersion(others, Higher, Warn: i == 0)));
        router.WaitUntil(59.999);
        router.Query(Lower, Address.AnyV4, suppress: false, [], version: others);
        router.WaitUntil(60);
        router.Query(Lower, Address.AnyV4, suppress: false, [], version: others);
        router.Told<QueryOfOtherVersion>().Should().Equal(
            new QueryOfOtherVersion(others, Lower, Warn: false), new QueryOfOtherVersion(others, Lower, Warn: true));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(3, 2)]
    public void Queries_of_the_own_version_and_specific_ones_of_version_2_on_a_version_3_LAN_are_no_reason_to_warn(int own, int others)
    {
        var router = Of(own, Version1Timing);
        if (own == others)
            router.Query(Higher, Address.AnyV4, suppress: false, [], version: others);
        if (others > 1)
            router.Query(Higher, G1, suppress: false, [], version: others);

        router.Told<QueryOfOtherVersion>().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-X-7.3.1-05 x-r-warn-newer")]
    public void The_older_version_is_warned_of_newer_specific_queries_too()
    {
        var router = Of(2, Fast);
        router.Query(Higher, G1, suppress: false, [S1], version: 3);
        router.Told<QueryOfOtherVersion>().Should().Equal(new QueryOfOtherVersion(3, Higher, Warn: true));
    }

    [Fact(DisplayName = "V3-R-3-02 r-el-during-lmq: version 2")]
    public void In_version_2_a_querier_that_loses_finishes_what_it_has_begun_to_ask_and_begins_nothing_new()
    {
        // RFC 2236 §3: "Any Querier to non-Querier transition is ignored during this time; the same router keeps sending the Group-Specific Queries."
        var router = Of(2, Fast with { LastMemberQueryCount = 4 });
        router.V2Report(G1);
        router.V2Report(G2);
        router.Leave(G1);
        router.Wait(0.5);
        router.Forget();

        router.Query(Lower, Address.AnyV4, suppress: false, [], robustness: 0, interval: 0, version: 2);
        router.State.IsQuerier.Should().BeFalse();
        router.Leave(G2);
        router.Wait(3.499);
        router.ShouldBe("EXCLUDE({},{})");
        router.Wait(0.001);

        router.Sent().Should().Equal("1 Q(G1)", "2 Q(G1)", "3 Q(G1)");
        router.ShouldBe("none");
        router.GroupTimer(G2).Should().Be(Seconds(48 - 4), "who is not the querier ignores leaves");
        router.Wait(20);
        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-3-02 r-el-during-lmq: version 2, a member that heard the last query only")]
    public void In_version_2_a_member_that_hears_only_the_last_query_of_a_router_that_has_lost_keeps_its_group()
    {
        var router = Of(2, Fast with { LastMemberQueryCount = 4 });
        router.V2Report(G1);
        router.Leave(G1);
        router.Query(Lower, Address.AnyV4, suppress: false, [], robustness: 0, interval: 0, version: 2);
        router.Wait(3.9);

        router.V2Report(G1, Host2);
        router.Wait(47);

        router.ShouldBe("EXCLUDE({},{})");
        router.SentSpecific().Should().HaveCount(4);
    }

    [Fact(DisplayName = "V3-R-3-02 r-el-during-lmq: version 2, an answer")]
    public void In_version_2_a_router_that_has_lost_stops_asking_when_it_is_answered()
    {
        // RFC 2236 §7: "until it either receives a Report or its timer expires, at which time it starts performing the actions of a Non-Querier".
        var router = Of(2, Fast with { LastMemberQueryCount = 4 });
        router.V2Report(G1);
        router.Leave(G1);
        router.Query(Lower, Address.AnyV4, suppress: false, [], robustness: 0, interval: 0, version: 2);
        router.Wait(1.5);
        router.V2Report(G1, Host2);
        router.Wait(10);

        router.SentSpecific().Should().Equal("0 Q(G1)", "1 Q(G1)");
        router.Leave(G1, Host2);
        router.SentSpecific().Should().BeEmpty();
        router.GroupTimer().Should().Be(Seconds(48 - 10));
    }

    [Fact]
    public void In_version_2_a_lost_series_ends_with_the_link_or_the_version()
    {
        foreach (var end in (Action<RouterUnderTest>[])
        [
            router => router.Keep(router.Core.LinkDown(router.Now)),
            router => router.Configure(router.Core.Settings with { Version = 3 }),
            router => router.Keep(router.Core.ClearGroups(G1, router.Now)),
        ])
        {
            var router = Of(2, Fast with { LastMemberQueryCount = 4 });
            router.V2Report(G1);
            router.Leave(G1);
            router.Query(Lower, Address.AnyV4, suppress: false, [], robustness: 0, interval: 0, version: 2);
            router.Wait(0.5);
            router.Forget();

            end(router);
            router.Wait(10);

            router.SentSpecific().Should().BeEmpty();
        }
    }

    [Theory(DisplayName = "V3-R-6.6.2-10 r-el-general-only: version 2")]
    [InlineData(2)]
    [InlineData(3)]
    public void In_version_2_a_query_of_any_kind_elects(int others)
    {
        // RFC 2236 §3: "If a multicast router hears a Query message from a router with a lower IP address, it MUST become a Non-Querier".
        var router = Of(2, Fast);
        router.Query(Higher, G1, suppress: false, [], version: others);
        router.State.IsQuerier.Should().BeTrue();

        router.Query(Lower, G1, suppress: false, [], interval: 20, version: others);

        router.State.IsQuerier.Should().BeFalse();
        router.State.Querier.Should().Be(Lower);
        router.State.OtherQuerierPresentExpires.Should().Be(Seconds(42));
    }

    [Fact]
    public void A_version_2_router_that_is_not_the_querier_ignores_leaves()
    {
        // RFC 2236 §3: "Non-Queriers MUST ignore Leave Group messages".
        var router = NonQuerier(Fast, new RouterSettings { Version = 2 });
        router.V2Report(G1);
        router.V1Report(G2);
        router.Wait(3);
        var before = router.State.Groups;
        router.Forget();

        router.Leave(G1);
        router.Leave(G2);
        router.Leave(G9);

        router.State.Groups.Should().BeEquivalentTo(before);
        router.Take().Select(each => each.Effect).Should().Equal(new Dropped(DropReason.CompatibilityMode));
    }

    private static RouterUnderTest Of(int version, Timing timing) => new(timing, new RouterSettings { Version = version });

    private static StateChanged Changed(Address group, int mode) => new(StateChange.CompatibilityModeChanged, group, CompatibilityMode: mode);
}
