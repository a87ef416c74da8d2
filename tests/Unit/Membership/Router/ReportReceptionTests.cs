using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>Which reports and records count, and for what: RFC 9776 §4.2, §6.3, §6.4, §9; RFC 4604.</summary>
public abstract class ReportReceptionTests(Vocabulary words) : RouterTests(words)
{
    private Address Ssm1 => Named("232.1.1.1");
    private Address Ssm2 => Named("232.1.1.2");

    private readonly RouterUnderTest router = new(words, Fast);

    [Fact(DisplayName = "V3-M-4.2.4-01 m-r-count")]
    public void All_records_of_a_report_count()
    {
        router.Report(
            new RecordContent(RecordType.ToExclude, G1, []), new RecordContent(RecordType.Allow, G2, [S1]),
            new RecordContent(RecordType.ToExclude, G9, []));
        router.State.Groups.Select(each => each.Group).Should().Equal(G1, G2, G9);

        router.Report([.. Enumerable.Range(0, 183).Select(i => new RecordContent(RecordType.IsExclude, Named(0xEF02_0000 + (uint)i), []))]);
        router.State.Groups.Should().HaveCount(186);
    }

    [Fact(DisplayName = "V3-M-4.2.4-02 m-r-count-zero")]
    public void A_report_without_records_has_no_effect()
    {
        router.Forget();
        router.Report();
        router.Take().Should().BeEmpty();
    }

