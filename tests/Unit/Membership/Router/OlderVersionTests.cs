using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>RFC 9776 §7.3.1, RFC 2236 and RFC 1112: a router that is configured for version 2 or 1.</summary>
public abstract class OlderVersionTests(Vocabulary words) : RouterTests(words)
{
    private static readonly Timing Version1Timing = new() { QueryInterval = Seconds(20) };

    [Fact(DisplayName = "V3-X-7.3.1-01 x-r-lowest, V3-X-7.3.1-04 x-r-v2-query")]
    public void In_version_2_every_query_is_of_version_2()
    {
        var router = Of(2, Fast);
        router.V2Report(G1);
        router.Leave(G1);

        var queries = router.Told<SendQuery>();
        queries.Select(each => each.Destination).Should().Equal(Named("224.0.0.1"), G1);
        queries[0]
            .Query.Should()
            .BeEquivalentTo(new QueryContent(Generation.Leaves, Seconds(4), Dialect.Unspecified, false, 0, TimeSpan.Zero, []));
        queries[1].Query.Should().BeEquivalentTo(new QueryContent(Generation.Leaves, Seconds(1), G1, false, 0, TimeSpan.Zero, []));
        router.State.Version.Should().Be(Version(2));
    }

    [Theory(DisplayName = "V3-X-7.3.1-04 x-r-v2-query")]
    [InlineData(20, 20)]
    [InlineData(12.9, 12.9)]
    [InlineData(25.5, 25.5)]
    public void The_response_time_of_version_2_is_linear_and_the_timers_are_made_of_what_it_tells(double configured, double told)
    {
        var router = Of(2, new Timing { QueryResponseInterval = Seconds(configured) });
        router.V2Report(G1);

        router.Told<SendQuery>().Single().Query.MaxResponseTime.Should().Be(Seconds(told));
        router.GroupTimer().Should().Be(Seconds(2 * 125) + (2 * Seconds(told)));
        Version2HostPresentExpires(router.Group()).Should().Be(Seconds(2 * 125) + Seconds(told));
    }

    [Theory(DisplayName = "V3-X-7.3.1-01 x-r-lowest")]
    [InlineData(2)]
    public void Start_up_queries_are_as_many_and_as_often_as_ever(int version)
    {
        var router = Of(version, Version1Timing);
        router.Wait(50);
        router.Sent().Should().Equal("0 GQ", "5 GQ", "25 GQ", "45 GQ");
    }

    [Theory]
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

