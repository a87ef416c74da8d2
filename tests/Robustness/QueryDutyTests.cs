using System.Globalization;
using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Robustness.Simulation;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>What a router owes is known from the frames, and no more than that. One LAN, 10 ms long, the RFC's timers.</summary>
public sealed class QueryDutyTests
{
    private static readonly Address G = LabPlan.Groups[0];
    private static readonly Address S = LabPlan.Sources[0];
    private static readonly NodePlan Router = new("r1", true, 3, 0, [(0, 9)]);
    private static readonly NodePlan Lower = new("r2", true, 3, 0, [(0, 1)]);
    private static readonly LabPlan Plan = new(
        1, 3, Timing.Default, [new LanPlan("A", TimeSpan.FromMilliseconds(9.99), 0)], [Router, Lower], [], default);
    private static readonly Windows Windows = new(Plan);

    private readonly HeardReports heard = new(Windows);
    private readonly GeneralQueryDuty general = new(Plan, Windows);
    private readonly SpecificQueryDuty specific;

    public QueryDutyTests() => specific = new SpecificQueryDuty(Windows, Windows.Delay(0), heard);

    [Theory]
    [InlineData("0", 31.2, null)]
    [InlineData("0", 31.3, "1 start-up queries left")]
    [InlineData("0 31.25", 156.2, null)]
    [InlineData("0 31.25", 156.3, "0 start-up queries left")]
    [InlineData("", 0.1, "2 start-up queries left")]
    public void Start_up_queries_and_the_regular_ones_after_them_are_owed(string asked, double now, string? overdue)
    {
        general.Started(0, Router.AddressOn(0), At(0));
        foreach (var at in asked.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            general.Asked(0, Router, At(double.Parse(at, CultureInfo.InvariantCulture)));

        (general.Overdue(At(now), (_, _) => true)?.Split(", ")[1]).Should().Be(overdue);
    }

    [Fact]
    public void Nothing_is_owed_by_who_may_have_heard_a_lower_router_or_is_down()
    {
        general.Started(0, Router.AddressOn(0), At(0));
        general.Overdue(At(1), (_, _) => false).Should().BeNull();
        general.Asked(0, Lower, At(0));

        general.Overdue(At(1000), (_, _) => true).Should().BeNull();
        general.Asked(0, Router, At(1000));
        general.Overdue(At(1130), (_, _) => true).Should().NotBeNull("it asks again: the lower one is gone");
    }

    [Fact]
    public void A_source_is_asked_for_once_more_and_with_the_S_flag_when_it_was_reported()
    {
        Hear(RecordType.Block, 10, S);
        Ask(10.01, suppress: false, S).Should().BeNull();
        specific.Overdue(At(11)).Should().BeNull();
        specific.Overdue(At(11.1)).Should().Contain("1 times");

        Hear(RecordType.Block, 20, S);
        Ask(20.01, suppress: true, S).Should().Be(Law.SuppressFlag, "it was lowered at this instant");
        Hear(RecordType.Block, 30, S);
        Ask(30.01, suppress: false, S).Should().BeNull();
        Hear(RecordType.IsInclude, 30.5, S);
        Ask(31.01, suppress: false, S).Should().Be(Law.SuppressFlag);
        specific.Overdue(At(100)).Should().BeNull("it was asked for twice");
    }

    [Fact]
    public void A_group_is_asked_for_once_more()
    {
        Hear(RecordType.IsExclude, 5);
        Hear(RecordType.ToInclude, 10);
        Ask(10.01, suppress: false).Should().BeNull();
        specific.Overdue(At(11.1)).Should().Contain("1 times");

        Hear(RecordType.ToInclude, 20);
        Ask(20.01, suppress: false).Should().BeNull();
        specific.Overdue(At(30)).Should().BeNull("nobody knows how long the group would have lived");
    }

    [Fact]
    public void No_query_comes_without_a_record_that_calls_for_it()
    {
        Ask(10, suppress: false).Should().Be(Law.QueryRate);
        Hear(RecordType.Block, 20, LabPlan.Sources[1]);
        Ask(20.01, suppress: false, S).Should().Be(Law.QueryRate, "of another source");
        Hear(RecordType.ToInclude, 30, S);
        Ask(30.01, suppress: false, S).Should().Be(Law.QueryRate, "it was just reported");
        Hear(RecordType.ToInclude, 40);
        Ask(40.02, suppress: false).Should().Be(Law.QueryRate, "too late");
    }

    [Theory]
    [InlineData(1, RecordType.ToInclude, false)]
    [InlineData(2, RecordType.ToInclude, true)]
    [InlineData(1, RecordType.Block, false)]
    [InlineData(2, RecordType.Block, false)]
    public void What_is_ignored_beside_an_older_member_calls_for_nothing(int version, RecordType type, bool calls)
    {
        foreach (var at in (double[])[10, 200])
            heard.HeardOlder(G, version, At(at));
        // 269.99 s are the rest of an interval that began at 10 s.
        Hear(type, 280, type == RecordType.Block ? [S] : []);
        var query = type == RecordType.Block ? Ask(280.01, suppress: false, S) : Ask(280.01, suppress: false);

        query.Should().Be(calls ? null : Law.QueryRate);
    }

    [Fact]
    public void Timers_run_from_the_last_report_until_something_may_have_lowered_them()
    {
        Hear(RecordType.ToExclude, 10, S);
        Hear(RecordType.Allow, 11, S);
        heard.Group(G).Should().Be(At(10));
        heard.Source(G, S).Should().Be(At(11));

        Ask(12, suppress: true);
        heard.Group(G).Should().Be(At(10));
        Ask(13, suppress: false);
        heard.Group(G).Should().BeNull();
        heard.Source(G, S).Should().Be(At(11));
        Ask(14, suppress: false, S);
        heard.Source(G, S).Should().BeNull();

        Hear(RecordType.IsExclude, 20);
        Hear(RecordType.ToInclude, 21);
        heard.Group(G).Should().BeNull();
        Hear(RecordType.IsExclude, 30);
        heard.Doubt(G);
        heard.Group(G).Should().BeNull();
    }

    private static Instant At(double seconds) => Instant.Epoch + TimeSpan.FromSeconds(seconds);

    private static byte[] Bytes(Address[] sources)
    {
        var bytes = new byte[4 * sources.Length];
        for (var i = 0; i < sources.Length; i++)
            sources[i].Write(bytes.AsSpan(4 * i));
        return bytes;
    }

    private void Hear(RecordType type, double at, params Address[] sources)
    {
        var record = new GroupRecord { Type = type, Group = G, Sources = new SourceList(Bytes(sources), 4) };
        specific.Heard(record, At(at));
        heard.Heard(record, At(at));
    }

    private Law? Ask(double at, bool suppress, params Address[] sources)
    {
        var query = new Query
        {
            Generation = Generation.Sources,
            MaxResponseTime = TimeSpan.FromSeconds(1),
            Group = G,
            SuppressRouterSideProcessing = suppress,
            Sources = new SourceList(Bytes(sources), 4),
        };
        var wrong = specific.Asked(Router, query, At(at));
        heard.Heard(query);
        return wrong?.Law;
    }
}
