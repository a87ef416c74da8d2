using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// The querier behind a switch dies, and another one starts on another port. The switch learns that port from its first query, so that
/// reports and groups come there from then on; the new querier knows all members within the Query Response Interval. It has the lower
/// address: Linux's bridge learns no other router while it believes in the dead one.
/// </summary>
[Scenario(
    "snooping-router-move", ScenarioTheme.Switches,
    "The querier moves from one port of a switch to another: reports and groups follow its first query.")]
[Covers("V3-N-2.1.1-01", "V3-N-2.1.1-02", "V3-N-2.1.2-01", "V3-R-6-02")]
public sealed class SnoopingRouterMove : Scenario
{
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address H = Address.Parse("239.1.1.2");
    private static readonly Address S = Address.Parse("10.0.0.100");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 4.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 1.Seconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, r2, sw) = (lab.Router("r1"), lab.Router("r2"), lab.Other("sw"));
        var (h1, h2, source) = (lab.Host("h1"), lab.Host("h2"), lab.Host("source"));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2);

        await lab.Step("The querier is on the first port; a host joins, and nothing of it comes to the last port");
        var duties = lab.ExpectDuties(r1, await r1.Start());
        await lab.PassQueryResponses();
        var every = t.QueryResponseInterval / 20;
        var stream = await source.Stream(G, every, S);
        await lab.Pass(6 * every);
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-N-2.1.2-01");
        lab.Expect(stream.At(r1).HasNoGap()).Shows("V3-N-2.1.2-01");
        lab.Expect(stream.At(r2).IsSilent()).Shows("V3-N-2.1.2-01");
        lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: GeneralQuery(), since: join).InAllSteps();
        await r1.Until(state => state.Knows(G), within: TimeSpan.Zero, shows: ["V3-N-2.1.1-01"]);
        await lab.PassRepetitions();
        await lab.Pass(8 * every);

        await lab.Step("It dies, and another starts on the last port: the switch learns that port, and the querier its members");
        duties.End(await r1.Kill());
        var start = await r2.Start();
        lab.ExpectDuties(r2, start);
        await r2.Until(state => state.Knows(G), within: t.QueryResponseInterval, shows: ["V3-N-2.1.1-01", "V3-N-2.1.1-02"]);
        lab.Expect(stream.At(r2).Starts(within: TimeSpan.Zero, of: start)).Shows("V3-N-2.1.1-02");
        lab.Expect(stream.At(h1).HasNoGap());
        await lab.PassQueryResponses();

        await lab.Step("Another host joins another group: the new querier hears of it at once");
        lab.Expect(stream.At(r2).HasNoGap()).Shows("V3-N-2.1.1-02");
        lab.Expect(stream.At(h2).IsSilent());
        join = await h2.Join(H);
        lab.ExpectStateChange(h2, ToExclude(H), since: join);
        await r2.Until(state => state.Knows(G, H), within: TimeSpan.Zero, shows: ["V3-N-2.1.1-01", "V3-N-2.1.1-02"]);
        await lab.PassRepetitions();
        await lab.Pass(8 * every);
        await lab.CheckPassed(sw, Report(ToExclude(H)).From(h2), join, to: [r2.Lan], notTo: [], shows: "V3-N-2.1.1-01");

        await lab.Step("It queries again, and both hosts answer");
        await lab.EndStreams();
        lab.ExpectAnswers(Report(IsExclude(H)).From(h2), to: GeneralQuery().From(r2), since: join).Shows("V3-N-2.1.1-01");
        await lab.PassUntilAsked(r2);
        await lab.Pass((2 * lab.Tolerance) + t.QueryResponseInterval);
    }
}
