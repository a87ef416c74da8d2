using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Somebody forges one General Query from an address lower than the querier's, and is silent from then on. The querier gives way; when the
/// Other Querier Present Interval has passed it takes over again. No membership is lost meanwhile: the Group Membership Interval of RFC
/// 9776 is long enough for the answer to the first query of whoever takes over, that of RFC 3376, shorter by one Query Response Interval,
/// is not.
/// </summary>
[Scenario(
    "forged-lower-query", ScenarioTheme.Robustness,
    "One forged General Query silences the querier for the Other Querier Present Interval; no membership is lost.")]
[Covers("V3-R-6-02", "V3-R-6.6.2-07", "V3-R-8.4-01", "V3-R-8.5-01", "V3-R-9.1-03")]
public sealed class ForgedQuery : Scenario
{
    private static readonly Address Low = Address.Parse("10.0.0.1");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 2.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 500.Milliseconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, h1, source) = (lab.Router("r1"), lab.Host("h1"), lab.Host("source"));
        var attacker = lab.Play("attack", h1.Lan, Low);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, a host joins, and the stream flows");
        var duties = lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        // Few datagrams, as the run is as long as several Query Intervals.
        var every = t.QueryInterval / 40;
        var stream = await source.Stream(G, every, S);
        await lab.Pass(6 * every);
        await lab.PassAnswersOfKernels();
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: join));
        lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: GeneralQuery().On(h1.Lan), since: join).InAllSteps();
        await lab.Pass(t.QueryInterval);

        await lab.Step("A General Query is forged, from a lower address: the router gives way, and takes over when its time has passed");
        lab.Expect(stream.At(h1).HasNoGap()).Shows("V3-R-9.1-03");
        // It leaves hosts the least time to answer that a query can: so their answer is worth the least.
        var forged = await attacker.Query(lab.General() with { MaxResponseTime = 100.Milliseconds() });
        var lost = await r1.Until(state => state.On("eth1").Querier == Low, within: TimeSpan.Zero);
        duties.NotQuerying(h1.Lan, since: lost);
        lab.ExpectTakeOver(r1, h1.Lan, after: t.OtherQuerierPresentInterval, since: forged)
            .Shows("V3-R-6.6.2-07", "V3-R-8.5-01", "V3-R-9.1-03");
        await r1.Until(state => state.IsQuerier(), within: t.OtherQuerierPresentInterval, shows: ["V3-R-6.6.2-07", "V3-R-9.1-03"]);
        // A member has the whole Query Response Interval left to answer.
        await r1.Check(state => state.Group(G)?.Expires > t.QueryResponseInterval, shows: ["V3-R-8.4-01", "V3-R-9.1-03"]);

        await lab.Step("The stream goes on, as does the querier");
        lab.Expect(stream.At(h1).HasNoGap()).Shows("V3-R-8.4-01");
        await lab.Pass(t.QueryInterval + t.QueryResponseInterval);
        await r1.Check(state => state.IsQuerier() && state.Group(G).IsExclude());
    }
}
