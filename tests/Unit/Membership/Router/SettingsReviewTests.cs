using System.Reflection;
using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>
/// What a setting that is changed at run time does to the state that is there: the table in docs/membership.md. What the new settings would
/// never have let in is gone at once; everything else stays, and is not heard of.
/// </summary>
public abstract class SettingsReviewTests(Vocabulary words) : RouterTests(words)
{
    private Address M1 => Named("232.1.1.1");
    private IReadOnlyList<Prefix> WithG1 => [NamedPrefix("239.1.1.1/32"), NamedPrefix("232.0.0.0/8")];

    /// <summary>Changes that concern what comes from now on; of the state that <see cref="Full"/> makes they touch nothing.</summary>
    public static TheoryData<string, Func<Vocabulary, RouterSettings>> Harmless => new()
    {
        { "without Router Alert refused", _ => Base with { RequireRouterAlert = true } },
        { "senders on the link only", _ => Base with { OnLinkSendersOnly = true } },
        { "senders of a subnet only", words => Base with { AcceptedSenders = [words.NamedPrefix("10.0.0.0/24")] } },
        { "a mapping", words => Base with { SsmMappings = [new SsmMapping(words.NamedPrefix("232.0.0.0/8"), words.Named("S3"))] } },
        { "a source-specific range of others", words => Base with { SourceSpecificRange = [words.NamedPrefix("239.9.0.0/16")] } },
        { "immediate leave", _ => Base with { ImmediateLeave = ImmediateLeave.Always } },
        { "its scope", _ => Base with { ImmediateLeaveScope = LeaveScope.SourceSpecific } },
        { "tracking", _ => Base with { ExplicitTracking = true } },
        { "fewer groups", _ => Base with { MaxGroups = 1 } },
        { "fewer sources", _ => Base with { MaxSources = 1 } },
        { "fewer sources per group", _ => Base with { MaxSourcesPerGroup = 1 } },
        { "fewer tracked hosts", _ => Base with { MaxHosts = 1 } },
        { "a policy that permits what is there", words => Base with { GroupPolicy = words.List("permit 224.0.0.0/4") } },
        { "a join", words => Base with { LocalJoins = [new GroupAndSource(words.Named("G9"))] } },
        { "no join of the routers' group", _ => Base with { JoinsRoutersGroup = false } },
        { "MTU", _ => Base with { Mtu = 9000 } },
        { "a version that nobody is of", words => Base with { OldestVersion = words.Version(2) } },
    };

    private static RouterSettings Base => new() { Timing = Fast };

    [Theory]
    [MemberData(nameof(Harmless))]
    public void A_change_that_contradicts_nothing_that_is_there_does_nothing_nor_does_changing_it_back(
        string what, Func<Vocabulary, RouterSettings> changed)
    {
        foreach (var isQuerier in (bool[])[true, false])
        {
            var router = Full(Base, isQuerier);
            var (before, due) = (router.State, router.Core.NextDue);

            router.Configure(changed(Words));
            router.Take().Should().BeEmpty("of {0}", what);
            router.State.Should().BeEquivalentTo(before);
            router.Configure(Base);

            router.Take().Should().BeEmpty("of {0}, changed back", what);
            router.State.Should().BeEquivalentTo(before);
            router.Core.NextDue.Should().Be(due);
        }
    }

    [Fact]
    public void A_group_that_becomes_source_specific_is_left_with_the_sources_that_were_asked_for_by_name()
    {
        // RFC 4604 §2 knows no EXCLUDE mode in the range.
        var router = Full();

        router.Configure(Base with { SourceSpecificRange = WithG1 });

        router.ShouldBe("INCLUDE({S1})");
        router.Timer(S1).Should().Be(Seconds(43));
        router.Core.Forwards(S3, G1).Should().BeFalse();
        router
            .Told<Effect>()
            .Should()
            .Equal(
                new StateChanged(StateChange.SourceRemoved, G1, S2), new StateChanged(StateChange.FilterModeChanged, G1),
                new ForwardingChanged(G1));
        router.Wait(43);
        router.ShouldBe("none");
    }

