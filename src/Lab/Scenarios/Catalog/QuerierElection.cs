using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Three routers on one LAN start in the order that tests the election most, the highest address first. The lowest wins. It dies silently;
/// the second takes over at the Other Querier Present Interval and the third follows it, not the dead one. The dead one returns and wins
/// again. It dies once more while the second restarts, so that the third hears a new querier while it still believes in the dead one.
/// </summary>
[Scenario(
    "querier-election", ScenarioTheme.Election,
    "Three routers on one LAN: the lowest address wins, a silent querier is replaced, and comes back.")]
[Covers(
    "V3-R-3-01", "V3-R-4.1.12-01", "V3-R-6-02", "V3-R-6.1-01", "V3-R-6.6.1-08", "V3-R-6.6.2-01", "V3-R-6.6.2-02", "V3-R-6.6.2-05",
    "V3-R-6.6.2-06", "V3-R-6.6.2-07", "V3-R-6.6.2-08", "V3-R-6.6.2-09", "V3-R-8.5-01", "V3-R-8.6-01", "V3-R-8.7-01", "V3-M-4-02",
    "V3-M-4-06")]
public sealed class QuerierElection : Scenario
{
    private static readonly Address R1 = Address.Parse("10.0.0.1");
    private static readonly Address R2 = Address.Parse("10.0.0.2");
    private static readonly Address G = Address.Parse("239.1.1.1");

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
        var (r1, r2, r3) = (lab.Router("r1"), lab.Router("r2"), lab.Router("r3"));
        var h1 = lab.Host("h1");
        var t = lab.Timing;
        lab.ExpectAlways(AnyMessage(), "TTL 1 and Router Alert", message => message.Envelope is { TimeToLive: 1, RouterAlert: true })
            .Shows("V3-M-4-02", "V3-M-4-06");
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2, r3);

        await lab.Step("The router with the highest address starts alone");
        var start = await r3.Start();
        var queriesOfR3 = lab.ExpectGeneralQueries(r3, r3.Lan, since: start)
            .Shows("V3-R-3-01", "V3-R-4.1.12-01", "V3-R-6.1-01", "V3-R-8.6-01", "V3-R-8.7-01");
        lab.ExpectMember(r3, r3.Lan, to: GeneralQuery(), start);
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await r3.Check(state => state.IsQuerier(), shows: ["V3-R-3-01"]);
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: GeneralQuery(), since: join).InAllSteps();

        await lab.Step("A router with a lower address starts, and wins");
        start = await r2.Start();
        var queriesOfR2 = lab.ExpectGeneralQueries(r2, r2.Lan, since: start);
        var answersOfR2 = lab.ExpectMember(r2, r2.Lan, to: GeneralQuery(), start);
        var lost = await r3.Until(state => state.Follows(R2), within: t.QueryResponseInterval, shows: ["V3-R-6.6.2-01"]);
        queriesOfR3.Until(lost);
        lab.ExpectNone(GeneralQuery().From(r3), since: lost).Shows("V3-R-6.6.2-05");
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await r2.Check(state => state.IsQuerier(), shows: ["V3-R-6.6.2-02"]);

        await lab.Step("The lowest address of all starts: both others follow it");
        start = await r1.Start();
        var queriesOfR1 = lab.ExpectGeneralQueries(r1, r1.Lan, since: start);
        var answersOfR1 = lab.ExpectMember(r1, r1.Lan, to: GeneralQuery(), start);
        lost = await r2.Until(state => state.Follows(R1), within: t.QueryResponseInterval, shows: ["V3-R-6.6.2-01"]);
        queriesOfR2.Until(lost);
        await r3.Until(state => state.Follows(R1), within: t.QueryResponseInterval, shows: ["V3-R-6.6.2-08"]);
        // Longer than the Other Querier Present Interval: only refreshing the timer keeps the others quiet.
        lab.ExpectNone(GeneralQuery().From(r2), since: lost).Shows("V3-R-6.6.2-06");
        lab.ExpectNone(GeneralQuery().From(r3), since: lost).Shows("V3-R-6.6.2-06");
        await lab.Pass(t.OtherQuerierPresentInterval + (t.QueryInterval / 2));
        await r2.Check(state => state.Group(G).IsExclude(), shows: ["V3-R-6.6.1-08"]);

        await lab.Step("The querier dies without a word: the second takes over, and the third follows it");
        var dies = await r1.Kill();
        queriesOfR1.Until(dies);
        answersOfR1.Until(dies);
        var last = lab.Last(GeneralQuery().From(r1));
        queriesOfR2 = lab.ExpectTakeOver(r2, r2.Lan, after: t.OtherQuerierPresentInterval, since: last)
            .Shows("V3-R-6.6.2-07", "V3-R-8.5-01");
        // The third's timer expires at the same time: it may ask once before it has heard the second.
        lab.Expect(
            GeneralQuery().From(r3), since: last, after: t.OtherQuerierPresentInterval, times: Times.Between(0, 1), every: t.QueryInterval);
        await r2.Until(state => state.IsQuerier(), within: t.OtherQuerierPresentInterval, shows: ["V3-R-6.6.2-07"]);
        await r3.Until(state => state.Follows(R2), within: t.QueryInterval, shows: ["V3-R-6.6.2-01"]);

        await lab.Step("The third goes on following the second");
        lab.ExpectNone(GeneralQuery().From(r3), since: lab.Now).Shows("V3-R-6.6.2-06");
        await lab.Pass(t.OtherQuerierPresentInterval);
        await r3.Check(state => state.Follows(R2), shows: ["V3-R-6.6.2-06"]);

        await lab.Step("The dead one returns, and wins again");
        start = await r1.Start();
        queriesOfR1 = lab.ExpectGeneralQueries(r1, r1.Lan, since: start).Shows("V3-R-3-01");
        answersOfR1 = lab.ExpectMember(r1, r1.Lan, to: GeneralQuery(), start);
        lost = await r2.Until(state => state.Follows(R1), within: t.QueryResponseInterval, shows: ["V3-R-6.6.2-01"]);
        queriesOfR2.Until(lost);
        await r3.Until(state => state.Follows(R1), within: t.QueryResponseInterval, shows: ["V3-R-6.6.2-08"]);
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);

        await lab.Step("It dies again, and the second restarts while the third still believes in the dead one");
        // The second goes first, so that it has the whole Other Querier Present Interval of the third to come back in.
        answersOfR2.Until(await r2.Kill());
        dies = await r1.Kill();
        queriesOfR1.Until(dies);
        answersOfR1.Until(dies);
        start = await r2.Start();
        lab.ExpectGeneralQueries(r2, r2.Lan, since: start);
        lab.ExpectMember(r2, r2.Lan, to: GeneralQuery(), start);
        lab.ExpectNone(GeneralQuery().From(r3), since: dies).Shows("V3-R-6.6.2-09");
        await lab.Pass(t.OtherQuerierPresentInterval + (t.QueryInterval / 2));
        await r3.Check(state => state.Follows(R2), shows: ["V3-R-6.6.2-09"]);
    }
}
