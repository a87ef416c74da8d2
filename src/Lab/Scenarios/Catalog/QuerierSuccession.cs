using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Three routers start from the highest address to the lowest, so that each in turn becomes the querier; then the lowest dies, and after
/// it the next. The part passes from one to the other, back to the first: each time at the Other Querier Present Interval after the last
/// query.
/// </summary>
[Scenario(
    "three-routers", ScenarioTheme.Election,
    "Three routers start and die one after the other: the querier's part passes down the addresses, and back up.")]
[Covers("V3-R-6-02", "V3-R-6.6.2-01", "V3-R-6.6.2-05", "V3-R-6.6.2-07", "V3-R-6.6.2-08", "V3-R-8.5-01")]
public sealed class QuerierSuccession : Scenario
{
    private static readonly Address R1 = Address.Parse("10.0.0.1");
    private static readonly Address R2 = Address.Parse("10.0.0.2");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 1.Seconds(),
        QueryResponseInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (r1, r2, r3) = (lab.Router("r1"), lab.Router("r2"), lab.Router("r3"));
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2, r3);

        await lab.Step("The router with the highest address starts, then the next: the lower one wins");
        var ofR3 = lab.ExpectDuties(r3, await r3.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var ofR2 = lab.ExpectDuties(r2, await r2.Start());
        var lost = await r3.Until(state => state.Follows(R2), within: t.QueryResponseInterval, shows: ["V3-R-6.6.2-01"]);
        ofR3.NotQuerying(r3.Lan, lost);
        lab.ExpectNone(GeneralQuery().From(r3), since: lost).Shows("V3-R-6.6.2-05");
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);

        await lab.Step("The lowest starts: both others follow it");
        var ofR1 = lab.ExpectDuties(r1, await r1.Start());
        lost = await r2.Until(state => state.Follows(R1), within: t.QueryResponseInterval, shows: ["V3-R-6.6.2-01"]);
        ofR2.NotQuerying(r2.Lan, lost);
        await r3.Until(state => state.Follows(R1), within: t.QueryResponseInterval, shows: ["V3-R-6.6.2-08"]);
        lab.ExpectNone(GeneralQuery().From(r2), since: lost).Shows("V3-R-6.6.2-05");
        lab.ExpectNone(GeneralQuery().From(r3), since: lost).Shows("V3-R-6.6.2-05");
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);

        await lab.Step("It dies: the second takes over");
        ofR1.End(await r1.Kill());
        var last = lab.Last(GeneralQuery().From(r1));
        var again = lab.ExpectTakeOver(r2, r2.Lan, after: t.OtherQuerierPresentInterval, since: last)
            .Shows("V3-R-6.6.2-07", "V3-R-8.5-01");
        // The third's timer ends at the same time: it may ask once before it has heard the second.
        lab.Expect(
            GeneralQuery().From(r3), since: last, after: t.OtherQuerierPresentInterval, times: Times.Between(0, 1), every: t.QueryInterval);
        await r2.Until(state => state.IsQuerier(), within: t.OtherQuerierPresentInterval, shows: ["V3-R-6.6.2-07"]);
        await r3.Until(state => state.Follows(R2), within: t.QueryInterval, shows: ["V3-R-6.6.2-01"]);
        await lab.Pass(t.QueryInterval);

        await lab.Step("The second dies too: the third is the querier again");
        var dies = await r2.Kill();
        ofR2.End(dies);
        again.Until(dies);
        lab.ExpectTakeOver(r3, r3.Lan, after: t.OtherQuerierPresentInterval, since: lab.Last(GeneralQuery().From(r2)))
            .Shows("V3-R-6.6.2-07", "V3-R-8.5-01");
        await r3.Until(state => state.IsQuerier(), within: t.OtherQuerierPresentInterval, shows: ["V3-R-6.6.2-07"]);
        await lab.Pass(t.QueryInterval * 1.5);
    }
}