    [Fact]
    public void One_without_such_sources_goes_and_what_was_being_asked_about_it_is_asked_no_more()
    {
        var router = NewRouter(settings: Base);
        router.ToEx(G1, S2);
        router.ToIn(G1);
        router.Forget();

        router.Configure(Base with { SourceSpecificRange = WithG1 });
        router.Wait(4);

        router.ShouldBe("none");
        router.SentSpecific().Should().BeEmpty();
        router.ToEx(G1);
        router.ShouldBe("none");
    }

    [Fact]
    public void Changed_back_it_is_in_EXCLUDE_mode_with_the_next_report_and_until_then_what_it_is()
    {
        var router = Full();
        router.Configure(Base with { SourceSpecificRange = WithG1 });
        router.Configure(Base);
        router.ShouldBe("INCLUDE({S1})");

        router.IsEx(G1, S2);

        router.ShouldBe("EXCLUDE({},{S2})");
        router.GroupTimer().Should().Be(Seconds(48));
    }

    [Fact]
    public void Members_of_older_versions_do_not_decide_about_the_mode_of_a_group_that_has_become_source_specific()
    {
        // RFC 4604 §3.2; in version 2 mode BLOCK would be ignored.
        var router = NewRouter(settings: Base);
        router.Allow(G1, S1);
        router.V2Report(G1);
        router.Allow(G1, S1, S2);
        router.Group()!.CompatibilityMode.Should().Be(Version(2));

        router.Configure(Base with { SourceSpecificRange = WithG1 });

        router.Group()!.CompatibilityMode.Should().Be(Version(3));
        Version2HostPresentExpires(router.Group()).Should().BeNull();
        router.Block(G1, S1);
        router.Wait(2);
        router.ShouldBe("INCLUDE({S2})");
    }

    [Fact]
    public void What_is_mapped_to_a_group_that_becomes_source_specific_takes_the_place_of_all_sources_for_as_long()
    {
        // S1 was asked for, S2 is excluded, S3 and S4 are mapped.
        var router = Full();
        router.Wait(10);
        router.IsIn(G1, S1);
        router.Forget();

        router.Configure(Base with { SourceSpecificRange = WithG1, SsmMappings = [.. ((Address[])[S2, S3, S4]).Select(Mapped)] });

        router.ShouldBe("INCLUDE({S1,S3,S4})");
        router.Timer(S1).Should().Be(Seconds(48));
        router.Timer(S3).Should().Be(Seconds(33));
        router.Told<ForwardingChanged>().Should().Equal(new ForwardingChanged(G1));
        router.V2Report(G1);
        router.Timer(S3).Should().Be(Seconds(48));
    }

    [Fact]
    public void What_is_mapped_then_is_permitted_and_has_room()
    {
        var router = Full();
        router.Configure(Base with
        {
            SourceSpecificRange = WithG1,
            SsmMappings = [.. ((Address[])[S3, S4, S5]).Select(Mapped)],
            SourcePolicy = List("deny 192.0.2.3/32", "permit 0.0.0.0/0"),
            MaxSourcesPerGroup = 3,
        });

        router.ShouldBe("INCLUDE({S1,S4})");
    }

    [Fact]
    public void A_mapping_that_is_gone_takes_its_sources_along_but_for_those_that_were_asked_for_by_name()
    {
        var mapping = Base with { SsmMappings = [Mapped(S1), Mapped(S2), Mapped(S3)], SourceSpecificRange = WithG1 };
        var router = NewRouter(settings: mapping);
        router.Allow(G1, S3);
        router.V2Report(G1);
        router.Allow(G1, S2);
        router.ToEx(M1);
        router.ShouldBe("INCLUDE({S1,S2,S3})");
        router.Forget();

        router.Configure(mapping with { SsmMappings = [Mapped(S2)] });

        router.ShouldBe("INCLUDE({S2,S3})");
        router.Told<Effect>().Should().Equal(new StateChanged(StateChange.SourceRemoved, G1, S1), new ForwardingChanged(G1));
        router.Configure(mapping with { SsmMappings = [] });
        router.ShouldBe("INCLUDE({S2,S3})");
    }