    [Theory(DisplayName = "V3-M-4.2.9-01 m-r-grp-nonmc, V3-R-5-01 m-r-grp-allsys")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.1.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    public void A_record_for_what_is_no_reportable_group_is_passed_over(string group)
    {
        router.Forget();
        router.Report(
            new RecordContent(RecordType.ToExclude, Named(group), []),
            new RecordContent(RecordType.ToInclude, Named(group), []),
            new RecordContent(RecordType.ToExclude, G1, []));

        router.State.Groups.Select(each => each.Group).Should().Equal(G1);
        router.Told<Dropped>().Should().Equal(new Dropped(DropReason.RecordGroup), new Dropped(DropReason.RecordGroup));
        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-R-6-01 m-r-grp-linklocal")]
    public void A_link_local_group_is_kept_but_never_forwarded()
    {
        var mdns = Named("224.0.0.251");
        router.ToEx(mdns);

        router.ShouldBe("EXCLUDE({},{})", mdns);
        router.Core.Forwards(S1, mdns).Should().BeFalse();
    }

    [Fact]
    [Shows("V3-R-6-01")]
    public void What_routers_say_of_their_own_group_is_neither_state_nor_an_error_nor_asked_about()
    {
        var routers = Named("224.0.0.22");
        var tracking = NewRouter(settings: new RouterSettings
        {
            ExplicitTracking = true,
            GroupPolicy = new AccessList([new AccessRule(true, NamedPrefix("239.0.0.0/8"))]),
        });
        tracking.Forget();
        foreach (
            var type in (RecordType[])[RecordType.ToExclude, RecordType.IsExclude, RecordType.Allow, RecordType.Block, RecordType.ToInclude]
        )
            tracking.Report(
                new RecordContent(type, routers, type is RecordType.Allow or RecordType.Block ? [S1] : []),
                new RecordContent(RecordType.ToExclude, G1, []));
        tracking.V2Report(routers);
        tracking.Leave(routers);

        tracking.State.Groups.Should().ContainSingle("the other record of each report counts").Which.Group.Should().Be(G1);
        tracking.Take().Select(each => each.Effect).Should().Equal(new StateChanged(StateChange.GroupAdded, G1), new ForwardingChanged(G1));
        tracking.Core.Forwards(S1, routers).Should().BeFalse();
    }

    [Fact(DisplayName = "V3-M-4.2.13-02 m-r-type-unknown")]
    public void Records_of_unknown_types_are_passed_over()
    {
        router.Report(
            new RecordContent(0, G1, [S1]), new RecordContent((RecordType)7, G2, [S1, S2]), new RecordContent((RecordType)255, G9, []),
            new RecordContent(RecordType.ToExclude, Named("239.1.1.4"), []));

        router.State.Groups.Should().ContainSingle().Which.Group.Should().Be(Named("239.1.1.4"));
        router.Told<Dropped>().Should().HaveCount(3).And.OnlyContain(each => each.Reason == DropReason.RecordType);
    }

    [Fact(DisplayName = "V3-M-4.2.10-01 m-r-dup-sources")]
    public void Repeated_sources_count_once()
    {
        router.Allow(G1, S1, S1, S2, S1);
        router.ShouldBe("INCLUDE({S1,S2})");
        router.Forget();
        router.ToIn(G1, S2, S2);
        router.SentSpecific().Should().Equal("0 Q(G1,S1)");
        router.Wait(0.2);
        router.Block(G1, S2, S2);
        router.SentSpecific().Should().Equal("0.2 Q(G1,S2)");
    }

    [Theory(DisplayName = "V3-M-4.2.13-03 m-r-multi-same-group")]
    [InlineData(true)]
    [InlineData(false)]
    public void Several_records_of_one_group_are_applied_in_order(bool allowFirst)
    {
        router.Allow(G1, S1);
        router.Forget();
        RecordContent[] records = [new(RecordType.Allow, G1, [S2]), new(RecordType.Block, G1, [S1])];

        router.Report(allowFirst ? records : [.. records.Reverse()]);

        router.ShouldBe("INCLUDE({S1,S2})");
        router.Timer(S1).Should().Be(Seconds(2));
        router.Timer(S2).Should().Be(Seconds(48));
        router.SentSpecific().Should().Equal("0 Q(G1,S1)");
    }

    [Theory(DisplayName = "V3-R-4.2.15-01 m-r-dst-other")]
    [InlineData("10.0.0.2")]
    [InlineData("224.0.0.1")]
    [InlineData("224.0.0.2")]
    [InlineData("239.1.1.1")]
    public void Reports_sent_elsewhere_count_as_well(string destination)
    {
        router.ReportIn(new Envelope(Host1, Named(destination), 1, true), new RecordContent(RecordType.ToExclude, G1, []));
        router.ShouldBe("EXCLUDE({},{})");
    }

    [Fact(DisplayName = "V3-R-4.2.17-01 m-r-split-toin")]
    public void A_split_TO_IN_loses_no_source_when_the_member_answers()
    {
        var sources = Enumerable.Range(1, 500).Select(Source).ToArray();
        router.IsEx(G1);
        router.ToIn(G1, sources[..365]);
        router.ToIn(G1, sources[365..]);
        router.Wait(1.5);
        router.IsIn(G1, sources[..365]);
        router.Wait(0.5);

        router.Group()!.Mode.Should().Be(FilterMode.Include);
        router.Group()!.Sources.Select(each => each.Source).Should().Equal(sources);
    }

    [Fact(DisplayName = "V3-R-6.3-02, V3-R-6.3-03, V3-R-6.3-04, V3-R-6.3-05, V3-R-6.3-06, V3-R-6.3-07 r-fwd")]
    public void Forwarding_goes_by_mode_and_source_timer()
    {
        router.Core.Forwards(S1, G1).Should().BeFalse("nobody wants an unknown group");
        router.Allow(G1, S1);
        router.Core.Forwards(S1, G1).Should().BeTrue("INCLUDE, timer running");
        router.Core.Forwards(S2, G1).Should().BeFalse("INCLUDE, no record");

        router.IsEx(G2, S1, S2);
        router.Allow(G2, S1);
        router.Core.Forwards(S1, G2).Should().BeTrue("EXCLUDE, timer running");
        router.Core.Forwards(S2, G2).Should().BeFalse("EXCLUDE, timer zero");
        router.Core.Forwards(S3, G2).Should().BeTrue("EXCLUDE, no record");

        router.Wait(48);
        router.Core.Forwards(S1, G1).Should().BeFalse("INCLUDE, timer ended");
    }

    [Fact]
    public void What_changes_is_told_and_a_refresh_tells_nothing()
    {
        router.Forget();
        router.IsEx(G1, S1);
        router.Take().Select(each => each.Effect).Should().Equal(
            new StateChanged(StateChange.GroupAdded, G1), new ForwardingChanged(G1), new StateChanged(StateChange.SourceBlocked, G1, S1));
        router.Allow(G1, S1);
        router
            .Take()
            .Select(each => each.Effect)
            .Should()
            .Equal(new StateChanged(StateChange.SourceForwarded, G1, S1), new ForwardingChanged(G1));
        router.IsEx(G1, S1);
        router.IsIn(G1, S1);
        router.Take().Should().BeEmpty();
        router.Allow(G2, S1);
        router.Forget();
        router.IsEx(G2);
        router
            .Take()
            .Select(each => each.Effect)
            .Should()
            .Equal(
                new StateChanged(StateChange.FilterModeChanged, G2), new ForwardingChanged(G2),
                new StateChanged(StateChange.SourceRemoved, G2, S1));
    }

    [Fact(DisplayName = "V3-R-9.2-06 sec-state-limit")]
    public void Ten_thousand_groups_and_ten_thousand_sources_leave_other_memberships_alone()
    {
        router.IsEx(G1, S1);
        for (var i = 0; i < 10_000; i++)
            router.IsEx(Named(0xEF02_0000 + (uint)i));
        for (var i = 0; i < 10_000; i += 250)
            router.Allow(G2, [.. Enumerable.Range(1 + i, 250).Select(each => Named((10u << 24) + (uint)each))]);

        router.State.Groups.Should().HaveCount(10_002);
        router.Group(G2)!.Sources.Should().HaveCount(10_000);
        router.ShouldBe("EXCLUDE({},{S1})");
        router.Wait(48);
        router.State.Groups.Should().BeEmpty();
    }

    [Theory(DisplayName = "V3-S-2-01 s-range-default, V3-S-6.4-01 s-r-ignore-exclude")]
    [InlineData("232.0.0.1", true)]
    [InlineData("232.255.255.255", true)]
    [InlineData("231.255.255.255", false)]
    [InlineData("233.0.0.1", false)]
    public void EXCLUDE_records_do_not_count_in_the_source_specific_range(string group, bool ignored)
    {
        var address = Named(group);
        router.IsEx(address, S1);
        router.ToEx(address, S1);
        router.Shape(address).Should().Be(ignored ? "none" : "EXCLUDE({},{S1})");
        router.Told<Dropped>().Should().HaveCount(ignored ? 2 : 0);
    }

    [Fact(DisplayName = "V3-S-2-01 s-range-default")]
    public void The_source_specific_range_can_be_set()
    {
        var other = NewRouter(settings: new RouterSettings { SourceSpecificRange = [NamedPrefix("239.1.1.0/24")] });
        other.ToEx(G1);
        other.ToEx(Ssm1);
        other.ShouldBe("none");
        other.ShouldBe("EXCLUDE({},{})", Ssm1);
    }

    [Fact(DisplayName = "V3-S-6.4-01 s-r-ignore-exclude, V3-S-3.1-01 s-r-ignore-log, V3-S-5.1-01 s-r-fwd")]
    public void EXCLUDE_records_leave_a_source_specific_group_as_it_is()
    {
        router.Allow(Ssm1, S1);
        router.Wait(3);
        router.Forget();
        router.ToEx(Ssm1);
        router.IsEx(Ssm1, S1);
        router.IsEx(Ssm1, S2);

        router.ShouldBe("INCLUDE({S1})", Ssm1);
        router.Timer(S1, Ssm1).Should().Be(Seconds(45));
        router.Core.Forwards(S2, Ssm1).Should().BeFalse();
        router.Take().Select(each => each.Effect).Should().AllBeEquivalentTo(new Dropped(DropReason.ExcludeOfSourceSpecificGroup));
    }

    [Fact(DisplayName = "V3-S-3.1-02 s-r-other-records")]
    public void Other_records_of_the_same_report_count()
    {
        router.Report(
            new RecordContent(RecordType.ToExclude, Ssm1, []), new RecordContent(RecordType.ToExclude, G1, []),
            new RecordContent(RecordType.Allow, Ssm2, [S1]));

        router.State.Groups.Select(each => each.Group).Should().Equal(new[] { G1, Ssm2 }.Order());
    }

    [Fact(DisplayName = "V3-S-3.1-03 s-r-toin, V3-S-3.3-01 s-r-no-gsq")]
    public void TO_IN_for_a_source_specific_group_follows_the_normal_rules_and_never_asks_for_the_group()
    {
        router.Allow(Ssm1, S1);
        router.Forget();
        router.ToIn(Ssm1, S2);
        router.ShouldBe("INCLUDE({S1,S2})", Ssm1);
        router.ToIn(Ssm1);
        router.Block(Ssm1, S2);
        router.Wait(5);

        router.SentSpecific().Should().Equal("0 Q(G1,S1)", "0 Q(G1,S2)", "1 Q(G1,S1)", "1 Q(G1,S2)");
        router.ShouldBe("none", Ssm1);
    }

    public sealed class Igmp() : ReportReceptionTests(Vocabulary.Igmp)
    {
        [Fact(DisplayName = "V3-R-4.2.14-01 m-r-src-zero-router, V3-R-9.2-03 sec-r-zero, V3-R-9.3-02 sec-sc-offlink")]
        public void A_report_from_0_0_0_0_counts_even_where_others_must_be_on_the_subnet()
        {
            var strict = NewRouter(settings: new RouterSettings { AcceptedSenders = [NamedPrefix("10.0.0.0/24")] });
            strict.ReportFrom(Dialect.Unspecified, new RecordContent(RecordType.ToExclude, G1, []));
            strict.ShouldBe("EXCLUDE({},{})");
            strict.ReportFrom(Dialect.Unspecified, new RecordContent(RecordType.ToInclude, G1, []));
            strict.SentSpecific().Should().HaveCount(1);
        }

        [Fact(DisplayName = "V3-R-9.2-02 sec-r-offlink")]
        public void Reports_from_off_link_count_unless_the_policy_says_otherwise()
        {
            var stranger = Named("1.2.3.4");
            router.ReportFrom(stranger, new RecordContent(RecordType.ToExclude, G1, []));
            router.ShouldBe("EXCLUDE({},{})");

            var strict = NewRouter(
                settings: new RouterSettings { AcceptedSenders = [NamedPrefix("10.1.0.0/16"), NamedPrefix("10.0.0.0/24")] });
            strict.ReportFrom(stranger, new RecordContent(RecordType.ToExclude, G1, []));
            strict.ShouldBe("none");
            strict.Told<Dropped>().Should().Equal(new Dropped(DropReason.OffLinkSource));
            strict.ToEx(G1);
            strict.ShouldBe("EXCLUDE({},{})");
        }

        [Fact(DisplayName = "V3-R-9.2-04 sec-r-nora")]
        public void Messages_without_Router_Alert_count_unless_the_policy_says_otherwise()
        {
            var bare = new Envelope(Host1, Dialect.ReportDestination, 1, RouterAlert: false);
            router.ReportIn(bare, new RecordContent(RecordType.ToExclude, G1, []));
            router.ShouldBe("EXCLUDE({},{})");

            var strict = NewRouter(settings: new RouterSettings { RequireRouterAlert = true });
            strict.ReportIn(bare, new RecordContent(RecordType.ToExclude, G1, []));
            strict.ShouldBe("none");
            strict.Told<Dropped>().Should().Equal(new Dropped(DropReason.RouterAlertMissing));
            strict.ToEx(G1);
            strict.ShouldBe("EXCLUDE({},{})");
        }

        [Fact(DisplayName = "V3-M-4.2.10-02 m-r-bad-sources")]
        public void What_cannot_be_a_source_is_passed_over()
        {
            Address[] bad = [Dialect.Unspecified, Named("255.255.255.255"), G2, Named("127.0.0.1"), Named("240.0.0.1")];
            router.Allow(G1, [.. bad, S1]);
            router.Allow(G2, bad);
            router.IsEx(G9, [.. bad, S1]);

            router.ShouldBe("INCLUDE({S1})");
            router.ShouldBe("none", G2);
            router.ShouldBe("EXCLUDE({},{S1})", G9);
        }
    }

    public sealed class Mld() : ReportReceptionTests(Vocabulary.Mld)
    {
        // RFC 9777 §5.2.14: what has no link-local address yet reports again when it has one.
        [Theory(DisplayName = "L2-R-5.2.14-01 m-r-src-router, L2-R-5.2.14-02 m-r-src-unspec-router")]
        [InlineData("::")]
        [InlineData("2001:db8::11")]
        [InlineData("fe90::11")]
        [InlineData("fe80:0:0:1::11")]
        public void A_report_that_does_not_come_from_a_link_local_address_does_not_count(string from)
        {
            router.ReportFrom(Address.Parse(from), new RecordContent(RecordType.ToExclude, G1, []));
            router.V2Report(G1, Address.Parse(from));

            router.ShouldBe("none");
            router.Told<Dropped>().Should().Equal(new Dropped(DropReason.OffLinkSource), new Dropped(DropReason.OffLinkSource));
        }

        // RFC 9777 §7.4: whatever the settings.
        [Theory(DisplayName = "L2-R-7.4-01 m-r-hop-ra")]
        [InlineData(1, false, DropReason.RouterAlertMissing)]
        [InlineData(2, true, DropReason.HopLimit)]
        [InlineData(255, true, DropReason.HopLimit)]
        [InlineData(0, true, DropReason.HopLimit)]
        public void A_message_without_Router_Alert_or_with_another_hop_limit_than_1_does_not_count(
            byte hopLimit, bool routerAlert, DropReason reason)
        {
            var envelope = new Envelope(Host1, Dialect.ReportDestination, hopLimit, routerAlert);
            router.ReportIn(envelope, new RecordContent(RecordType.ToExclude, G1, []));
            router.MessageIn(envelope, GroupMessageKind.Report, 2, G1);

            router.ShouldBe("none");
            router.Told<Dropped>().Should().Equal(new Dropped(reason), new Dropped(reason));
        }

        // RFC 4291 §2.7: scopes 0 (reserved) and 1 (of the interface) leave no host.
        [Theory]
        [InlineData("ff00::1")]
        [InlineData("ff10::1:1")]
        [InlineData("ff01::1")]
        [InlineData("ff11::1:1")]
        public void A_record_for_a_group_that_stays_in_the_host_is_passed_over(string group)
        {
            router.ToEx(Address.Parse(group));

            router.State.Groups.Should().BeEmpty();
            router.Told<Dropped>().Should().Equal(new Dropped(DropReason.RecordGroup));
        }

        [Fact(DisplayName = "L2-R-7-01 m-r-grp-linkscope")]
        public void Groups_of_the_link_are_kept_but_never_forwarded_and_those_of_a_wider_scope_are()
        {
            foreach (var scope in (int[])[2, 3, 4, 5, 8, 0xE])
            {
                var group = Address.Parse($"ff1{scope:x}::1:1");
                router.ToEx(group);
                router.ShouldBe("EXCLUDE({},{})", group);
                router.Core.Forwards(S1, group).Should().Be(scope > 2);
            }
        }

        [Fact(DisplayName = "V3-M-4.2.10-02 m-r-bad-sources")]
        public void What_cannot_be_a_source_is_passed_over()
        {
            Address[] bad = [Address.AnyV6, Address.Parse("::1"), G2, Address.Parse("ff02::1")];
            router.Allow(G1, [.. bad, S1]);
            router.Allow(G2, bad);
            router.IsEx(G9, [.. bad, S1]);

            router.ShouldBe("INCLUDE({S1})");
            router.ShouldBe("none", G2);
            router.ShouldBe("EXCLUDE({},{S1})", G9);
        }
    }
}