    [Fact(DisplayName = "V3-X-3-05 x-r-v2-nonquerier-gsq")]
    public void A_version_2_router_that_is_not_the_querier_goes_by_the_time_that_the_query_grants()
    {
        var router = NonQuerier(Fast, new RouterSettings { Version = Version(2) });
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
    [InlineData(2, 3)]
    [InlineData(2, 2)]
    public void The_lower_address_is_elected_across_versions(int own, int others)
    {
        var router = Of(own, Fast);
        router.Query(Higher, Dialect.Unspecified, suppress: false, [], version: others);
        router.State.IsQuerier.Should().BeTrue();

        router.Query(Lower, Dialect.Unspecified, suppress: false, [], robustness: 0, interval: 0, version: others);

        router.State.IsQuerier.Should().BeFalse();
        router.State.Querier.Should().Be(Lower);
        router.State.OtherQuerierPresentExpires.Should().Be(Seconds(42));
        router.Forget();
        router.Wait(42);
        router.Sent().Should().Equal("42 GQ");
        router.State.IsQuerier.Should().BeTrue();
    }

    [Theory(DisplayName = "V3-X-7.3.1-05 x-r-warn-newer, V3-X-7.3.1-06 x-r-warn-older")]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    public void Queries_of_another_version_are_counted_each_and_warned_of_once_a_minute(int own, int others)
    {
        var router = Of(own, Version1Timing);
        router.Forget();
        for (var i = 0; i < 1000; i++)
        {
            router.Query(Higher, Dialect.Unspecified, suppress: false, [], version: others);
            router.Wait(0.01);
        }

        router.Told<QueryOfOtherVersion>().Should().Equal(
            Enumerable.Range(0, 1000).Select(i => new QueryOfOtherVersion(Version(others), Higher, Warn: i == 0)));
        router.WaitUntil(59.999);
        router.Query(Lower, Dialect.Unspecified, suppress: false, [], version: others);
        router.WaitUntil(60);
        router.Query(Lower, Dialect.Unspecified, suppress: false, [], version: others);
        router.Told<QueryOfOtherVersion>().Should().Equal(
            new QueryOfOtherVersion(Version(others), Lower, Warn: false), new QueryOfOtherVersion(Version(others), Lower, Warn: true));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(3, 2)]
    public void Queries_of_the_own_version_and_specific_ones_of_version_2_on_a_version_3_LAN_are_no_reason_to_warn(int own, int others)
    {
        var router = Of(own, Version1Timing);
        if (own == others)
            router.Query(Higher, Dialect.Unspecified, suppress: false, [], version: others);
        if (others > 1)
            router.Query(Higher, G1, suppress: false, [], version: others);

        router.Told<QueryOfOtherVersion>().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-X-7.3.1-05 x-r-warn-newer")]
    public void The_older_version_is_warned_of_newer_specific_queries_too()
    {
        var router = Of(2, Fast);
        router.Query(Higher, G1, suppress: false, [S1], version: 3);
        router.Told<QueryOfOtherVersion>().Should().Equal(new QueryOfOtherVersion(Version(3), Higher, Warn: true));
    }

    [Fact(DisplayName = "V3-R-3-02 r-el-during-lmq: version 2")]
    public void In_version_2_a_querier_that_loses_finishes_what_it_has_begun_to_ask_and_begins_nothing_new()
    {
        // RFC 2236 §3: "Any Querier to non-Querier transition is ignored during this time; the same router keeps sending the Group-Specific
        // Queries."
        var router = Of(2, Fast with { LastMemberQueryCount = 4 });
        router.V2Report(G1);
        router.V2Report(G2);
        router.Leave(G1);
        router.Wait(0.5);
        router.Forget();

        router.Query(Lower, Dialect.Unspecified, suppress: false, [], robustness: 0, interval: 0, version: 2);
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
        router.Query(Lower, Dialect.Unspecified, suppress: false, [], robustness: 0, interval: 0, version: 2);
        router.Wait(3.9);

        router.V2Report(G1, Host2);
        router.Wait(47);

        router.ShouldBe("EXCLUDE({},{})");
        router.SentSpecific().Should().HaveCount(4);
    }

    [Fact(DisplayName = "V3-R-3-02 r-el-during-lmq: version 2, an answer")]
    public void In_version_2_a_router_that_has_lost_stops_asking_when_it_is_answered()
    {
        // RFC 2236 §7: "until it either receives a Report or its timer expires, at which time it starts performing the actions of a
        // Non-Querier".
        var router = Of(2, Fast with { LastMemberQueryCount = 4 });
        router.V2Report(G1);
        router.Leave(G1);
        router.Query(Lower, Dialect.Unspecified, suppress: false, [], robustness: 0, interval: 0, version: 2);
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
            router => router.Configure(router.Core.Settings with { Version = Version(3) }),
            router => router.Keep(router.Core.ClearGroups(G1, router.Now)),
        ])
        {
            var router = Of(2, Fast with { LastMemberQueryCount = 4 });
            router.V2Report(G1);
            router.Leave(G1);
            router.Query(Lower, Dialect.Unspecified, suppress: false, [], robustness: 0, interval: 0, version: 2);
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

    private RouterUnderTest Of(int version, Timing timing) => NewRouter(timing, new RouterSettings { Version = Version(version) });

    private StateChanged Changed(Address group, int mode) =>
        new(StateChange.CompatibilityModeChanged, group, CompatibilityMode: Version(mode));

    public sealed class Igmp() : OlderVersionTests(Vocabulary.Igmp)
    {
        [Fact(DisplayName = "V3-X-7.3.1-02 x-r-v1-query")]
        public void In_version_1_queries_say_nothing_and_hosts_take_ten_seconds_whatever_is_configured()
        {
            var router = Of(1, Version1Timing with { QueryResponseInterval = Seconds(4) });
            router.V1Report(G1);

            var sent = router.Told<SendQuery>().Should().ContainSingle().Subject;
            sent.Destination.Should().Be(Named("224.0.0.1"));
            sent.Query.Should()
                .BeEquivalentTo(new QueryContent(Generation.Reports, Seconds(10), Dialect.Unspecified, false, 0, TimeSpan.Zero, []));
            router.GroupTimer().Should().Be(Seconds((2 * 20) + (2 * 10)));
            router.Timing.QueryResponseInterval.Should().Be(Seconds(10));
        }

        [Fact]
        public void A_Query_Interval_that_leaves_no_time_to_answer_a_version_1_query_is_refused()
        {
            var short1 = new RouterSettings
            {
                Version = Version(1),
                Timing = new Timing { QueryInterval = Seconds(10), QueryResponseInterval = Seconds(1) },
            };

            short1
                .Invoking(each => each.Validate(Dialect))
                .Should()
                .Throw<ArgumentException>()
                .WithMessage("*Query Response Interval of 10 s in version 1*Query Interval*");
            (short1 with { Version = Version(2) }).Invoking(each => each.Validate(Dialect)).Should().NotThrow();
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

        [Fact]
        public void No_group_is_in_a_newer_mode_than_the_configured_version()
        {
            var two = Of(2, Fast);
            two.V1Report(G1);
            two.V2Report(G2);
            two.Group(G1)!.CompatibilityMode.Should().Be(Version(1));
            two.Group(G2)!.CompatibilityMode.Should().Be(Version(2));
            two.Wait(44);
            two.Group(G1)!.CompatibilityMode.Should().Be(Version(2));
            two.Group(G2)!.CompatibilityMode.Should().Be(Version(2));

            var one = Of(1, Version1Timing);
            one.V2Report(G1);
            one.Group()!.CompatibilityMode.Should().Be(Version(1));
            one.Wait(50);
            one.Group()!.CompatibilityMode.Should().Be(Version(1));
            two.Effects.Concat(one.Effects).OfType<StateChanged>().Where(each => each.What == StateChange.CompatibilityModeChanged)
                .Should().Equal(Changed(G1, 1), Changed(G1, 2));
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

            router.Query(Lower, Dialect.Unspecified, suppress: false, [], version: others);
            router.Query(Lower, G1, suppress: false, [], version: Math.Max(2, others));

            router.State.IsQuerier.Should().BeTrue();
            router.State.Querier.Should().Be(Own);
            router.GroupTimer().Should().Be(Seconds(60));
            router.Wait(5);
            router.Sent().Should().Equal("5 GQ");
        }

        [Fact]
        public void A_version_2_router_that_is_not_the_querier_ignores_leaves()
        {
            // RFC 2236 §3: "Non-Queriers MUST ignore Leave Group messages".
            var router = NonQuerier(Fast, new RouterSettings { Version = Version(2) });
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

        [Theory(DisplayName = "V3-X-7.3.1-04 x-r-v2-query")]
        [InlineData(60, 25.5)]
        [InlineData(0.19, 0.1)]
        public void It_has_tenths_of_seconds_up_to_255(double configured, double told) =>
            The_response_time_of_version_2_is_linear_and_the_timers_are_made_of_what_it_tells(configured, told);

        [Fact(DisplayName = "V3-X-7.3.1-01 x-r-lowest")]
        public void Start_up_queries_of_version_1_are_as_many_and_as_often() => Start_up_queries_are_as_many_and_as_often_as_ever(1);

        [Fact]
        public void Reports_of_version_3_are_unknown_to_version_1() => Reports_of_version_3_are_unknown_to_older_versions(1);

        [Theory(DisplayName = "V3-X-6.6.2-01 x-r-election-v2")]
        [InlineData(3)]
        [InlineData(2)]
        public void The_lower_address_is_elected_by_queries_of_version_1_too(int own) =>
            The_lower_address_is_elected_across_versions(own, 1);

        [Theory(DisplayName = "V3-X-7.3.1-05 x-r-warn-newer, V3-X-7.3.1-06 x-r-warn-older")]
        [InlineData(3, 1)]
        [InlineData(2, 1)]
        [InlineData(1, 2)]
        [InlineData(1, 3)]
        public void Queries_of_another_version_than_1_or_of_that_are_counted_and_warned_of(int own, int others) =>
            Queries_of_another_version_are_counted_each_and_warned_of_once_a_minute(own, others);

        [Fact]
        public void Queries_of_version_1_are_no_reason_to_warn_in_version_1() =>
            Queries_of_the_own_version_and_specific_ones_of_version_2_on_a_version_3_LAN_are_no_reason_to_warn(1, 1);
    }

    public sealed class Mld() : OlderVersionTests(Vocabulary.Mld)
    {
        // RFC 2710 §3.4: milliseconds, 16 bits of them.
        [Theory(DisplayName = "L2-X-8.3.1-02 x-r-v1-query")]
        [InlineData(65.535, 65.535)]
        [InlineData(100, 65.535)]
        [InlineData(0.0019, 0.001)]
        public void It_has_milliseconds_up_to_65535(double configured, double told) =>
            The_response_time_of_version_2_is_linear_and_the_timers_are_made_of_what_it_tells(configured, told);

        [Fact(DisplayName = "L2-X-4-08 x-r-v1-nonquerier-done")]
        public void A_version_1_router_that_is_not_the_querier_ignores_done()
        {
            // RFC 2710 §4: "Non-Queriers MUST ignore Done messages."
            var router = NonQuerier(Fast, new RouterSettings { Version = 1 });
            router.V2Report(G1);
            router.Wait(3);
            var before = router.State.Groups;
            router.Forget();

            router.Leave(G1);
            router.Leave(G9);

            router.State.Groups.Should().BeEquivalentTo(before);
            router.Take().Should().BeEmpty();
        }

        [Fact]
        public void There_are_two_versions_of_which_the_first_has_an_election_and_leaves()
        {
            foreach (var none in (int[])[0, 3])
                new RouterSettings { Version = none }.Invoking(each => each.Validate(Dialect)).Should().Throw<ArgumentException>();
            Dialect.GenerationOf(1).Should().Be(Generation.Leaves);
            Dialect.GenerationOf(2).Should().Be(Generation.Sources);
            Dialect.GenerationOf(null).Should().Be(Generation.Sources);
        }

        [Theory(DisplayName = "L2-X-4-07 x-r-v1-nonquerier-masq")]
        [InlineData(1)]
        [InlineData(2)]
        public void A_version_1_query_that_grants_no_time_leaves_the_members_the_Last_Listener_Query_Time(int own)
        {
            var router = NonQuerier(Fast, new RouterSettings { Version = own });
            router.V2Report(G1);

            router.Query(Lower, G1, suppress: false, [], version: 2, answerWithin: 0);

            router.GroupTimer().Should().Be(Seconds(2));
        }
    }
}
