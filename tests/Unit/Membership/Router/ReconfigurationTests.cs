using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>Changes of the configuration while the router runs: no known state is lost, nothing that is due is postponed.</summary>
public abstract class ReconfigurationTests(Vocabulary words) : RouterTests(words)
{
    public static TheoryData<string, Timing> Changes => new()
    {
        { "Robustness Variable", Fast with { RobustnessVariable = 3 } },
        { "longer Query Interval", Fast with { QueryInterval = Seconds(60) } },
        { "shorter Query Interval", Fast with { QueryInterval = Seconds(10) } },
        { "Query Response Interval", Fast with { QueryResponseInterval = Seconds(8) } },
        { "Startup Query Interval", Fast with { StartupQueryInterval = Seconds(50) } },
        { "Startup Query Count", Fast with { StartupQueryCount = 7 } },
        { "Last Member Query Interval", Fast with { LastMemberQueryInterval = Seconds(3) } },
        { "Last Member Query Count", Fast with { LastMemberQueryCount = 5 } },
    };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_again_does_nothing_however_often_it_comes(int version)
    {
        var timing = new Timing { QueryInterval = Seconds(20), StartupQueryInterval = Seconds(25), StartupQueryCount = 3 };
        var settings = new RouterSettings { Version = Version(version), Timing = timing };
        var (rewritten, left) = (NewRouter(timing, settings), NewRouter(timing, settings));
        foreach (var router in (RouterUnderTest[])[rewritten, left])
        {
            router.V2Report(G1);
            router.OldestReport(G2);
            router.Leave(G1);
        }

        for (var second = 0; second < 100; second++)
        {
            // Equal, but not the same object.
            rewritten.Configure(settings with { Timing = timing with { } });
            rewritten.Core.NextDue.Should().Be(left.Core.NextDue);
            rewritten.State.Should().BeEquivalentTo(left.State);
            rewritten.Wait(1);
            left.Wait(1);
        }

        rewritten.Sent().Should().Equal(left.Sent());
        rewritten.Effects.Select(each => each.ToString()).Should().Equal(left.Effects.Select(each => each.ToString()));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void No_change_of_a_timer_puts_off_a_query_or_loses_a_group(string what, Timing changed)
    {
        var router = NewRouter(Fast);
        router.ToEx(G1, S1);
        router.Allow(G2, S2);
        router.V2Report(G9);
        router.Wait(8);
        var before = router.State;
        router.Forget();

        router.Configure(new RouterSettings { Timing = changed });

        router.Take().Should().BeEmpty("a change of the {0} sends and tells nothing", what);
        router.State.Groups.Should().BeEquivalentTo(before.Groups);
        router.State.GeneralQueryExpires.Should().BeLessThanOrEqualTo(before.GeneralQueryExpires!.Value);
        router.Timing.Should().Be(changed);

        // New events go by the new values.
        var gmi = (changed.RobustnessVariable * changed.QueryInterval) + (2 * changed.QueryResponseInterval);
        router.V2Report(G1);
        router.GroupTimer().Should().Be(gmi);
        Version2HostPresentExpires(router.Group()).Should().Be(gmi - changed.QueryResponseInterval);
        router.Leave(G1);
        router.GroupTimer().Should().Be(changed.LastMemberQueryInterval * changed.LastMemberQueryCount);
    }

    [Fact]
    public void A_longer_Query_Interval_counts_from_the_next_query_on_and_a_shorter_one_at_once()
    {
        var router = NewRouter(Fast);
        router.WaitUntil(10);
        router.Forget();
        router.Configure(new RouterSettings { Timing = Fast with { QueryInterval = Seconds(60) } });
        router.WaitUntil(90);
        router.Configure(new RouterSettings { Timing = Fast });
        router.WaitUntil(130);

        router.Sent().Should().Equal("25 GQ", "85 GQ", "110 GQ", "130 GQ");
    }

    [Fact]
    public void Changing_the_interval_again_and_again_cannot_silence_a_querier()
    {
        var router = NewRouter(Fast);
        router.WaitUntil(25);
        router.Forget();
        for (var i = 0; i < 60; i++)
        {
            router.Configure(new RouterSettings { Timing = Fast with { QueryInterval = Seconds(i % 2 == 0 ? 21 : 20) } });
            router.Wait(1);
        }

        router.Sent().Should().HaveCountGreaterThanOrEqualTo(2);
    }

    [Fact]
    public void A_start_up_under_way_goes_on_with_the_new_interval_and_to_the_new_count()
    {
        var router = NewRouter(Fast with { StartupQueryInterval = Seconds(15), StartupQueryCount = 3 });
        router.Wait(1);
        router.Configure(new RouterSettings { Timing = Fast with { StartupQueryInterval = Seconds(2), StartupQueryCount = 4 } });
        router.State.StartupQueriesLeft.Should().Be(3);
        router.Wait(4);
        router.Sent().Should().Equal("0 GQ", "3 GQ", "5 GQ");

        router.Configure(new RouterSettings { Timing = Fast with { StartupQueryInterval = Seconds(2), StartupQueryCount = 1 } });
        router.State.StartupQueriesLeft.Should().Be(0);
        router.Wait(30);
        router.Sent().Should().Equal("7 GQ", "27 GQ");
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    public void A_querier_tells_a_new_version_at_once_by_start_up_queries_and_keeps_its_groups(int from, int to)
    {
        var timing = new Timing { QueryInterval = Seconds(20) };
        var router = NewRouter(timing, new RouterSettings { Version = Version(from) });
        router.V2Report(G1);
        router.OldestReport(G2);
        router.WaitUntil(12);
        var groups = router.State.Groups;
        router.Forget();

        router.Configure(new RouterSettings { Version = Version(to), Timing = timing });

        router.State.Version.Should().Be(Version(to));
        router
            .State.Groups.Select(each => each with { CompatibilityMode = 0 })
            .Should()
            .BeEquivalentTo(groups.Select(each => each with { CompatibilityMode = 0 }));
        router.Wait(26);
        var queries = router.Take().Where(each => each.Effect is SendQuery).ToList();
        queries.Select(each => each.At.TotalSeconds).Should().Equal(12, 17, 37);
        queries
            .Select(each => ((SendQuery)each.Effect).Query.Generation)
            .Should()
            .OnlyContain(generation => Dialect.VersionOf(generation) == Version(to));
    }

    [Fact]
    public void Sources_that_version_3_has_learnt_go_on_until_reports_of_version_2_replace_them()
    {
        var router = NewRouter(Fast);
        router.Allow(G1, S1);
        router.IsEx(G2, S2, S3);
        router.Allow(G2, S2);
        router.Wait(5);

        router.Configure(new RouterSettings { Version = Version(2), Timing = Fast });
        router.ShouldBe("INCLUDE({S1})", G1);
        router.ShouldBe("EXCLUDE({S2},{S3})", G2);
        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.V2Report(G1);
        router.V2Report(G2);

        router.ShouldBe("EXCLUDE({},{})", G1);
        router.ShouldBe("EXCLUDE({},{})", G2);
    }

    [Fact]
    public void What_was_being_asked_in_the_old_version_is_not_lost_with_the_answer()
    {
        // A member answers in version 3, which the router no longer understands.
        var router = NewRouter(Fast);
        router.Allow(G1, S1, S2);
        router.ToEx(G2);
        router.Wait(5);
        router.Block(G1, S1);
        router.ToIn(G2);
        router.Timer(S1).Should().Be(Seconds(2));
        router.GroupTimer(G2).Should().Be(Seconds(2));
        router.Forget();

        router.Configure(new RouterSettings { Version = Version(2), Timing = Fast });
        router.IsIn(G1, S1);
        router.Wait(10);

        router.SentSpecific().Should().BeEmpty("a version 2 query cannot name sources, and the General Query asks everybody");
        router.Timer(S1).Should().Be(Seconds(38));
        router.Timer(S2).Should().Be(Seconds(48 - 15), "it was not asked for");
        router.GroupTimer(G2).Should().Be(Seconds(38));
    }

    [Fact]
    public void In_version_2_a_leave_of_a_group_with_sources_of_version_3_times_asks_for_the_group()
    {
        var router = NewRouter(Fast);
        router.Allow(G1, S1, S2);
        router.Configure(new RouterSettings { Version = Version(2), Timing = Fast });
        router.Forget();

        router.Leave(G1);
        router.Wait(2);

        router.SentSpecific().Should().Equal("0 Q(G1)", "1 Q(G1)");
        router.ShouldBe("none");
    }

    [Fact]
    public void A_router_that_is_not_the_querier_stays_so_under_its_querier()
    {
        var router = NonQuerier(new Timing { QueryInterval = Seconds(20) });
        router.V2Report(G1);
        router.Configure(router.Core.Settings with { Version = Version(2) });
        router.State.Querier.Should().Be(Lower);
        router.State.OtherQuerierPresentExpires.Should().NotBeNull();
        router.Sent().Should().BeEmpty();
    }

    [Fact]
    public void A_version_set_while_the_interface_is_down_counts_when_it_comes_up()
    {
        var router = NewRouter(Fast, up: false);
        router.Configure(new RouterSettings { Version = Version(2), Timing = Fast });
        router.Sent().Should().BeEmpty();
        router.Core.NextDue.Should().Be(Instant.Never);

        router.Keep(router.Core.LinkUp(Own, router.Now));

        router.Told<SendQuery>().Should().ContainSingle().Which.Query.Generation.Should().Be(Generation.Leaves);
    }

    public sealed class Igmp() : ReconfigurationTests(Vocabulary.Igmp)
    {
        [Fact]
        public void A_new_version_is_the_newest_mode_of_all_groups_and_members_of_older_ones_stay_known()
        {
            var router = NewRouter(new Timing { QueryInterval = Seconds(20) });
            router.V1Report(G1);
            router.V2Report(G2);
            router.ToEx(G9);

            router.Configure(router.Core.Settings with { Version = Version(2) });
            Modes().Should().Equal(1, 2, 2);
            router.Configure(router.Core.Settings with { Version = Version(1) });
            Modes().Should().Equal(1, 1, 1);
            router.Configure(router.Core.Settings with { Version = Version(3) });
            Modes().Should().Equal(1, 2, 3);

            IEnumerable<int> Modes() => router.State.Groups.Select(each => each.CompatibilityMode);
        }

        [Fact]
        public void As_one_of_version_1_which_has_no_querier_it_queries_itself()
        {
            var router = NonQuerier(new Timing { QueryInterval = Seconds(20) });
            router.V2Report(G1);

            router.Configure(router.Core.Settings with { Version = Version(1) });

            router.Sent().Should().Equal("0 GQ");
            router.State.Querier.Should().Be(Own);
            router.State.OtherQuerierPresentExpires.Should().BeNull();
            router.ShouldBe("EXCLUDE({},{})");
        }

        [Fact]
        public void The_same_again_does_nothing_in_version_1() => The_same_again_does_nothing_however_often_it_comes(1);

        [Theory]
        [InlineData(3, 1)]
        [InlineData(2, 1)]
        [InlineData(1, 3)]
        [InlineData(1, 2)]
        public void A_querier_of_version_1_or_that_was_tells_it_likewise(int from, int to) =>
            A_querier_tells_a_new_version_at_once_by_start_up_queries_and_keeps_its_groups(from, to);
    }

    public sealed class Mld() : ReconfigurationTests(Vocabulary.Mld);
}
