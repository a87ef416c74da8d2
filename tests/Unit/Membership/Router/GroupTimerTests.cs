using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>Group and source timers and what happens when they expire: RFC 9776 §6.2.2, §6.2.3, §6.5; times to the millisecond.</summary>
public abstract class GroupTimerTests(Vocabulary words) : RouterTests(words)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact(DisplayName = "V3-R-8.4-01 tm-gmi, V3-R-6.2.2-02 r-gt-expiry-delete, V3-R-6.5-02 r-switch-empty")]
    public void An_EXCLUDE_group_without_forwarded_sources_goes_at_the_Group_Membership_Interval_without_a_query()
    {
        var router = NewRouter();
        router.IsEx(G1, S3);
        router.Wait(Seconds(270) - Moment);
        router.ShouldBe("EXCLUDE({},{S3})");
        router.Forget();

        router.Wait(Moment);

        router.ShouldBe("none");
        router.Take().Select(each => each.Effect).Should().Equal(
            new StateChanged(StateChange.SourceRemoved, G1, S3), new StateChanged(StateChange.GroupRemoved, G1), new ForwardingChanged(G1));
    }

    // §6.5: such a source is not forwarded any more, so there is no INCLUDE mode in between, whichever timer is looked at first.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_group_whose_last_source_ends_at_the_same_instant_goes_at_once(bool groupFirst)
    {
        var router = NonQuerier(Fast);
        router.IsEx(G1);
        router.Allow(G1, S1);
        Address[][] queries = groupFirst ? [[], [S1]] : [[S1], []];
        foreach (var sources in queries)
            router.Query(Lower, G1, suppress: false, sources, interval: 20);
        (router.GroupTimer(), router.Timer(S1)).Should().Be((Seconds(2), Seconds(2)));
        router.Forget();

        router.Wait(2);

        router.ShouldBe("none");
        router.Told<StateChanged>().Select(each => each.What).Should()
            .NotContain(StateChange.FilterModeChanged).And.EndWith(StateChange.GroupRemoved);
    }

    [Fact(DisplayName = "V3-R-6.2.3-02 r-st-include-expiry, V3-R-6.3-01 r-st-include-last, V3-R-8.4-01 tm-gmi")]
    public void A_source_of_an_INCLUDE_group_goes_with_its_timer_and_the_group_with_its_last_source()
    {
        var router = NewRouter(Fast);
        router.IsIn(G1, S1, S2);
        router.Wait(20);
        router.IsIn(G1, S2);

        router.Wait(Seconds(28) - Moment);
        router.ShouldBe("INCLUDE({S1,S2})");
        router.Wait(Moment);
        router.ShouldBe("INCLUDE({S2})");
        router.Wait(Seconds(20) - Moment);
        router.ShouldBe("INCLUDE({S2})");
        router.Wait(Moment);
        router.ShouldBe("none");
    }

    [Fact(DisplayName = "V3-R-6.2.3-03 r-st-exclude-expiry, V3-R-6.3-06 r-fwd-exc-zero")]
    public void A_source_of_an_EXCLUDE_group_is_blocked_at_the_end_of_its_timer()
    {
        var router = NewRouter(Fast);
        router.IsEx(G1);
        router.IsIn(G1, S1);
        for (var i = 0; i < 4; i++)
        {
            router.Wait(10);
            router.IsEx(G1, S1);
        }

        router.Wait(Seconds(8) - Moment);
        router.ShouldBe("EXCLUDE({S1},{})");
        router.Forget();
        router.Wait(Moment);

        router.ShouldBe("EXCLUDE({},{S1})");
        router
            .Take()
            .Select(each => each.Effect)
            .Should()
            .Equal(new StateChanged(StateChange.SourceBlocked, G1, S1), new ForwardingChanged(G1));
        router.Core.Forwards(S1, G1).Should().BeFalse();
        router.Core.Forwards(S2, G1).Should().BeTrue();
    }

    [Fact(DisplayName = "V3-R-6.2.3-04 r-st-exclude-only-gt-deletes")]
    public void A_blocked_source_stays_as_long_as_its_group_is_refreshed()
    {
        var router = NewRouter(Fast);
        for (var i = 0; i < 10; i++)
        {
            router.IsEx(G1, S1);
            router.Wait(10);
        }

        router.ShouldBe("EXCLUDE({},{S1})");
    }

    [Fact(DisplayName = "V3-R-6.2.2-03 r-gt-expiry-switch, V3-R-6.5-01 r-switch-x")]
    public void At_the_end_of_the_group_timer_the_forwarded_sources_stay_in_INCLUDE_mode_with_their_timers()
    {
        var router = NewRouter(Fast);
        router.IsEx(G1, S1);
        router.Wait(40);
        router.IsIn(G1, S2);
        router.Forget();

        router.Wait(8);

        router.ShouldBe("INCLUDE({S2})");
        router.Timer(S2).Should().Be(Seconds(40));
        router.GroupTimer().Should().Be(TimeSpan.Zero);
        router.Told<StateChanged>().Should().Equal(
            new StateChanged(StateChange.SourceRemoved, G1, S1), new StateChanged(StateChange.FilterModeChanged, G1));
    }

    [Theory(DisplayName = "V3-R-6.5-03 r-switch-same-time")]
    [InlineData(true)]
    [InlineData(false)]
    public void Group_and_source_timers_that_end_together_leave_nothing(bool groupFirst)
    {
        var router = NewRouter(Fast);
        if (groupFirst)
        {
            router.IsEx(G1);
            router.IsIn(G1, S1, S2, S3);
        }
        else
        {
            router.IsIn(G1, S1, S2, S3);
            router.IsEx(G1, S1, S2, S3);
        }

        router.Wait(48);

        router.ShouldBe("none");
        router.State.Groups.Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-6.2.2-01 r-gt-only-exclude")]
    public void No_stale_group_timer_ends_an_INCLUDE_group()
    {
        var router = NewRouter(Fast);
        router.IsEx(G1);
        router.IsIn(G1, S1);
        for (var i = 0; i < 20; i++)
        {
            router.Wait(10);
            router.IsIn(G1, S1);
        }

        router.ShouldBe("INCLUDE({S1})");
        router.IsEx(G1, S1);
        router.GroupTimer().Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-R-6.2.3-01 r-st-always-updated, V3-R-6.1-02 r-gq-refresh")]
    public void A_refresh_sets_the_timer_to_the_whole_interval_again()
    {
        var router = NewRouter(Fast);
        router.IsIn(G1, S1);
        router.IsEx(G2);
        for (var i = 0; i < 10; i++)
        {
            router.Wait(24);
            router.IsIn(G1, S1);
            router.IsEx(G2);
            router.Timer(S1).Should().Be(Seconds(48));
            router.GroupTimer(G2).Should().Be(Seconds(48));
        }
    }

    [Theory(DisplayName = "V3-R-8.1-02 tm-rv-loss")]
    [InlineData(2)]
    [InlineData(3)]
    public void A_membership_survives_one_lost_round_less_than_the_Robustness_Variable(int robustness)
    {
        var router = NewRouter(Fast with { RobustnessVariable = robustness });
        router.IsEx(G1);
        for (var i = 0; i < 5; i++)
        {
            // The worst case: an early answer, lost rounds, and a late answer to the next query.
            router.Wait((robustness * 20) + 4);
            router.IsEx(G1);
        }

        router.ShouldBe("EXCLUDE({},{})");
        router.Told<StateChanged>().Should().NotContain(each => each.What == StateChange.GroupRemoved);
    }

    [Fact(DisplayName = "V3-R-6.2-01 r-state-shape")]
    public void The_dump_has_the_group_its_mode_its_timer_its_age_its_last_reporter_and_its_sources_in_order()
    {
        var router = NewRouter(Fast);
        router.Wait(1);
        router.IsEx(G1, S3, S1, S2);
        router.Wait(2);
        router.ReportFrom(Host2, new RecordContent(RecordType.Allow, G1, [S2]));
        router.Wait(3);

        router
            .Group()
            .Should()
            .BeEquivalentTo(
                new MulticastLab.Membership.State.GroupState
                {
                    Group = G1,
                    Mode = FilterMode.Exclude,
                    Expires = Seconds(43),
                    UpTime = Seconds(5),
                    LastReporter = Host2,
                    CompatibilityMode = Version(3),
                    Sources =
                    [
                        new() { Source = S1, Expires = TimeSpan.Zero }, new() { Source = S2, Expires = Seconds(45) },
                        new() { Source = S3, Expires = TimeSpan.Zero }],
                },
                options => options.WithStrictOrdering());
    }

    [Fact(DisplayName = "V3-R-6.2.1-01 r-mode-exclude-wins, V3-R-6.2.1-02 r-mode-two-sets")]
    public void One_EXCLUDE_member_makes_the_group_EXCLUDE_and_INCLUDE_records_do_not_bring_it_back()
    {
        var router = NewRouter(Fast);
        router.IsIn(G1, S1);
        router.IsEx(G1);
        router.IsIn(G1, S1);
        router.Allow(G1, S2);
        router.ToIn(G1, S1);
        router.Wait(1);
        router.IsEx(G1, S1, S2);
        router.Wait(3);
        router.Group()!.Mode.Should().Be(FilterMode.Exclude);

        router.IsEx(G2, S1, S2);
        router.ShouldBe("EXCLUDE({},{S1,S2})", G2);
        router.IsIn(G2, S1);
        router.ShouldBe("EXCLUDE({S1},{S2})", G2);
    }

    public sealed class Igmp() : GroupTimerTests(Vocabulary.Igmp);

    public sealed class Mld() : GroupTimerTests(Vocabulary.Mld);
}
