using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>
/// RFC 9776 §7.3.2: members of versions 1 and 2 on the LAN of a version 3 router. Fast timers: OHPI 44 s, GMI 48 s, LMQT 2 s.
/// </summary>
public abstract class GroupCompatibilityTests(Vocabulary words) : RouterTests(words)
{
    private readonly RouterUnderTest router = new(words, Fast);

    [Fact(DisplayName = "V3-X-7.3.2-01 x-r-gcm, V3-X-7.3.2-02 x-r-v2-host-timer")]
    public void A_group_with_a_version_2_member_is_in_version_2_mode_and_others_are_not()
    {
        router.V2Report(G1);
        router.ToEx(G2);

        router.Group(G1)!.CompatibilityMode.Should().Be(Version(2));
        Version2HostPresentExpires(router.Group(G1)).Should().Be(Seconds((2 * 20) + 4));
        Version1HostPresentExpires(router.Group(G1)).Should().BeNull();
        router.Group(G2)!.CompatibilityMode.Should().Be(Version(3));
        Version2HostPresentExpires(router.Group(G2)).Should().BeNull();
        router
            .Told<StateChanged>()
            .Should()
            .Contain(new StateChanged(StateChange.CompatibilityModeChanged, G1, CompatibilityMode: Version(2)))
            .And.NotContain(each => each.What == StateChange.CompatibilityModeChanged && each.Group == G2);
    }

    [Fact(DisplayName = "V3-X-7.3.2-05 x-r-gcm-expire, V3-R-8.13-01 tm-ohpi")]
    public void BLOCK_and_source_lists_count_again_when_the_Older_Host_Present_Interval_is_over()
    {
        router.V2Report(G1);
        router.Wait(4);
        router.IsEx(G1, S1, S2);
        router.Wait(36);
        router.IsEx(G1, S1, S2);
        for (var second = 40; second < 44; second++)
        {
            router.Block(G1, S1);
            router.Wait(1);
        }

        router.SentSpecific().Should().BeEmpty();
        router.Group()!.CompatibilityMode.Should().Be(Version(3), "44 s have passed");

        router.Block(G1, S1);
        router.ToEx(G1, S2);

        router.SentSpecific().Should().Equal("44 Q(G1,S1)", "44 Q(G1,S2)");
    }

    [Fact(DisplayName = "V3-R-8.13-01 tm-ohpi")]
    public void Every_report_of_the_older_version_starts_the_interval_anew()
    {
        for (var i = 0; i < 5; i++)
        {
            router.V2Report(G1);
            router.Wait(20);
        }

        Version2HostPresentExpires(router.Group()).Should().Be(Seconds(24));
    }

    [Fact(DisplayName = "V3-R-8.13-01 tm-ohpi")]
    public void By_default_the_interval_is_260_seconds()
    {
        var byDefault = NewRouter();
        byDefault.V2Report(G1);
        Version2HostPresentExpires(byDefault.Group()).Should().Be(Seconds(260));
        byDefault.GroupTimer().Should().Be(Seconds(270), "the group outlives its mode by one Query Response Interval");
    }

    [Fact(DisplayName = "V3-X-7.3.2-06 x-r-gcm-immediate, V3-X-7.3.2-09 x-r-v2-block")]
    public void The_switch_is_immediate_and_BLOCK_is_ignored_from_then_on()
    {
        router.ToEx(G1, S1);
        router.V2Report(G1);
        router.Forget();

        router.Block(G1, S1);

        router.Take().Select(each => each.Effect).Should().Equal(new Dropped(DropReason.CompatibilityMode));
        router.ShouldBe("EXCLUDE({},{})");
    }

