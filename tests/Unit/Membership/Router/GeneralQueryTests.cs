using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

public abstract class GeneralQueryTests(Vocabulary words) : RouterTests(words)
{
    [Fact(DisplayName = "V3-R-8.7-01 r-startup-count, V3-R-3-01 r-el-start-querier")]
    public void A_router_starts_as_querier_with_Startup_Query_Count_queries_a_Startup_Query_Interval_apart_and_then_one_per_Query_Interval()
    {
        var router = NewRouter(new Timing { RobustnessVariable = 3, QueryInterval = Seconds(40) });
        router.State.Querier.Should().Be(Own);
        router.State.IsQuerier.Should().BeTrue();
        router.State.StartupQueriesLeft.Should().Be(2);

        router.Wait(140);

        router.Sent().Should().Equal("0 GQ", "10 GQ", "20 GQ", "60 GQ", "100 GQ", "140 GQ");
        router.State.StartupQueriesLeft.Should().Be(0);
    }

    [Theory(DisplayName = "V3-R-8.6-01 r-startup-interval, V3-R-8.2-01 tm-qi, V3-R-6.1-01 r-gq-periodic")]
    [InlineData(125, 31.25)]
    [InlineData(20, 5)]
    public void The_Startup_Query_Interval_is_a_quarter_of_the_Query_Interval(double interval, double startup)
    {
        var router = NewRouter(Fast with { QueryInterval = Seconds(interval) });

        router.Wait(startup + (10 * interval));

        router.Take().Where(each => each.Effect is SendQuery).Select(each => each.At.TotalSeconds)
            .Should().Equal([0, .. Enumerable.Range(0, 11).Select(i => startup + (i * interval))]);
    }

    [Fact(DisplayName = "V3-R-6.1-01 r-gq-periodic, V3-R-8.1-01 tm-rv-default, V3-R-8.3-01 tm-qri, V3-R-4.1.12-01 m-q-dst")]
    public void A_General_Query_tells_the_Query_Response_Interval_the_Robustness_Variable_and_the_Query_Interval()
    {
        var sent = NewRouter().Told<SendQuery>().Should().ContainSingle().Subject;

        sent.Destination.Should().Be(Named("224.0.0.1"));
        sent.Query.Should()
            .BeEquivalentTo(new QueryContent(Generation.Sources, Seconds(10), Dialect.Unspecified, false, 2, Seconds(125), []));
    }

    [Fact(DisplayName = "V3-S-3.2-01 s-r-gq")]
    public void Source_specific_groups_change_nothing_about_General_Queries()
    {
        var router = NewRouter(Fast);
        var before = router.Told<SendQuery>().Single();
        router.Allow(Named("232.1.1.1"), S1);

        router.Wait(5);

        router.Told<SendQuery>().Should().ContainSingle().Which.Should().BeEquivalentTo(before);
    }

