using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>RFC 9776 §6.6.2 and the adoption of the querier's values (§4.1.6, §4.1.7).</summary>
public abstract class QuerierElectionTests(Vocabulary words) : RouterTests(words)
{
    private Address Between => Named("10.0.0.3");
    private Address High => Named("10.0.0.9");

    [Fact(DisplayName = "V3-R-6.6.2-01 r-el-lower-wins, V3-R-6.6.2-05 r-el-ceases")]
    public void A_General_Query_of_a_lower_address_ends_the_own_queries_at_once()
    {
        var router = NewRouter(Fast);
        router.WaitUntil(24);
        router.Forget();

        router.GeneralQuery(Lower, interval: 20);
        router.Told<StateChanged>().Should().Equal(new StateChanged(StateChange.QuerierChanged, Querier: Lower));
        router.State.IsQuerier.Should().BeFalse();
        router.State.Querier.Should().Be(Lower);
        router.State.OtherQuerierPresentExpires.Should().Be(Seconds(42));
        router.State.GeneralQueryExpires.Should().BeNull();
        router.State.StartupQueriesLeft.Should().Be(0);

        router.Wait(41.9);
        router.Sent().Should().BeEmpty("the query that was due at 25 s is not sent");
    }

    [Fact(DisplayName = "V3-R-3-01 r-el-start-querier")]
    public void Losing_during_the_start_up_queries_ends_them_too()
    {
        var router = NewRouter(Fast);
        router.Wait(1);
        router.Forget();

        router.GeneralQuery(Lower, interval: 20);

        router.Wait(41);
        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-6.6.2-02 r-el-higher-ignored")]
    public void A_higher_address_changes_nothing()
    {
        var router = NewRouter(Fast);
        for (var i = 0; i < 10; i++)
        {
            router.GeneralQuery(Higher, robustness: 5, interval: 99);
            router.Wait(1.7);
        }

        router.Sent().Should().Equal("0 GQ", "5 GQ");
        router.State.IsQuerier.Should().BeTrue();
        router.Timing.Should().Be(Fast);
    }

    [Fact(DisplayName = "V3-R-6.6.2-04 r-el-equal")]
    public void A_query_with_the_own_address_is_dropped()
    {
        var router = NewRouter();
        router.ToEx(G1);
        router.Forget();

        router.GeneralQuery(Own);
        router.Query(Own, G1, suppress: false, []);

        router.Take().Select(each => each.Effect).Should().Equal(new Dropped(DropReason.OwnQuery), new Dropped(DropReason.OwnQuery));
        router.State.IsQuerier.Should().BeTrue();
        router.GroupTimer().Should().Be(router.Gmi);
    }

    [Fact(DisplayName = "V3-R-6.6.2-06 r-el-oqp-refresh, V3-R-6.6.2-07 r-el-takeover, V3-R-8.5-01 tm-oqpi, V3-R-9.1-03 sec-q-forged")]
    public void Each_query_of_the_querier_restarts_the_Other_Querier_Present_timer_and_at_its_end_this_router_queries_at_once()
    {
        var router = NonQuerier(Fast);
        for (var i = 0; i < 12; i++)
        {
            router.GeneralQuery(Lower, interval: 20);
            router.Wait(20);
        }

        router.Wait(22);
        router.State.IsQuerier.Should().BeTrue();
        router.Wait(40);

        router.Sent().Should().Equal("262 GQ", "282 GQ", "302 GQ");
        router.State.Querier.Should().Be(Own);
        router.State.OtherQuerierPresentExpires.Should().BeNull();
    }

    [Fact(DisplayName = "V3-R-8.5-01 tm-oqpi")]
    public void By_default_another_querier_is_believed_for_255_seconds()
    {
        var router = NonQuerier();
        router.Wait(254.999);
        router.Sent().Should().BeEmpty();
        router.Wait(0.001);
        router.Sent().Should().Equal("255 GQ");
    }

    [Fact(DisplayName = "V3-R-6.6.2-08 r-el-third")]
    public void A_still_lower_router_replaces_the_querier()
    {
        var router = NewRouter(Fast, own: High);
        router.GeneralQuery(Named("10.0.0.5"), interval: 20);
        router.Wait(10);
        router.GeneralQuery(Between, interval: 20);

        router.State.Querier.Should().Be(Between);
        router.State.OtherQuerierPresentExpires.Should().Be(Seconds(42));
    }

    [Fact(DisplayName = "V3-R-6.6.2-09 r-el-between: the querier is gone")]
    public void A_dead_querier_is_not_kept_for_being_the_lowest()
    {
        var router = NewRouter(Fast, own: High);
        router.GeneralQuery(Lower, interval: 20);
        router.Forget();

        // 10.0.0.3 takes over a moment before this router would.
        router.Wait(41.99);
        router.GeneralQuery(Between, interval: 20);
        router.State.Querier.Should().Be(Between);
        for (var i = 0; i < 10; i++)
        {
            router.State.IsQuerier.Should().BeFalse();
            router.GeneralQuery(Between, interval: 20);
            router.Wait(20);
        }

        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-6.6.2-09 r-el-between: both take over at once")]
    public void A_router_that_takes_over_yields_to_a_lower_one_that_does_the_same()
    {
        var router = NewRouter(Fast, own: High);
        router.GeneralQuery(Lower, interval: 20);
        router.Forget();
        router.Wait(42);
        router.State.IsQuerier.Should().BeTrue();

        router.GeneralQuery(Between, interval: 20);
        router.Wait(41.9);

        router.State.Querier.Should().Be(Between);
        router.Sent().Should().Equal("42 GQ");
    }

    [Fact(DisplayName = "V3-R-6.6.2-09 r-el-between: the querier is alive")]
    public void A_router_that_starts_up_between_restarts_the_timer_but_is_not_taken_for_the_querier_while_that_is_alive()
    {
        var router = NewRouter(Fast, own: High);
        router.GeneralQuery(Lower, robustness: 3, interval: 20);
        router.Wait(15);
        router.Forget();

        router.GeneralQuery(Between, robustness: 5, interval: 99);

        router.State.Querier.Should().Be(Lower);
        router.State.OtherQuerierPresentExpires.Should().Be(Seconds((3 * 20) + 2), "any lower General Query restarts it");
        router.Timing.RobustnessVariable.Should().Be(3, "the values are the querier's");
        router.Take().Should().BeEmpty();

        // At the end of its Query Interval its next query is due, and may be on the wire.
        router.Wait(5);
        router.GeneralQuery(Between, robustness: 5, interval: 99);
        router.State.Querier.Should().Be(Lower);

        // Had the querier died just before: its Query Interval has passed by the next query.
        router.Wait(0.001);
        router.GeneralQuery(Between, robustness: 5, interval: 99);
        router.State.Querier.Should().Be(Between);
        router.Timing.RobustnessVariable.Should().Be(5);
    }

    [Fact]
    public void The_dead_querier_is_followed_again_when_it_returns()
    {
        var router = NonQuerier(Fast);
        router.Wait(42);
        router.State.IsQuerier.Should().BeTrue();
        router.Forget();

        router.GeneralQuery(Lower, interval: 20);

        router.State.IsQuerier.Should().BeFalse();
        router.State.Querier.Should().Be(Lower);
        router.Wait(40);
        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-2.1.1-01 r-el-zero")]
    public void A_query_from_0_0_0_0_elects_nobody()
    {
        var router = NewRouter();
        router.GeneralQuery(Dialect.Unspecified);
        router.State.IsQuerier.Should().BeTrue();

        var other = NonQuerier();
        other.Wait(10);
        other.GeneralQuery(Dialect.Unspecified, robustness: 7);
        other.State.Querier.Should().Be(Lower);
        other.State.OtherQuerierPresentExpires.Should().Be(Seconds(245));
        other.Timing.RobustnessVariable.Should().Be(2);
    }

    [Fact(DisplayName = "V3-R-4.1.5-01 r-el-s-bit, V3-M-4.1.5-02 m-s-general")]
    public void The_S_flag_does_not_keep_a_query_from_electing()
    {
        var router = NewRouter();
        router.GeneralQuery(Lower, suppress: true);
        router.State.IsQuerier.Should().BeFalse();
    }

    [Fact(DisplayName = "V3-R-4.1.12-02 m-q-dst-any-router")]
    public void A_query_to_the_routers_own_address_counts()
    {
        var router = NewRouter();
        router.Keep(
            router.Core.Receive(
                new Envelope(Lower, Own, 1, true),
                new Query
                {
                    Generation = Generation.Sources,
                    MaxResponseTime = Seconds(10),
                    Group = Dialect.Unspecified,
                    RobustnessVariable = 2,
                    QueryInterval = Seconds(125),
                },
                router.Now));
        router.State.IsQuerier.Should().BeFalse();
    }

    [Fact(DisplayName = "V3-R-3-02 r-el-during-lmq")]
    public void A_querier_that_loses_leaves_its_pending_queries_to_the_winner()
    {
        var router = NewRouter(new Timing { RobustnessVariable = 3 });
        router.ToEx(G1);
        router.Allow(G2, S1, S2);
        router.ToIn(G1);
        router.Block(G2, S1);
        router.Wait(0.5);
        router.Forget();

        router.GeneralQuery(Lower, robustness: 3);
        router.Wait(2.5);

        router.Sent().Should().BeEmpty();
        router.Shape(G1).Should().Be("none", "the timers that were lowered run out");
        router.Shape(G2).Should().Be("INCLUDE({S2})");
    }

    [Fact]
    public void A_router_without_an_address_yields_to_any_that_has_one()
    {
        var router = NewRouter(own: Dialect.Unspecified);
        router.GeneralQuery(Higher);
        router.State.IsQuerier.Should().BeFalse();
    }

    [Fact(DisplayName = "V3-R-4.1.6-02 m-qrv-rx, V3-R-4.1.7-02 m-qqic-rx, V3-R-8.4-02 tm-gmi-adopted, V3-R-8.9-01 tm-lmqc")]
    public void A_non_querier_goes_by_the_queriers_Robustness_Variable_and_Query_Interval()
    {
        var router = NewRouter(Fast);
        router.GeneralQuery(Lower, robustness: 3, interval: 10);
        router.State.OtherQuerierPresentExpires.Should().Be(Seconds((3 * 10) + 2));
        router.ToEx(G1);
        router.GroupTimer().Should().Be(Seconds((3 * 10) + (2 * 4)));
        router.Timing.LastMemberQueryCount.Should().Be(3);

        router.GeneralQuery(Lower, robustness: 4, interval: 208);
        router.Timing.QueryInterval.Should().Be(Seconds(208));
        router.Query(Lower, G2, suppress: true, [], robustness: 5, interval: 20);
        router.Timing.RobustnessVariable.Should().Be(5, "specific queries tell it too");
        router.Timing.QueryInterval.Should().Be(Seconds(20));
    }

    [Fact(DisplayName = "V3-R-4.1.6-03 m-qrv-zero, V3-R-4.1.7-03 m-qqic-zero")]
    public void Zero_in_the_queriers_fields_stands_for_the_configured_values()
    {
        var router = NewRouter(Fast with { RobustnessVariable = 3 });
        router.GeneralQuery(Lower, robustness: 4, interval: 50);
        router.GeneralQuery(Lower, robustness: 0, interval: 0);

        router.Timing.RobustnessVariable.Should().Be(3);
        router.Timing.QueryInterval.Should().Be(Seconds(20));
    }

    [Fact(DisplayName = "V3-R-8-01 tm-consistent")]
    public void A_router_that_becomes_querier_goes_back_to_its_configured_values()
    {
        var router = NewRouter(Fast);
        router.Forget();
        router.GeneralQuery(Lower, robustness: 3, interval: 10);
        router.Wait(32 + 20);

        router.Timing.Should().Be(Fast);
        router
            .Told<SendQuery>()
            .Should()
            .HaveCount(2)
            .And.OnlyContain(each => each.Query.RobustnessVariable == 2 && each.Query.QueryInterval == Seconds(20));
    }

    [Fact(DisplayName = "V3-R-8-01 tm-consistent: rounding")]
    public void The_own_Query_Interval_rounded_by_the_code_of_a_router_configured_alike_is_known_exactly()
    {
        // 300 s is sent as code 0x92: 288 s.
        var router = NewRouter(new Timing { QueryInterval = Seconds(300) });
        router.GeneralQuery(Lower, interval: 288);
        router.Timing.QueryInterval.Should().Be(Seconds(300));
        router.GeneralQuery(Lower, interval: 272);
        router.Timing.QueryInterval.Should().Be(Seconds(272));
    }

    [Fact]
    public void New_settings_of_a_non_querier_lie_below_what_it_has_adopted()
    {
        var router = NonQuerier(Fast);
        router.GeneralQuery(Lower, robustness: 4, interval: 50);
        router.Keep(
            router.Core.Configure(router.Core.Settings with { Timing = Fast with { QueryResponseInterval = Seconds(6) } }, router.Now));

        router.Gmi.Should().Be(Seconds((4 * 50) + (2 * 6)));
        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-9.1-01 r-el-offlink")]
    public void With_the_policy_on_a_query_from_off_link_elects_nobody()
    {
        var settings = new MulticastLab.Membership.Router.RouterSettings { AcceptedSenders = [NamedPrefix("10.0.0.0/24")] };
        var router = NewRouter(settings: settings);
        router.Forget();
        router.GeneralQuery(Named("1.2.3.4"));
        router.Told<Dropped>().Should().Equal(new Dropped(DropReason.OffLinkSource));
        router.State.IsQuerier.Should().BeTrue();

        router.GeneralQuery(Lower);
        router.State.IsQuerier.Should().BeFalse();
    }

    public sealed class Igmp() : QuerierElectionTests(Vocabulary.Igmp)
    {
        [Theory(DisplayName = "V3-R-6.6.2-03 r-el-unsigned")]
        [InlineData("10.0.0.2", "10.0.0.10")]
        [InlineData("10.0.0.10", "10.0.1.2")]
        [InlineData("126.0.0.1", "130.0.0.1")]
        public void Addresses_compare_as_unsigned_numbers_in_network_order(string lower, string higher)
        {
            var loser = NewRouter(own: Named(higher));
            loser.GeneralQuery(Named(lower));
            loser.State.IsQuerier.Should().BeFalse();

            var winner = NewRouter(own: Named(lower));
            winner.GeneralQuery(Named(higher));
            winner.State.IsQuerier.Should().BeTrue();
        }

        [Fact(DisplayName = "V3-R-6.6.2-10 r-el-general-only")]
        public void Specific_queries_elect_nobody()
        {
            var router = NewRouter();
            router.Query(Lower, G1, suppress: true, []);
            router.Query(Lower, G1, suppress: false, [S1]);

            router.State.IsQuerier.Should().BeTrue();
        }
    }

    public sealed class Mld() : QuerierElectionTests(Vocabulary.Mld)
    {
        // RFC 9777 §7.6.2: by the last 64 bits.
        [Theory(DisplayName = "L2-R-7.6.2-03 r-el-compare")]
        [InlineData("fe80::2", "fe80::10")]
        [InlineData("fe80::ffff:ffff", "fe80::1:0:0")]
        [InlineData("fe80::7fff:ffff:ffff:ffff", "fe80::8000:0:0:0")]
        public void Addresses_compare_as_unsigned_numbers_in_network_order(string lower, string higher)
        {
            var loser = NewRouter(own: Address.Parse(higher));
            loser.GeneralQuery(Address.Parse(lower));
            loser.State.IsQuerier.Should().BeFalse();

            var winner = NewRouter(own: Address.Parse(lower));
            winner.GeneralQuery(Address.Parse(higher));
            winner.State.IsQuerier.Should().BeTrue();
        }

        [Theory(DisplayName = "L2-R-7.6.2-10 r-el-any-query")]
        [InlineData(true)]
        [InlineData(false)]
        public void Specific_queries_elect_too(bool withSources)
        {
            var router = NewRouter(Fast);
            router.Query(Higher, G1, suppress: true, withSources ? [S1] : []);
            router.State.IsQuerier.Should().BeTrue();

            router.Query(Lower, G1, suppress: true, withSources ? [S1] : [], interval: 20);

            router.State.IsQuerier.Should().BeFalse();
            router.State.Querier.Should().Be(Lower);
            router.State.OtherQuerierPresentExpires.Should().Be(Seconds(42));
        }

        // RFC 9777 §5.1.14, §7.4.
        [Theory(DisplayName = "L2-R-7.6.2-12 r-el-offlink")]
        [InlineData("2001:db8::1", 1, true, DropReason.OffLinkSource)]
        [InlineData("fe80::1", 2, true, DropReason.HopLimit)]
        [InlineData("fe80::1", 1, false, DropReason.RouterAlertMissing)]
        public void A_query_that_may_come_from_elsewhere_elects_nobody(string from, byte hopLimit, bool routerAlert, DropReason reason)
        {
            var router = NewRouter();
            router.Forget();
            router.Keep(
                router.Core.Receive(
                    new Envelope(Address.Parse(from), Dialect.AllSystems, hopLimit, routerAlert),
                    new Query
                    {
                        Generation = Generation.Sources,
                        MaxResponseTime = Seconds(10),
                        Group = Dialect.Unspecified,
                        RobustnessVariable = 2,
                        QueryInterval = Seconds(125),
                    },
                    router.Now));

            router.Told<Dropped>().Should().Equal(new Dropped(reason));
            router.State.IsQuerier.Should().BeTrue();
        }

        [Fact(DisplayName = "L2-R-5.1.14-01 m-q-src-tx")]
        public void A_router_without_a_link_local_address_is_silent_until_it_has_one()
        {
            foreach (var none in (Address[])[Address.AnyV6, Address.Parse("2001:db8::1")])
            {
                var router = NewRouter(Fast, own: none);
                router.ToEx(G1);
                router.ToIn(G1);
                router.Wait(100);
                router.Sent().Should().BeEmpty();

                router.Keep(router.Core.LinkUp(Own, router.Now));
                router.Wait(5);
                router.Sent().Should().Equal("100 GQ", "105 GQ");
            }
        }
    }
}