    [Fact]
    public void A_group_of_mapped_sources_alone_goes_with_the_mapping_and_what_is_asked_about_it()
    {
        var mapping = Base with { SsmMappings = [new SsmMapping(NamedPrefix("232.0.0.0/8"), S1)] };
        var router = NewRouter(settings: mapping);
        router.ToEx(M1);
        router.ToIn(M1);
        router.Forget();

        router.Configure(Base);
        router.Wait(2);

        router.ShouldBe("none", M1);
        router.SentSpecific().Should().BeEmpty();
    }

    [Fact]
    public void Mapped_sources_of_a_group_that_is_no_longer_source_specific_are_forwarded_until_its_hosts_say_what_they_want()
    {
        var mapping = Base with { SsmMappings = [Mapped(S1)], SourceSpecificRange = WithG1 };
        var router = NewRouter(settings: mapping);
        router.V2Report(G1);
        router.Configure(Base);
        router.ShouldBe("INCLUDE({S1})");

        router.V2Report(G1);

        router.ShouldBe("EXCLUDE({},{})");
        router.Group()!.CompatibilityMode.Should().Be(Version(2));
    }

    [Fact]
    public void A_source_policy_is_told_of_for_groups_of_all_sources_too_which_have_no_record_of_it()
    {
        var router = Full();
        router.Configure(Base with { SourcePolicy = List("deny 192.0.2.9/32", "permit 0.0.0.0/0") });
        router.Told<ForwardingChanged>().Select(each => each.Group).Should().BeEquivalentTo([G1, G9]);
        router.Core.Forwards(Source(9), G1).Should().BeFalse();

        router.Configure(Base);

        router.Told<ForwardingChanged>().Select(each => each.Group).Should().BeEquivalentTo([G1, G9]);
        router.Core.Forwards(Source(9), G1).Should().BeTrue();
    }

    [Fact]
    public void A_denied_group_is_gone_for_good_and_permitted_again_learnt_with_the_next_report()
    {
        var router = Full();
        router.Configure(Base with { GroupPolicy = List("deny 239.1.1.1/32", "permit 224.0.0.0/4") });
        router.ShouldBe("none");
        router.Configure(Base);
        router.ShouldBe("none");

        router.IsEx(G1, S2);

        router.ShouldBe("EXCLUDE({},{S2})");
    }

    [Fact]
    public void A_querier_that_is_on_no_accepted_subnet_any_more_is_replaced_at_once() => IsReplaced(bySubnet: true);

    private void IsReplaced(bool bySubnet)
    {
        var router = NewRouter(settings: Base);
        router.Keep(
            router.Core.Receive(
                new Envelope(Lower, Dialect.AllSystems, 1, RouterAlert: bySubnet),
                new Query
                {
                    Generation = Generation.Sources,
                    MaxResponseTime = Seconds(10),
                    Group = Dialect.Unspecified,
                    RobustnessVariable = 5,
                    QueryInterval = Seconds(50),
                },
                router.Now));
        router.Wait(7);
        router.Forget();

        router.Configure(bySubnet ? Base with { AcceptedSenders = [NamedPrefix("10.0.0.2/31")] } : Base with { RequireRouterAlert = true });

        router.State.Querier.Should().Be(Own);
        router.Timing.Should().Be(Fast, "what it had said is forgotten with it");
        router.Sent().Should().Equal("7 GQ");
        router.Wait(40);
        router.Sent().Should().Equal("27 GQ", "47 GQ");
        router.Configure(Base);
        router.GeneralQuery(Lower);
        router.State.IsQuerier.Should().BeFalse();
    }

