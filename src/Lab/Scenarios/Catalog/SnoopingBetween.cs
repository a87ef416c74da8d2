using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A switch that snoops lies between a router, a source, a host, and a host of version 2. Reports come to the router, queries to the hosts,
/// and a group only to ports with a member and to the router. A report of version 2 comes to no other host, so that none keeps silent for
/// it. A leave takes as long as without the switch, and a member on another port loses nothing.
/// </summary>
[Scenario(
    "igmp-snooping-between", ScenarioTheme.Switches,
    "A switch that snoops between a router, a source and two hosts, one of version 2: who gets what, and for how long.")]
[Covers("V3-N-2.1.1-01", "V3-N-2.1.1-09", "V3-N-2.1.1-10", "V3-N-2.1.2-01", "V3-N-2.1.2-02", "V3-R-6-02")]
public sealed class SnoopingBetween : Scenario
{
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address Local = Address.Parse("224.0.0.251");
    private static readonly Address S = Address.Parse("10.0.0.100");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 6.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 500.Milliseconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, sw) = (lab.Router("r1"), lab.Other("sw"));
        var (h1, h2, source) = (lab.Host("h1"), lab.Host("h2"), lab.Host("source"));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts: its queries come to every port, and what nobody has joined goes to its own");
        var start = await r1.Start();
        lab.ExpectDuties(r1, start);
        await lab.PassQueryResponses();
        await lab.CheckPassed(sw, GeneralQuery().From(r1), start, to: [h1.Lan, h2.Lan, source.Lan], notTo: [], shows: "V3-N-2.1.1-09");
        // Few datagrams, as the run is as long as several Query Intervals.
        var every = t.QueryInterval / 80;
        var stream = await source.Stream(G, every, S);
        var local = await source.Stream(Local, every, S);
        lab.Expect(stream.At(h1).IsSilent()).Shows("V3-N-2.1.2-01");
        lab.Expect(stream.At(h2).IsSilent()).Shows("V3-N-2.1.2-01");
        lab.Expect(local.At(h1).HasNoGap()).Shows("V3-N-2.1.2-02");
        lab.Expect(local.At(h2).HasNoGap()).Shows("V3-N-2.1.2-02");
        await lab.Pass(8 * every);

        await lab.Step("The first host joins: its report comes to the router, and the group to its port alone");
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        await r1.Until(state => state.Group(G).IsExclude(), within: TimeSpan.Zero, shows: ["V3-N-2.1.1-01"]);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-N-2.1.2-01");
        lab.Expect(stream.At(h2).IsSilent()).Shows("V3-N-2.1.2-01");
        lab.Expect(local.At(h2).HasNoGap()).Shows("V3-N-2.1.2-02");
        await lab.Pass(8 * every);
        var answersOfFirst = lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: GeneralQuery().From(r1), since: join)
            .InAllSteps()
            .Shows("V3-N-2.1.1-09");
        await lab.PassRepetitions();

        await lab.Step("The second host, of version 2, joins: its report comes to the router and to no other host");
        join = await h2.Join(G);
        // Repeated once within ten seconds (RFC 2236 §8.10), and given as an answer.
        lab.ExpectTimes(Times.AtLeastOnce, OlderReport(Generation.Leaves, G).From(h2), since: join);
        var answersOfSecond = lab.ExpectAnswers(OlderReport(Generation.Leaves, G).From(h2), to: GeneralQuery().From(r1), since: join)
            .InAllSteps()
            .Shows("V3-N-2.1.1-09");
        lab.Expect(stream.At(h2).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-N-2.1.2-01");
        lab.Expect(stream.At(h1).HasNoGap());
        await r1.Until(state => state.Group(G) is { CompatibilityMode: 2 }, within: TimeSpan.Zero, shows: ["V3-N-2.1.1-01"]);
        await lab.Pass(10.Seconds() + (2 * lab.Tolerance));
        await lab.CheckPassed(
            sw, OlderReport(Generation.Leaves, G).From(h2), join, to: [r1.Lan], notTo: [h1.Lan, source.Lan], shows: "V3-N-2.1.1-01");

        await lab.Step("The querier asks everybody, and both answer");
        await lab.PassUntilAsked(r1);
        lab.Expect(stream.At(h1).HasNoGap());
        lab.Expect(stream.At(h2).HasNoGap());
        await lab.Pass((2 * lab.Tolerance) + t.QueryResponseInterval);

        await lab.Step("The first host leaves: the leave comes to the router, its query to the other host, and that one keeps the stream");
        var leave = await h1.Leave(G);
        answersOfFirst.Until(leave);
        lab.ExpectStateChange(h1, ToInclude(G), since: leave);
        // The repeated leave asks again if the other host has answered before it.
        lab.ExpectTimes(Times.Between(0, 2 * t.LastMemberQueryCount), AnyQueryOf(G).From(r1), since: leave);
        lab.ExpectAnswers(OlderReport(Generation.Leaves, G).From(h2), to: AnyQueryOf(G).From(r1), since: leave).Shows("V3-N-2.1.1-09");
        lab.Expect(stream.At(h2).HasNoGap()).Shows("V3-N-2.1.1-10");
        lab.Expect(stream.At(h1).Stops(TimeSpan.Zero, t.LastMemberQueryTime + t.UnsolicitedReportInterval, of: leave))
            .Shows("V3-N-2.1.1-10");
        await lab.Pass(t.LastMemberQueryTime + t.UnsolicitedReportInterval);
        await lab.Check(
            r1.Name, $"{t.LastMemberQueryCount} queries at least", ["V3-N-2.1.1-10"],
            lab.Count(AnyQueryOf(G).From(r1), since: leave) >= t.LastMemberQueryCount ? null : "there were fewer");

        await lab.Step("The second leaves too: the stream stops when the router lets it");
        leave = await h2.Leave(G);
        answersOfSecond.Until(leave);
        lab.Expect(OlderLeave(G).From(h2), since: leave);
        lab.ExpectTimes(t.LastMemberQueryCount, Query(G).From(r1), since: leave).Shows("V3-N-2.1.1-10");
        lab.Expect(stream.At(h2).Stops(TimeSpan.Zero, t.LastMemberQueryTime, of: leave)).Shows("V3-N-2.1.1-10");
        await r1.Until(state => state.Knows(), within: t.LastMemberQueryTime, shows: ["V3-N-2.1.1-10"]);
    }
}