    [Theory(DisplayName = "V3-R-4.1.6-01 m-qrv-tx")]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(7, 7)]
    [InlineData(8, 0)]
    [InlineData(9, 0)]
    [InlineData(255, 0)]
    public void A_Robustness_Variable_above_7_is_sent_as_0(int robustness, int sent)
    {
        var router = NewRouter(new Timing { RobustnessVariable = robustness });
        router.ToEx(G1);
        router.ToIn(G1);

        router.Told<SendQuery>().Select(each => each.Query.RobustnessVariable).Should().Equal(sent, sent);
    }

    [Fact]
    public void A_router_that_slept_sends_one_query_not_all_that_it_has_missed()
    {
        var router = NewRouter(Fast);
        router.Forget();
        router.Keep(router.Core.Advance(Instant.Epoch + Seconds(1000)));

        router.Told<SendQuery>().Should().ContainSingle("those that it has missed answer nobody's need now");
        router.Core.NextDue.Should().Be(Instant.Epoch + Seconds(1020));
    }

    [Fact(DisplayName = "V3-R-6-05 r-ifdown")]
    public void An_interface_that_goes_down_loses_its_state_and_starts_anew_when_it_comes_up()
    {
        var router = NewRouter(Fast);
        router.ToEx(G1, S1);
        router.Allow(G2, S1);
        router.Block(G2, S1);
        router.Wait(0.5);
        router.Forget();

        router.Keep(router.Core.LinkDown(router.Now));

        router.Told<ForwardingChanged>().Select(each => each.Group).Should().BeEquivalentTo([G1, G2]);
        router.State.Up.Should().BeFalse();
        router.State.Querier.Should().BeNull();
        router.State.Groups.Should().BeEmpty();
        router.Core.Forwards(S2, G1).Should().BeFalse();
        router.Core.NextDue.Should().Be(Instant.Never, "nothing runs while the interface is down");
        router.ToEx(G1);
        router.GeneralQuery(Lower);
        router.Told<Dropped>().Select(each => each.Reason).Should().Equal(DropReason.InterfaceDown, DropReason.InterfaceDown);

        router.WaitUntil(100);
        router.Forget();
        router.Keep(router.Core.LinkUp(Own, router.Now));
        router.Wait(5);
        router.Sent().Should().Equal("100 GQ", "105 GQ");
        router.State.Groups.Should().BeEmpty();
    }

    [Fact]
    public void Hearing_again_that_the_link_is_up_changes_nothing_but_a_new_address_begins_anew_and_keeps_the_groups()
    {
        var router = NewRouter(Fast);
        router.ToEx(G1);
        router.Wait(10);
        router.Forget();
        router.Keep(router.Core.LinkUp(Own, router.Now));
        router.Take().Should().BeEmpty();

        router.Keep(router.Core.LinkUp(Lower, router.Now));

        router.Sent().Should().Equal("10 GQ");
        router.State.Querier.Should().Be(Lower);
        router.ShouldBe("EXCLUDE({},{})");
    }

    [Fact(DisplayName = "V3-R-8-02 tm-defaults-dump")]
    public void New_settings_apply_to_new_events_and_hasten_the_next_query()
    {
        var router = NewRouter();
        router.ToEx(G1);
        router.WaitUntil(32);
        router.Forget();

        router.Keep(router.Core.Configure(new RouterSettings { Timing = Fast }, router.Now));

        router.GroupTimer().Should().Be(Seconds(270 - 32), "running timers keep their time");
        router.ToEx(G2);
        router.GroupTimer(G2).Should().Be(Seconds(48));
        router.Timing.StartupQueryInterval.Should().Be(Seconds(5));
        router.Wait(40);
        router.Sent().Should().Equal("52 GQ", "72 GQ");
    }

    [Fact]
    public void Cleared_groups_are_asked_for_at_once_and_the_regular_queries_come_in_their_time()
    {
        var router = NewRouter(Fast);
        router.ToEx(G1);
        router.IsIn(G2, S1);
        router.WaitUntil(7);
        router.Forget();

        router.Keep(router.Core.ClearGroups(G1, router.Now));
        router.ShouldBe("none");
        router.ShouldBe("INCLUDE({S1})", G2);
        router.Wait(1);
        router.Keep(router.Core.ClearGroups(null, router.Now));
        router.ShouldBe("none", G2);
        router.Keep(router.Core.ClearGroups(null, router.Now));
        router.Keep(router.Core.ClearGroups(G1, router.Now));

        router.WaitUntil(50);
        router.Sent().Should().Equal("7 GQ", "8 GQ", "25 GQ", "45 GQ");
        router.IsEx(G1);
        router.GroupTimer().Should().Be(router.Gmi, "a member that answers is back");
    }

    [Fact]
    public void Who_is_not_the_querier_clears_in_silence()
    {
        var router = NonQuerier();
        router.ToEx(G1);
        router.Forget();

        router.Keep(router.Core.ClearGroups(null, router.Now));

        router.ShouldBe("none");
        router.Sent().Should().BeEmpty();
    }

    [Theory(DisplayName = "V3-R-8.1-01 tm-rv-default, V3-R-8.3-01 tm-qri, V3-R-8.14.2-01 tm-qi-ge-mrt")]
    [InlineData("Robustness Variable", 0, 125, 10, 1, 1500)]
    [InlineData("Robustness Variable", 256, 125, 10, 1, 1500)]
    [InlineData("Query Response Interval", 2, 10, 10, 1, 1500)]
    [InlineData("Query Response Interval", 2, 5, 10, 1, 1500)]
    [InlineData("Query Response Interval", 2, 125, 0.0009, 1, 1500)]
    [InlineData("Query Interval", 2, 0, 10, 1, 1500)]
    [InlineData("Last Member Query Interval", 2, 125, 10, 0.0005, 1500)]
    [InlineData("MTU", 2, 125, 10, 1, 39)]
    public void Settings_beyond_the_protocols_limits_are_refused_by_name(
        string name, int robustness, double interval, double response, double lastMember, int mtu)
    {
        var settings = new RouterSettings
        {
            Mtu = mtu,
            Timing = new Timing
            {
                RobustnessVariable = robustness,
                QueryInterval = Seconds(interval),
                QueryResponseInterval = Seconds(response),
                LastMemberQueryInterval = Seconds(lastMember),
            },
        };
        var router = NewRouter();

        var making = () => new RouterInterface("eth0", Dialect, settings);
        var changing = () => router.Core.Configure(settings, router.Now);

        making.Should().Throw<ArgumentException>().WithMessage($"*{name}*");
        changing.Should().Throw<ArgumentException>().WithMessage($"*{name}*");
        router.Timing.Should().Be(Timing.Default);
    }

    [Fact]
    public void Counts_below_one_and_versions_that_are_none_are_refused()
    {
        foreach (var settings in new[]
        {
            new RouterSettings { Timing = new Timing { LastMemberQueryCount = 0 } },
            new RouterSettings { Timing = new Timing { StartupQueryCount = 0 } },
            new RouterSettings { Timing = new Timing { StartupQueryInterval = TimeSpan.Zero } },
            new RouterSettings { Version = 0 },
            new RouterSettings { Version = 4 },
            new RouterSettings { OldestVersion = 0 },
            new RouterSettings { Version = Version(2), OldestVersion = Version(3) },
        })
        {
            settings.Invoking(each => each.Validate(Dialect)).Should().Throw<ArgumentException>();
        }
    }

    public sealed class Igmp() : GeneralQueryTests(Vocabulary.Igmp)
    {
        [Fact(DisplayName = "V3-M-8.8-01 m-mrc-encode")]
        public void Response_times_and_the_timers_made_of_them_are_those_that_the_code_can_tell()
        {
            // 12.9 s is code 0x80 (12.8 s); 0.55 s is 5 tenths.
            var router = NewRouter(new Timing { QueryResponseInterval = Seconds(12.9), LastMemberQueryInterval = Seconds(0.55) });
            router.Told<SendQuery>().Single().Query.MaxResponseTime.Should().Be(Seconds(12.8));
            router.ToEx(G1);
            router.GroupTimer().Should().Be(Seconds((2 * 125) + (2 * 12.8)));

            router.ToIn(G1);
            router.Wait(2);

            router.SentSpecific().Should().Equal("0 Q(G1)", "0.5 Q(G1)");
            router.ShouldBe("none");
        }
    }

    public sealed class Mld() : GeneralQueryTests(Vocabulary.Mld)
    {
        // RFC 9777 §5.1.3, §9.8: milliseconds up to 32,767, then a mantissa of 12 bits: 33.333 s is code 0x8023 (33.304 s).
        [Fact(DisplayName = "L2-M-9.8-01 m-mrc-encode")]
        public void Response_times_and_the_timers_made_of_them_are_those_that_the_code_can_tell()
        {
            var router = NewRouter(new Timing { QueryResponseInterval = Seconds(33.333), LastMemberQueryInterval = Seconds(0.5555) });
            router.Told<SendQuery>().Single().Query.MaxResponseTime.Should().Be(Seconds(33.328));
            router.ToEx(G1);
            router.GroupTimer().Should().Be(Seconds((2 * 125) + (2 * 33.328)));

            router.ToIn(G1);
            router.Wait(2);

            router.SentSpecific().Should().Equal("0 Q(G1)", "0.555 Q(G1)");
            router.ShouldBe("none");
        }
    }
}
