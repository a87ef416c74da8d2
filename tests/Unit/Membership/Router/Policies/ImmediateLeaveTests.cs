using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Membership.Router.RouterUnderTest;

namespace MulticastLab.Tests.Membership.Router.Policies;

/// <summary>Leaves that take effect at once, where RFC 9776 §6.4.2 has queries.</summary>
public abstract class ImmediateLeaveTests(Vocabulary words) : RouterTests(words)
{
    private Address M1 => Named("232.1.1.1");

    private readonly RouterUnderTest always = new(words, Fast, new RouterSettings { ImmediateLeave = ImmediateLeave.Always });

    /// <summary>Every row of the tables with a query: the state before, the record, the state after.</summary>
    public static TheoryData<string, RecordType, string, string> Rows => new()
    {
        { "INCLUDE(1,2)", RecordType.Block, "2,3", "INCLUDE({S1})" },
        { "INCLUDE(1)", RecordType.Block, "1", "none" },
        { "INCLUDE(1,2)", RecordType.ToInclude, "", "none" },
        { "INCLUDE(1,2)", RecordType.ToExclude, "2,3", "EXCLUDE({},{S2,S3})" },
        { "EXCLUDE(1)(2)", RecordType.Block, "1,2,3", "EXCLUDE({},{S1,S2,S3})" },
        { "EXCLUDE(1)(2)", RecordType.ToExclude, "1,2,3", "EXCLUDE({},{S1,S2,S3})" },
        { "EXCLUDE()()", RecordType.ToInclude, "", "none" },
        { "EXCLUDE(1)(2)", RecordType.ToInclude, "", "none" },
        { "EXCLUDE(1)(2)", RecordType.ToInclude, "3", "INCLUDE({S3})" },
        { "EXCLUDE(1)(2)", RecordType.ToInclude, "1,2", "INCLUDE({S1,S2})" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_would_be_asked_for_ends_at_once_and_nothing_is_asked(string before, RecordType type, string sources, string after)
    {
        Bring(always, before);
        always.Wait(5);
        always.Forget();

        always.Report(new RecordContent(type, G1, Sources(sources)));

        always.ShouldBe(after);
        always.SentSpecific().Should().BeEmpty();
        always.Core.Forwards(S4, G1).Should().Be(after.StartsWith("EXCLUDE", StringComparison.Ordinal));
    }

    [Fact]
    public void Forwarding_changes_in_the_very_call_of_the_leave()
    {
        always.ToEx(G1);
        always.Forget();
        always.ToIn(G1);

        always.Core.Forwards(S1, G1).Should().BeFalse();
        always.Take().Select(each => each.Effect).Should().Equal(new StateChanged(StateChange.GroupRemoved, G1), new ForwardingChanged(G1));
    }

    [Fact]
    public void Off_by_default_others_are_asked()
    {
        var router = NewRouter(Fast);
        router.ToEx(G1);
        router.ToIn(G1);

        router.ShouldBe("EXCLUDE({},{})");
        router.SentSpecific().Should().ContainSingle();
    }

    [Fact]
    public void A_TO_IN_that_was_split_loses_none_of_its_sources()
    {
        // RFC 9776 §4.2.17: 500 sources come in two records.
        var sources = Enumerable.Range(1, 500).Select(Source).ToArray();
        always.IsEx(G1);
        always.ToIn(G1, sources[..365]);
        always.ToIn(G1, sources[365..]);

        always.Group()!.Mode.Should().Be(FilterMode.Include);
        always.Group()!.Sources.Select(each => each.Source).Should().Equal(sources);
    }

    [Fact]
    public void A_router_that_is_not_querier_does_not_wait_either()
    {
        always.GeneralQuery(Lower, interval: 20);
        always.ToEx(G1);
        always.ToIn(G1);

        always.ShouldBe("none");
    }

    [Fact]
    public void Queries_under_way_end_with_what_they_ask_for()
    {
        var router = NewRouter(Fast);
        router.IsEx(G1);
        router.Allow(G1, S1);
        router.ToIn(G1);
        router.Configure(router.Core.Settings with { ImmediateLeave = ImmediateLeave.Always });
        router.Forget();
        router.ToIn(G1);

        router.ShouldBe("none");
        router.Wait(10);
        router.SentSpecific().Should().BeEmpty();
    }

    [Fact]
    public void It_can_be_for_source_specific_groups_alone()
    {
        var router = NewRouter(
            Fast, new RouterSettings { ImmediateLeave = ImmediateLeave.Always, ImmediateLeaveScope = LeaveScope.SourceSpecific });
        router.Allow(G1, S1);
        router.Allow(M1, S1);
        router.Block(G1, S1);
        router.Block(M1, S1);

        router.ShouldBe("INCLUDE({S1})");
        router.ShouldBe("none", M1);
        router.SentSpecific().Should().Equal("0 Q(G1,S1)");
    }

    [Fact]
    public void A_leave_of_version_2_counts_at_once()
    {
        always.V2Report(G1);
        always.Leave(G1);
        always.ShouldBe("none");
    }

    private void Bring(RouterUnderTest router, string state)
    {
        var lists = state.Split('(', ')');
        if (state.StartsWith("INCLUDE", StringComparison.Ordinal))
        {
            router.Allow(G1, Sources(lists[1]));
            return;
        }

        router.IsEx(G1, Sources(lists[3]));
        router.Allow(G1, Sources(lists[1]));
    }

    private Address[] Sources(string numbers) =>
        [
            .. numbers
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(each => Source(int.Parse(each, System.Globalization.CultureInfo.InvariantCulture))),
        ];

    public sealed class Igmp() : ImmediateLeaveTests(Vocabulary.Igmp)
    {
        [Fact]
        public void A_leave_of_a_group_with_a_version_1_member_does_not_count()
        {
            always.V1Report(G2);
            always.Leave(G2);
            always.ShouldBe("EXCLUDE({},{})", G2);
        }
    }

    public sealed class Mld() : ImmediateLeaveTests(Vocabulary.Mld);
}