    [Fact]
    public void Other_limits_are_told_again_and_those_of_tracked_hosts_too_but_no_other_setting_does_it()
    {
        var settings = Base with { MaxGroups = 1, ExplicitTracking = true, MaxHosts = 1 };
        var router = NewRouter(settings: settings);
        Told(G1, G2).Should().Equal(StateChange.GroupLimitReached);
        Told(G9).Should().BeEmpty();
        router.Configure(settings with { Mtu = 1400 });
        Told(G2).Should().BeEmpty();
        router.Configure(settings with { MaxGroups = 2, MaxHosts = 2 });
        Told(G2, G9).Should().Equal(StateChange.GroupLimitReached);
        router.ReportFrom(Host2, new RecordContent(RecordType.IsExclude, G1, []));
        Told(G1).Should().Equal(StateChange.HostLimitReached);
        router.Configure(settings with { MaxGroups = 2, MaxHosts = 3 });
        router.ReportFrom(Host2, new RecordContent(RecordType.IsExclude, G1, []));
        router.ReportFrom(Lower, new RecordContent(RecordType.IsExclude, G1, []));
        Told(G1).Should().Equal(StateChange.HostLimitReached);

        IEnumerable<StateChange> Told(params Address[] groups)
        {
            foreach (var group in groups)
                router.ToEx(group);
            return router
                .Told<StateChanged>()
                .Select(each => each.What)
                .Where(each => each is StateChange.GroupLimitReached or StateChange.HostLimitReached);
        }
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(null, 1)]
    public void So_are_other_limits_of_sources(int? ofInterface, int? ofGroup)
    {
        var settings = Base with { MaxSources = ofInterface, MaxSourcesPerGroup = ofGroup };
        var router = NewRouter(settings: settings);
        Told(S1, S2).Should().Be(1);
        Told(S3).Should().Be(0);
        router.Configure(settings with { Mtu = 1400 });
        Told(S2).Should().Be(0);
        router.Configure(settings with { MaxSources = ofInterface + 1, MaxSourcesPerGroup = ofGroup + 1 });
        Told(S2, S3).Should().Be(1);

        int Told(params Address[] sources)
        {
            router.Forget();
            router.Allow(G1, sources);
            return router.Told<StateChanged>().Count(each => each.What == StateChange.SourceLimitReached);
        }
    }

    [Fact]
    public void Who_may_count_that_was_not_heard_makes_leaves_be_asked_about_and_no_other_change_does()
    {
        var settings = Base with { ExplicitTracking = true, ImmediateLeave = ImmediateLeave.Tracked };
        var router = NewRouter(settings: settings);
        router.Wait(48);
        router.Configure(
            settings with
            {
                Mtu = 1400,
                StaticGroups = [new GroupAndSource(G9)],
                Timing = Fast with { LastMemberQueryInterval = Seconds(2) },
            });
        router.ToEx(G1);
        router.ToIn(G1);
        router.ShouldBe("none");

        router.Configure(settings with { AcceptedSenders = [NamedPrefix("10.0.0.0/8")] });
        router.Forget();
        router.ToEx(G1);
        router.ToIn(G1);
        router.SentSpecific().Should().Equal("48 Q(G1)");
        router.Wait(48);
        router.ToEx(G1);
        router.ToIn(G1);
        router.ShouldBe("none");
    }

    [Fact]
    public void Immediate_leave_ends_what_is_left_from_now_on_and_what_is_being_asked_about_is_asked_to_the_end()
    {
        var router = NewRouter(settings: Base);
        router.ToEx(G1);
        router.ToIn(G1);
        router.Configure(Base with { ImmediateLeave = ImmediateLeave.Always });
        router.ShouldBe("EXCLUDE({},{})");
        router.Wait(2);
        router.ShouldBe("none");
        router.SentSpecific().Should().Equal("0 Q(G1)", "1 Q(G1)");
    }

    [Fact]
    public void The_same_lists_read_anew_are_no_change()
    {
        foreach (var read in (Func<RouterSettings>[])
        [
            () => Base with { AcceptedSenders = [NamedPrefix("10.0.0.0/8")] },
            () => Base with { SourceSpecificRange = [NamedPrefix("232.0.0.0/8")] },
            () => Base with { SourceSpecificRange = [] },
            () => Base with { SsmMappings = [Mapped(S1)] },
            () => Base with { GroupPolicy = List("permit 224.0.0.0/4"), SourcePolicy = List("permit 0.0.0.0/0") },
            () => Base with { StaticGroups = [new GroupAndSource(G1, S1)], LocalJoins = [new GroupAndSource(G1)] },
            () => Base with { Timing = new Timing { QueryInterval = Seconds(20), StartupQueryCount = 7 } },
        ])
        {
            read().Should().Be(read());
            read().GetHashCode().Should().Be(read().GetHashCode());
            read().Should().NotBe(Base);
        }

        new HostSettings { SourceSpecificRange = [NamedPrefix("232.0.0.0/8")] }
            .Should()
            .Be(new HostSettings { SourceSpecificRange = [NamedPrefix("232.0.0.0/8")] });
        Base.Should().NotBe(Base with { SsmMappings = [Mapped(S1)] });
        (Base with { SsmMappings = [Mapped(S1), Mapped(S2)] }).Should().NotBe(Base with { SsmMappings = [Mapped(S2), Mapped(S1)] });
        (Base with { GroupPolicy = List("permit 224.0.0.0/4") }).Should().NotBe(Base with { GroupPolicy = List("deny 224.0.0.0/4") });
    }

