using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router.Policies;

/// <summary>
/// Which host wants what: RFC 9776 appendix A.2, RFC 8652 <c>explicit-tracking</c>; and leaves that take effect at once because of it.
/// </summary>
[Collection(nameof(MeasuredAlone))]
public abstract class ExplicitTrackingTests(Vocabulary words) : RouterTests(words)
{
    private Address Host3 => Named("10.0.0.13");

    private readonly RouterUnderTest router = new(words, Fast, new RouterSettings { ExplicitTracking = true });

    [Fact]
    public void Hosts_are_listed_with_their_mode_and_their_own_time()
    {
        router.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, [S1]));
        router.Wait(10);
        router.ReportFrom(Host2, new RecordContent(RecordType.Allow, G1, [S1, S2]));
        router.Wait(5);

        Of(router.Group()!.Hosts).Should().Equal("10.0.0.11 Exclude up 15 left 33");
        Of(SourceOf(S1).Hosts).Should().Equal("10.0.0.11 Exclude up 15 left 33", "10.0.0.12 Include up 5 left 43");
        Of(SourceOf(S2).Hosts).Should().Equal("10.0.0.12 Include up 5 left 43");
    }

    [Fact]
    public void A_refresh_renews_the_time_of_its_host_alone_and_a_host_that_falls_silent_is_forgotten()
    {
        router.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, []));
        router.ReportFrom(Host2, new RecordContent(RecordType.ToExclude, G1, []));
        router.Wait(20);
        router.ReportFrom(Host2, new RecordContent(RecordType.IsExclude, G1, []));
        router.Wait(27);
        Of(router.Group()!.Hosts).Should().Equal("10.0.0.11 Exclude up 47 left 1", "10.0.0.12 Exclude up 47 left 21");
        router.Wait(1);
        Of(router.Group()!.Hosts).Should().Equal("10.0.0.12 Exclude up 48 left 20");
    }

    [Fact]
    public void Each_record_changes_what_its_host_wants_and_no_other()
    {
        router.ReportFrom(Host2, new RecordContent(RecordType.ToExclude, G1, [S1, S2, S3]));
        Wants("H2: -S1 -S2 -S3 *");
        router.ReportFrom(Host1, new RecordContent(RecordType.Allow, G1, [S1, S2]));
        Wants("H1: S1 S2; H2: -S1 -S2 -S3 *");
        router.ReportFrom(Host1, new RecordContent(RecordType.Block, G1, [S1]));
        Wants("H1: S2; H2: -S1 -S2 -S3 *");
        router.ReportFrom(Host2, new RecordContent(RecordType.Allow, G1, [S3]));
        Wants("H1: S2; H2: -S1 -S2 *");
        // RFC 9776 §5.2: an answer to a Group-and-Source-Specific Query of a host that is in EXCLUDE mode all the same.
        router.ReportFrom(Host2, new RecordContent(RecordType.IsInclude, G1, [S2]));
        Wants("H1: S2; H2: -S1 *");
        router.ReportFrom(Host2, new RecordContent(RecordType.Block, G1, [S3]));
        Wants("H1: S2; H2: -S1 -S3 *");
        router.ReportFrom(Host2, new RecordContent(RecordType.ToInclude, G1, [S1]));
        Wants("H1: S2; H2: S1");
        // RFC 9776 §4.2.17: the second part of a list that was split.
        router.ReportFrom(Host2, new RecordContent(RecordType.ToInclude, G1, [S3]));
        Wants("H1: S2; H2: S1 S3");
        router.ReportFrom(Host2, new RecordContent(RecordType.ToInclude, G1, []));
        Wants("H1: S2");
        router.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, []));
        Wants("H1: *");
    }

    [Fact]
    public void When_the_link_is_down_no_timer_of_tracking_is_left()
    {
        router.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, [S1]));

        router.Core.LinkDown(router.Now);

        router.Core.NextDue.Should().Be(Instant.Never);
        router.Core.TimerCount.Should().Be(0);
    }

    [Fact]
    public void Off_by_default_nothing_is_kept()
    {
        var plain = NewRouter(Fast);
        plain.ToEx(G1, S1);

        plain.Group()!.Hosts.Should().BeEmpty();
        plain.Group()!.Sources.Single().Hosts.Should().BeEmpty();
    }

    [Fact]
    public void Switched_off_what_was_known_is_dropped_and_the_groups_stay()
    {
        router.ToEx(G1, S1);
        router.Configure(router.Core.Settings with { ExplicitTracking = false });

        router.Group()!.Hosts.Should().BeEmpty();
        router.Group()!.Sources.Single().Hosts.Should().BeEmpty();
        router.ShouldBe("EXCLUDE({},{S1})");
    }

    [Fact]
    public void The_last_host_leaves_at_once_and_another_one_is_asked_about()
    {
        var tracked = Tracked();
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, []));
        tracked.ReportFrom(Host2, new RecordContent(RecordType.ToExclude, G1, []));
        tracked.Forget();

        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToInclude, G1, []));
        tracked.ShouldBe("EXCLUDE({},{})");
        tracked.SentSpecific().Should().Equal("48 Q(G1)");

        tracked.Wait(1.5);
        tracked.ReportFrom(Host2, new RecordContent(RecordType.IsExclude, G1, []));
        tracked.Wait(5);
        tracked.Forget();
        tracked.ReportFrom(Host2, new RecordContent(RecordType.ToInclude, G1, []));
        tracked.ShouldBe("none");
        tracked.SentSpecific().Should().BeEmpty();
    }

    [Fact]
    public void Of_several_sources_those_that_another_host_wants_are_asked_about()
    {
        var tracked = Tracked();
        tracked.ReportFrom(Host1, new RecordContent(RecordType.Allow, G1, [S1, S2, S3]));
        tracked.ReportFrom(Host2, new RecordContent(RecordType.Allow, G1, [S2]));
        tracked.Forget();

        tracked.ReportFrom(Host1, new RecordContent(RecordType.Block, G1, [S1, S2]));

        tracked.ShouldBe("INCLUDE({S2,S3})");
        tracked.SentSpecific().Should().Equal("48 Q(G1,S2)");
    }

    [Fact]
    public void A_source_that_a_host_in_EXCLUDE_mode_does_not_exclude_is_wanted()
    {
        var tracked = Tracked();
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, []));
        tracked.ReportFrom(Host2, new RecordContent(RecordType.ToExclude, G1, []));
        tracked.Forget();
        tracked.ReportFrom(Host1, new RecordContent(RecordType.Block, G1, [S1]));
        tracked.SentSpecific().Should().Equal("48 Q(G1,S1)");

        tracked.ReportFrom(Host2, new RecordContent(RecordType.Block, G1, [S1]));
        tracked.ShouldBe("EXCLUDE({},{S1})");
        tracked.SentSpecific().Should().BeEmpty("both exclude it");
    }

    [Fact]
    public void Until_all_members_can_have_been_heard_others_are_asked()
    {
        var early = NewRouter(Fast, new RouterSettings { ExplicitTracking = true, ImmediateLeave = ImmediateLeave.Tracked });
        early.ToEx(G1);
        early.Wait(40);
        early.IsEx(G1);
        early.ToIn(G1);

        early.ShouldBe("EXCLUDE({},{})");
    }

    // Whoever has reported before that is a member still, and is heard again within the Group Membership Interval at most (RFC 9776 §8.4).
    [Theory]
    [InlineData("switched off and on")]
    [InlineData("a group was cleared")]
    [InlineData("all groups were cleared")]
    [InlineData("the link came up")]
    [InlineData("there was no room for a host")]
    public void Whenever_tracking_starts_anew_others_are_asked_until_all_members_can_have_been_heard(string because)
    {
        var tracked = Tracked(maxHosts: because == "there was no room for a host" ? 2 : 1000);
        tracked.ReportFrom(Host2, new RecordContent(RecordType.ToExclude, G1, []));
        StartAnew(tracked, because);
        // A host that comes and goes; that another one is there may not have been heard yet.
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G9, []));
        tracked.Wait(47.9);
        tracked.Forget();
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToInclude, G9, []));
        tracked.ShouldBe("EXCLUDE({},{})", G9);
        tracked.SentSpecific().Should().ContainSingle();

        // From the end of the interval on a leave takes effect at once.
        tracked.Wait(0.1);
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G2, []));
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToInclude, G2, []));
        tracked.ShouldBe("none", G2);
    }

    private void StartAnew(RouterUnderTest tracked, string how)
    {
        var settings = tracked.Core.Settings;
        switch (how)
        {
            case "switched off and on":
                tracked.Configure(settings with { ExplicitTracking = false, ImmediateLeave = ImmediateLeave.Never });
                tracked.Configure(settings);
                break;
            case "a group was cleared":
                tracked.Keep(tracked.Core.ClearGroups(G1, tracked.Now));
                break;
            case "all groups were cleared":
                tracked.Keep(tracked.Core.ClearGroups(null, tracked.Now));
                break;
            case "the link came up":
                tracked.Keep(tracked.Core.LinkDown(tracked.Now));
                tracked.Keep(tracked.Core.LinkUp(Own, tracked.Now));
                break;
            case "there was no room for a host":
                tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, []));
                tracked.ReportFrom(Host3, new RecordContent(RecordType.ToExclude, G1, []));
                break;
            default:
                throw new ArgumentException(how, nameof(how));
        }
    }

    [Fact]
    public void A_host_that_was_forgotten_makes_room_for_another()
    {
        var tracked = Tracked(maxHosts: 2);
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, []));
        tracked.ReportFrom(Host2, new RecordContent(RecordType.ToExclude, G1, []));
        tracked.Wait(30);
        tracked.ReportFrom(Host1, new RecordContent(RecordType.IsExclude, G1, []));
        // 48 s after its report host 2 is forgotten (RFC 9776 §8.4).
        tracked.Wait(18);

        tracked.ReportFrom(Host3, new RecordContent(RecordType.ToExclude, G1, []));

        tracked.Group()!.Hosts.Select(each => each.Host).Should().Equal(Host1, Host3);
        tracked.Effects.OfType<Dropped>().Should().BeEmpty();
    }

    [Fact]
    public void A_host_that_left_makes_room_for_another()
    {
        var tracked = Tracked(maxHosts: 1);
        tracked.ReportFrom(Host1, new RecordContent(RecordType.Allow, G1, [S1]));
        tracked.ReportFrom(Host1, new RecordContent(RecordType.Block, G1, [S1]));

        tracked.ReportFrom(Host2, new RecordContent(RecordType.ToExclude, G2, []));

        tracked.Group(G2)!.Hosts.Select(each => each.Host).Should().Equal(Host2);
        tracked.Effects.OfType<Dropped>().Should().BeEmpty();
    }

    [Fact]
    public void Where_a_member_cannot_be_told_from_others_they_are_asked()
    {
        var tracked = Tracked();
        // RFC 9776 §7.2.2: members of version 2 keep quiet when another has spoken.
        tracked.V2Report(G2, Host2);
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G2, []));
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToInclude, G2, []));
        tracked.Leave(G2, Host2);
        tracked.ShouldBe("EXCLUDE({},{})", G2);

        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G9, []));
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToInclude, G9, []));
        tracked.ShouldBe("none", G9);
    }

    [Fact]
    public void Beyond_the_most_hosts_reports_count_and_leaves_are_asked_about()
    {
        var tracked = Tracked(maxHosts: 2);
        foreach (var host in (Address[])[Host1, Host2, Host3])
            tracked.ReportFrom(host, new RecordContent(RecordType.ToExclude, G1, []));
        tracked.ReportFrom(Host3, new RecordContent(RecordType.Allow, G2, [S1]));

        tracked.Group()!.Hosts.Select(each => each.Host).Should().Equal(Host1, Host2);
        tracked.ShouldBe("INCLUDE({S1})", G2);
        tracked.Effects.OfType<Dropped>().Should().Equal(new Dropped(DropReason.HostLimit), new Dropped(DropReason.HostLimit));
        tracked.Effects.OfType<StateChanged>().Count(each => each.What == StateChange.HostLimitReached).Should().Be(1);
        tracked.ReportFrom(Host1, new RecordContent(RecordType.ToInclude, G1, []));
        tracked.ReportFrom(Host2, new RecordContent(RecordType.ToInclude, G1, []));
        tracked.ShouldBe("EXCLUDE({},{})", G1);
    }

    [Fact]
    public void A_flood_of_a_million_hosts_takes_no_more_memory_than_the_most_and_is_gone_after_its_time()
    {
        var core = new RouterInterface("eth0", Dialect, new RouterSettings { ExplicitTracking = true, MaxHosts = 1000 });
        core.LinkUp(Own, Instant.Epoch);
        var record = new byte[4 + Words.AddressLength];
        record[0] = (byte)RecordType.IsExclude;
        G1.Write(record.AsSpan(4));
        Flood(0, 2000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Flood(2000, 1_000_000);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(100_000);

        var newcomer = Named("10.99.0.1");
        Report(Host1, 200);
        Report(newcomer, 271);
        core.Dump(Instant.Epoch + Seconds(271)).Groups.Single().Hosts.Select(each => each.Host).Should().Equal(
            [Host1, newcomer], "the others are gone, which makes room again");

        void Report(Address host, int at) =>
            core.Receive(
                new Envelope(host, Dialect.ReportDestination, 1, true), new Report(record, 1, Words.AddressLength),
                Instant.Epoch + Seconds(at));

        void Flood(int from, int count)
        {
            for (var i = from; i < from + count; i++)
                Report(Named((10u << 24) + (uint)i + 1), 0);
        }
    }

    [Fact]
    public void A_refresh_of_a_tracked_host_allocates_nothing()
    {
        var core = new RouterInterface("eth0", Dialect, new RouterSettings { ExplicitTracking = true });
        core.LinkUp(Own, Instant.Epoch);
        byte[] record = [(byte)RecordType.IsExclude, 0, 0, 1, .. RouterUnderTest.Bytes(G1), .. RouterUnderTest.Bytes(S1)];
        var from = new Envelope(Host1, Dialect.ReportDestination, 1, true);
        core.Receive(from, new Report(record, 1, Words.AddressLength), Instant.Epoch);
        core.Receive(from, new Report(record, 1, Words.AddressLength), new Instant(1));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 102; i++)
            core.Receive(from, new Report(record, 1, Words.AddressLength), new Instant(i));
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void Tracked_leaves_need_tracking() =>
        new RouterSettings { ImmediateLeave = ImmediateLeave.Tracked }.Invoking(each => each.Validate(Dialect))
            .Should().Throw<ArgumentException>().WithMessage("*explicit tracking*");

    private RouterUnderTest Tracking(RouterSettings settings) => NewRouter(Fast, settings with { ExplicitTracking = true });

    /// <summary>With tracked leaves, and up for a Group Membership Interval, so that all members have been heard.</summary>
    private RouterUnderTest Tracked(int maxHosts = 1000)
    {
        var tracked = Tracking(new RouterSettings { ImmediateLeave = ImmediateLeave.Tracked, MaxHosts = maxHosts });
        tracked.Wait(48);
        return tracked;
    }

    private static IEnumerable<string> Of(IReadOnlyList<HostState> hosts) =>
        hosts.Select(each =>
            FormattableString.Invariant(
                $"{Vocabulary.Text(each.Host)} {each.Mode} up {each.UpTime.TotalSeconds} left {each.Expires.TotalSeconds}"));

    private SourceState SourceOf(Address source) => router.Group()!.Sources.Single(each => each.Source == source);

    // "H1: S1 S2": host 1 wants these sources; "H2: -S1 *": host 2 wants all but that one.
    private void Wants(string expected)
    {
        var group = router.Group()!;
        var entries = group
            .Sources.SelectMany(source =>
                source.Hosts.Select(each =>
                    (each.Host, Text: $"{(each.Mode == FilterMode.Exclude ? "-" : "")}S{source.Source.V4Bits & 0xFF}")))
            .Concat(group.Hosts.Select(each => (each.Host, Text: "*")));
        string.Join("; ", entries.GroupBy(each => each.Host).OrderBy(each => each.Key)
            .Select(each => $"H{each.Key.V4Bits % 10}: {string.Join(' ', each.Select(entry => entry.Text))}")).Should().Be(expected);
    }

    public sealed class Igmp() : ExplicitTrackingTests(Vocabulary.Igmp)
    {
        // A report from :: does not count in MLD (RFC 9777 §5.2.14).
        [Fact]
        public void Members_without_an_address_cannot_be_told_from_one_another_and_are_asked()
        {
            var tracked = Tracked();
            tracked.ReportFrom(Dialect.Unspecified, new RecordContent(RecordType.ToExclude, G1, []));
            tracked.ReportFrom(Host1, new RecordContent(RecordType.ToExclude, G1, []));
            tracked.ToIn(G1);
            tracked.ShouldBe("EXCLUDE({},{})", G1);
        }
    }

    public sealed class Mld() : ExplicitTrackingTests(Vocabulary.Mld);
}