    [Fact(DisplayName = "V3-X-7.3.2-07 x-r-v2-report-xlate")]
    public void A_version_2_report_is_an_IS_EX_without_sources()
    {
        router.Allow(G1, S1);
        router.IsEx(G2, S1, S2);
        router.Allow(G2, S1);
        router.ShouldBe("EXCLUDE({S1},{S2})", G2);
        router.Wait(3);
        router.Forget();

        router.V2Report(G1, Host2);
        router.V2Report(G2, Host2);

        router.ShouldBe("EXCLUDE({},{})", G1);
        router.ShouldBe("EXCLUDE({},{})", G2);
        router.GroupTimer(G1).Should().Be(Seconds(48));
        router.GroupTimer(G2).Should().Be(Seconds(48));
        router.Group(G1)!.LastReporter.Should().Be(Host2);
        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-X-7.3.2-08 x-r-v2-leave-xlate, V3-M-4-07 m-types-known")]
    public void A_leave_is_a_TO_IN_without_sources()
    {
        router.V2Report(G1);
        router.Wait(3);
        router.Forget();

        router.Leave(G1);
        router.GroupTimer().Should().Be(Seconds(2));
        router.Wait(1.999);
        router.ShouldBe("EXCLUDE({},{})");
        router.Wait(0.001);

        router.SentSpecific().Should().Equal("3 Q(G1)", "4 Q(G1)");
        router.ShouldBe("none");
    }

    [Fact]
    public void The_queries_for_a_group_with_version_2_members_are_of_version_3_which_those_can_read()
    {
        router.V2Report(G1);
        router.Leave(G1);

        router.Told<SendQuery>().Select(each => each.Query.Generation).Should().Equal(Generation.Sources, Generation.Sources);
    }

    [Fact]
    public void A_version_2_report_answers_the_queries_after_a_leave()
    {
        router.V2Report(G1, Host1);
        router.V2Report(G1, Host2);
        router.Leave(G1, Host1);
        router.Wait(0.5);
        router.V2Report(G1, Host2);
        router.GroupTimer().Should().Be(Seconds(48));
        router.Wait(5);

        router.SentSpecific().Should().Equal("0 Q(G1)", "1 Q(G1) S");
        router.ShouldBe("EXCLUDE({},{})");
    }

    [Fact]
    public void A_group_that_comes_again_after_a_leave_begins_in_version_3_mode()
    {
        router.V2Report(G1);
        router.Leave(G1);
        router.Wait(2);
        router.ToEx(G1, S1);

        router.Group()!.CompatibilityMode.Should().Be(Version(3));
        Version2HostPresentExpires(router.Group()).Should().BeNull();
        router.Wait(47.999);
        router.ShouldBe("EXCLUDE({},{S1})");
        ModesTold().Should().Equal(2);
    }

    [Fact(DisplayName = "V3-X-7.3.2-10 x-r-v2-toex")]
    public void In_version_2_mode_the_source_list_of_TO_EX_is_ignored()
    {
        router.V2Report(G1);
        router.Wait(3);
        router.Forget();

        router.ToEx(G1, S1, S2);

        router.ShouldBe("EXCLUDE({},{})");
        router.GroupTimer().Should().Be(Seconds(48));
        router.Sent().Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-X-7.3.2-11 x-r-v2-isex")]
    public void In_version_2_mode_the_source_list_of_IS_EX_counts_and_its_sources_are_forwarded()
    {
        router.V2Report(G1);
        router.Wait(3);

        router.IsEx(G1, S1);

        router.ShouldBe("EXCLUDE({S1},{})");
        router.Timer(S1).Should().Be(Seconds(48));
        router.Core.Forwards(S1, G1).Should().BeTrue();
    }

    [Fact(DisplayName = "V3-X-7.3.2-12 x-r-v2-toin")]
    public void In_version_2_mode_TO_IN_IS_IN_and_ALLOW_count_as_ever()
    {
        router.V2Report(G1);
        router.Allow(G1, S2);
        router.ShouldBe("EXCLUDE({S2},{})");
        router.IsIn(G1, S3);
        router.ShouldBe("EXCLUDE({S2,S3},{})");
        router.Forget();

        router.ToIn(G1, S1);

        router.ShouldBe("EXCLUDE({S1,S2,S3},{})");
        router.Timer(S1).Should().Be(Seconds(48));
        router.SentSpecific().Should().Equal("0 Q(G1,S2+S3)", "0 Q(G1)");
    }

    [Fact(DisplayName = "V3-X-7.3.2-15 x-r-back-to-v3")]
    public void After_a_silent_version_2_member_sources_are_learnt_again_and_blocked_one_GMI_later()
    {
        // Both answer the General Queries up to that of 25 s, then only the version 3 host does. The last report of version 2 forgets S1
        // ...
        Answer(5, withVersion2: true);
        Answer(25, withVersion2: true);
        router.ShouldBe("EXCLUDE({},{})");
        // ... which is learnt again at the next query, one GMI for it to be blocked.
        Answer(45, withVersion2: false);
        router.ShouldBe("EXCLUDE({S1},{})");
        Answer(65, withVersion2: false);
        router.WaitUntil(25 + 43.999);
        router.Group()!.CompatibilityMode.Should().Be(Version(2));
        router.WaitUntil(25 + 44);
        router.Group()!.CompatibilityMode.Should().Be(Version(3));
        Answer(85, withVersion2: false);
        router.WaitUntil(45 + 47.999);
        router.Core.Forwards(S1, G1).Should().BeTrue();
        router.WaitUntil(45 + 48);
        router.Core.Forwards(S1, G1).Should().BeFalse();
        router.ShouldBe("EXCLUDE({},{S1})");

        void Answer(double second, bool withVersion2)
        {
            router.WaitUntil(second);
            router.IsEx(G1, S1);
            if (withVersion2)
                router.V2Report(G1, Host2);
        }
    }

    [Fact(DisplayName = "V3-X-7.3.2-16 x-mixed-lan")]
    public void While_a_version_2_member_reports_nothing_is_filtered()
    {
        router.ToEx(G1, S1);
        router.Core.Forwards(S1, G1).Should().BeFalse();
        // In answer to each General Query, in either order.
        for (var round = 0; round < 10; round++)
        {
            router.V2Report(G1, Host2);
            router.IsEx(G1, S1);
            Filtered(20);
            router.IsEx(G1, S1);
            router.V2Report(G1, Host2);
            Filtered(20);
        }

        void Filtered(int seconds)
        {
            for (var i = 0; i < seconds; i++)
            {
                router.Core.Forwards(S1, G1).Should().BeTrue("{0}", router.Time);
                router.Wait(1);
            }
        }
    }

    [Theory(DisplayName = "V3-R-4.2.15-02 m-r12-dst-any, V3-X-9-01 x-r-leave-dst")]
    [InlineData("239.1.1.1")]
    [InlineData("10.0.0.2")]
    [InlineData("224.0.0.2")]
    [InlineData("224.0.0.22")]
    public void The_destination_of_an_older_message_does_not_matter(string destination)
    {
        var to = Named(destination);
        router.OldestReport(G9, to: to);
        router.V2Report(G1, to: to);
        router.ShouldBe("EXCLUDE({},{})", G9);
        router.ShouldBe("EXCLUDE({},{})", G1);

        router.Leave(G1, to: to);
        router.SentSpecific().Should().Equal("0 Q(G1)");
    }

    [Fact(DisplayName = "V3-X-3-06 x-r-leave-no-members, V3-R-6.4.2-23 t-include-toin-none-empty")]
    public void A_leave_of_a_group_without_members_is_ignored()
    {
        router.Forget();
        router.Leave(G9);

        router.Take().Should().BeEmpty();
        router.ShouldBe("none", G9);
    }

    [Fact(DisplayName = "V3-R-6.4.2-06 r-slc-querier-only")]
    public void A_router_that_is_not_the_querier_leaves_a_leave_to_the_querier()
    {
        var other = NonQuerier(Fast);
        other.V2Report(G1);
        other.Leave(G1);

        other.Sent().Should().BeEmpty();
        other.GroupTimer().Should().Be(Seconds(48));
    }

    [Fact(DisplayName = "V3-R-6.4.2-22 t-include-toin-empty")]
    public void A_leave_of_a_group_in_INCLUDE_mode_asks_for_all_its_sources()
    {
        router.Allow(G1, S1, S2);
        router.Leave(G1);

        router.SentSpecific().Should().Equal("0 Q(G1,S1+S2)");
        router.Timer(S1).Should().Be(Seconds(2));
    }

    [Fact(DisplayName = "V3-S-6.4-02 s-r-v12-report, V3-S-6.4-03 s-r-v2-leave, V3-S-3.5-01 s-r-nocompat")]
    public void Older_messages_do_not_count_in_the_source_specific_range()
    {
        var ssm = Named("232.1.1.1");
        var fresh = Named("232.1.1.2");
        router.Allow(ssm, S1);
        router.Forget();

        router.OldestReport(ssm);
        router.V2Report(ssm);
        router.V2Report(fresh);
        router.Leave(ssm);

        router
            .Take()
            .Select(each => each.Effect)
            .Should()
            .Equal(Enumerable.Repeat(new Dropped(DropReason.OlderVersionOfSourceSpecificGroup), 4));
        router.ShouldBe("INCLUDE({S1})", ssm);
        router.ShouldBe("none", fresh);
        router.Group(ssm)!.CompatibilityMode.Should().Be(Version(3));
        router.Block(ssm, S1);
        router.SentSpecific().Should().ContainSingle("BLOCK is honoured");
    }

    [Theory]
    [InlineData("10.1.1.1")]
    [InlineData("224.0.0.1")]
    [InlineData("0.0.0.0")]
    public void What_is_no_group_cannot_be_reported_or_left(string group)
    {
        router.Forget();
        router.OldestReport(Named(group));
        router.V2Report(Named(group));
        router.Leave(Named(group));

        router.Take().Select(each => each.Effect).Should().Equal(Enumerable.Repeat(new Dropped(DropReason.RecordGroup), 3));
        router.State.Groups.Should().BeEmpty();
    }

    [Fact(DisplayName = "V3-X-7.3.1-07 x-r-option-ssm-only")]
    public void Compatibility_with_older_hosts_can_be_switched_off()
    {
        var alone = NewRouter(Fast, new RouterSettings { OldestVersion = Version(3) });
        alone.ToEx(G2);
        alone.Forget();

        alone.OldestReport(G1);
        alone.V2Report(G1);
        alone.Leave(G2);

        alone.Take().Select(each => each.Effect).Should().Equal(Enumerable.Repeat(new Dropped(DropReason.OlderVersion), 3));
        alone.ShouldBe("none", G1);
        alone.ShouldBe("EXCLUDE({},{})", G2);
        new RouterSettings().OldestVersion.Should().Be(1, "off by default");
    }

    [Fact]
    public void An_interface_that_is_down_hears_no_older_message_and_forgets_its_older_hosts()
    {
        router.OldestReport(G1);
        router.Keep(router.Core.LinkDown(router.Now));
        router.Forget();
        router.V2Report(G1);

        router.Told<Dropped>().Should().Equal(new Dropped(DropReason.InterfaceDown));
        router.Core.NextDue.Should().Be(Instant.Never);
    }

    private IEnumerable<int> ModesTold() => router.Effects.OfType<StateChanged>()
        .Where(each => each.What == StateChange.CompatibilityModeChanged).Select(each => Words.IgmpVersion(each.CompatibilityMode!.Value));

    public sealed class Igmp() : GroupCompatibilityTests(Vocabulary.Igmp)
    {
        [Fact(DisplayName = "V3-X-7.3.2-03 x-r-v1-host-timer")]
        public void A_group_with_a_version_1_member_is_in_version_1_mode()
        {
            router.V1Report(G1);

            router.Group()!.CompatibilityMode.Should().Be(Version(1));
            Version1HostPresentExpires(router.Group()).Should().Be(Seconds(44));
            Version2HostPresentExpires(router.Group()).Should().BeNull();
        }

        [Fact(DisplayName = "V3-X-7.3.2-04 x-r-gcm-table")]
        public void Version_1_comes_first_then_version_2()
        {
            router.V2Report(G1);
            router.Wait(10);
            router.V1Report(G1);
            router.Group()!.CompatibilityMode.Should().Be(Version(1));
            router.Wait(10);
            router.V2Report(G1);
            router.Group()!.CompatibilityMode.Should().Be(Version(1), "the version 1 member is as present as before");
            router.Wait(20);
            router.V2Report(G1);

            router.WaitUntil(10 + 43.999);
            router.Group()!.CompatibilityMode.Should().Be(Version(1));
            router.WaitUntil(10 + 44);
            router.Group()!.CompatibilityMode.Should().Be(Version(2));
            router.WaitUntil(40 + 43.999);
            router.Group()!.CompatibilityMode.Should().Be(Version(2));
            router.WaitUntil(40 + 44);
            router.Group()!.CompatibilityMode.Should().Be(Version(3));
            ModesTold().Should().Equal(2, 1, 2, 3);
        }

        [Fact]
        public void The_mode_ends_with_version_1_where_the_version_2_member_went_first()
        {
            router.V2Report(G1);
            router.Wait(10);
            router.V1Report(G1);

            router.WaitUntil(53.999);
            router.Group()!.CompatibilityMode.Should().Be(Version(1));
            Version2HostPresentExpires(router.Group()).Should().BeNull();
            router.WaitUntil(54);
            router.Group()!.CompatibilityMode.Should().Be(Version(3));
            ModesTold().Should().Equal(2, 1, 3);
        }

        [Fact(DisplayName = "V3-X-7.3.2-13 x-r-v1-ignore")]
        public void In_version_1_mode_leaves_TO_IN_BLOCK_and_the_sources_of_TO_EX_are_ignored()
        {
            router.V1Report(G1);
            router.Wait(3);
            router.Forget();

            router.Leave(G1);
            router.ToIn(G1);
            router.ToIn(G1, S1);
            router.Block(G1, S1);

            router.Take().Select(each => each.Effect).Should().Equal(Enumerable.Repeat(new Dropped(DropReason.CompatibilityMode), 4));
            router.ShouldBe("EXCLUDE({},{})");
            router.GroupTimer().Should().Be(Seconds(45));

            router.ToEx(G1, S1);
            router.ShouldBe("EXCLUDE({},{})");
            router.GroupTimer().Should().Be(Seconds(48));
            router.Sent().Should().BeEmpty();
        }

        [Fact(DisplayName = "V3-X-7.3.2-14 x-r-v1-report-xlate")]
        public void In_version_1_mode_reports_of_versions_1_and_2_are_IS_EX_without_sources()
        {
            router.IsEx(G1, S1);
            router.V1Report(G1);
            router.ShouldBe("EXCLUDE({},{})");
            router.Wait(3);
            router.Allow(G1, S2);
            router.ShouldBe("EXCLUDE({S2},{})");

            router.V2Report(G1);

            router.ShouldBe("EXCLUDE({},{})");
            router.GroupTimer().Should().Be(Seconds(48));
            router.Group()!.CompatibilityMode.Should().Be(Version(1));
            router.SentSpecific().Should().BeEmpty();
        }

        [Fact]
        public void A_version_1_member_that_goes_silently_is_gone_after_the_Group_Membership_Interval()
        {
            router.V1Report(G1);
            router.Wait(47.999);
            router.ShouldBe("EXCLUDE({},{})");
            router.Wait(0.001);
            router.ShouldBe("none");
            router.SentSpecific().Should().BeEmpty();
        }

        [Fact(DisplayName = "V3-R-9.2-05 sec-r-v1-switch")]
        public void Version_1_alone_can_be_switched_off()
        {
            var strict = NewRouter(Fast, new RouterSettings { OldestVersion = Version(2) });
            strict.IsEx(G1, S1);
            strict.Allow(G1, S1);

            strict.V1Report(G1);
            strict.Block(G1, S1);

            strict.Told<Dropped>().Should().Equal(new Dropped(DropReason.OlderVersion));
            strict.Timer(S1).Should().Be(Seconds(2), "BLOCK is effective");
            strict.V2Report(G2);
            strict.ShouldBe("EXCLUDE({},{})", G2);
        }

        [Fact(DisplayName = "V3-R-9.2-04 sec-r-nora")]
        public void Router_Alert_may_be_asked_of_older_messages_too()
        {
            var strict = NewRouter(Fast, new RouterSettings { RequireRouterAlert = true });
            var without = new Envelope(Host1, G1, 1, RouterAlert: false);

            strict.MessageIn(without, GroupMessageKind.Report, 2, G1);
            strict.Told<Dropped>().Should().Equal(new Dropped(DropReason.RouterAlertMissing));
            router.MessageIn(without, GroupMessageKind.Report, 2, G1);

            strict.ShouldBe("none");
            router.ShouldBe("EXCLUDE({},{})");
        }
    }

    public sealed class Mld() : GroupCompatibilityTests(Vocabulary.Mld)
    {
        // What IGMP calls version 1 does not exist here: MLDv1 has a message for leaving.
        [Fact(DisplayName = "L2-X-8.3.2-02 x-r-v1-host-timer, L2-X-8.3.2-06 x-r-v1-done-xlate")]
        public void In_version_1_mode_a_done_is_asked_about()
        {
            router.OldestReport(G1);
            router.Group()!.CompatibilityMode.Should().Be(1);
            router.Group()!.Version1HostPresentExpires.Should().Be(Seconds(44));
            router.Group()!.Version2HostPresentExpires.Should().BeNull();

            router.Leave(G1);
            router.Wait(2);

            router.SentSpecific().Should().Equal("0 Q(G1)", "1 Q(G1)");
            router.ShouldBe("none");
        }
    }
}