    [Fact]
    public void A_list_of_settings_stays_as_it_was_when_it_was_set()
    {
        var range = new List<Prefix> { NamedPrefix("239.0.0.0/8") };
        var settings = Base with { SourceSpecificRange = range };
        range.Clear();
        settings.IsSourceSpecific(G1, Dialect).Should().BeTrue();
    }

    [Fact]
    public void The_documentation_says_of_each_setting_what_changing_it_does()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "membership.md"));
        var section = page[page.IndexOf("## A setting is changed", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        var rows = section
            .Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|')[1])
            .ToList();

        var settings = typeof(RouterSettings)
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(each => each.SetMethod is not null);
        settings
            .Select(each => each.Name)
            .Should()
            .OnlyContain(name => rows.Count(row => row.Contains($"`{name}`", StringComparison.Ordinal)) == 1);
    }

    private SsmMapping Mapped(Address source) => new(NamedPrefix("239.1.1.1/32"), source);

    /// <summary>
    /// A group of each kind, five seconds old: EXCLUDE({S1},{S2}), INCLUDE({S1,S3}), one with a member of version 2, a source-specific one.
    /// </summary>
    private RouterUnderTest Full(RouterSettings? settings = null, bool isQuerier = true)
    {
        var router = NewRouter(settings: settings ?? Base);
        if (!isQuerier)
            router.GeneralQuery(Lower, interval: 20);
        router.IsEx(G1, S2);
        router.IsIn(G1, S1);
        router.Allow(G2, S1, S3);
        router.V2Report(G9);
        router.Allow(M1, S2);
        router.Wait(5);
        router.Forget();
        return router;
    }

    public sealed class Igmp() : SettingsReviewTests(Vocabulary.Igmp)
    {
        [Theory]
        [InlineData(2)]
        [InlineData(3)]
        public void Versions_that_are_no_longer_served_no_longer_decide_about_the_mode_of_a_group(int oldest)
        {
            // RFC 9776 §9.2: forged reports of version 1 must not suspend leaves.
            var router = NewRouter(settings: Base);
            router.V1Report(G1);
            router.V2Report(G1);
            router.V1Report(G2);
            router.Forget();

            router.Configure(Base with { OldestVersion = Version(oldest) });

            router.Group()!.CompatibilityMode.Should().Be(oldest);
            router.Group()!.Version1HostPresentExpires.Should().BeNull();
            Version2HostPresentExpires(router.Group()).Should().Be(oldest == 2 ? Seconds(44) : null);
            router.Group(G2)!.CompatibilityMode.Should().Be(Version(3));
            router.GroupTimer().Should().Be(Seconds(48), "there may be other members");
            router.ToIn(G2);
            router.SentSpecific().Should().Equal("0 Q(G2)");

            router.Configure(Base);
            router.V1Report(G1);
            router.Group()!.CompatibilityMode.Should().Be(Version(1));
        }

        // MLD never accepts one.
        [Fact]
        public void A_querier_without_Router_Alert_that_is_not_accepted_any_more_is_replaced_at_once() => IsReplaced(bySubnet: false);
    }

    public sealed class Mld() : SettingsReviewTests(Vocabulary.Mld)
    {
        [Fact]
        public void Version_1_that_is_no_longer_served_no_longer_decides_about_the_mode_of_a_group()
        {
            var router = NewRouter(settings: Base);
            router.OldestReport(G1);
            router.Forget();

            router.Configure(Base with { OldestVersion = 2 });

            router.Group()!.CompatibilityMode.Should().Be(2);
            router.Group()!.Version1HostPresentExpires.Should().BeNull();
            router.GroupTimer().Should().Be(Seconds(48), "there may be other members");

            router.Configure(Base);
            router.OldestReport(G1);
            router.Group()!.CompatibilityMode.Should().Be(1);
        }
    }
}
