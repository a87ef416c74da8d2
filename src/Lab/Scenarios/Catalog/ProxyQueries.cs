using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A switch queries from 0.0.0.0, as RFC 4541 lets it, beside two routers. 0.0.0.0 is the lowest address there is, and yet not one of a
/// querier: the querier goes on querying, the other router goes on following it. Hosts answer every query, whoever asks.
/// </summary>
[Scenario(
    "proxy-query-zero-source", ScenarioTheme.Election,
    "Queries from 0.0.0.0 beside a querier: they are answered, and take no part in the election.")]
[Covers("V3-H-5.2-24", "V3-R-2.1.1-01", "V3-R-6-02")]
public sealed class ProxyQueries : Scenario
{
    private static readonly Address R1 = Address.Parse("10.0.0.1");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 3.Seconds(),
        QueryResponseInterval = 500.Milliseconds(),
        StartupQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, r2) = (lab.Router("r1"), lab.Router("r2"));
        var (h1, h2) = (lab.Host("h1"), lab.Host("h2"));
        var proxy = lab.Play("proxy", h1.Lan, Address.AnyV4);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2);

        await lab.Step("Two routers start, the first is the querier; two hosts join");
        var duties = lab.ExpectDuties(r2, await r2.Start());
        var start = await r1.Start();
        lab.ExpectDuties(r1, start).OfQueries(h1.Lan).Shows("V3-R-2.1.1-01");
        var lost = await r2.Until(state => state.Follows(R1), within: t.QueryResponseInterval);
        duties.NotQuerying(h1.Lan, since: lost);
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await lab.PassAnswersOfKernels();
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        join = await h2.Include(G, S);
        lab.ExpectStateChange(h2, Allow(G, S), since: join);
        lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: GeneralQuery(), since: join).InAllSteps().Shows("V3-H-5.2-24");
        lab.ExpectAnswers(Report(IsInclude(G, S)).From(h2), to: GeneralQuery(), since: join).InAllSteps().Shows("V3-H-5.2-24");
        await lab.PassRepetitions();

        await lab.Step("A switch queries, once per Query Interval: the hosts answer, and the routers stay what they are");
        // In the middle between the querier's own, so that each query has answers of its own.
        await lab.Pass(lab.Last(GeneralQuery().From(r1)).At + t.QueryInterval + (t.QueryInterval / 2) - lab.Now.At);
        var since = lab.Now;
        await proxy.Query(lab.General());
        var lasting = t.OtherQuerierPresentInterval + t.QueryInterval;
        await proxy.QueryEvery(lab.General(), t.QueryInterval, lasting);
        lab.ExpectNone(GeneralQuery().From(r2), since);
        await lab.Pass(lab.Tolerance);
        await r1.Check(state => state.IsQuerier(), shows: ["V3-R-2.1.1-01"]);
        await r2.Check(state => state.Follows(R1), shows: ["V3-R-2.1.1-01"]);
        await lab.Pass(lasting + t.QueryResponseInterval);
        await r1.Check(state => state.IsQuerier(), shows: ["V3-R-2.1.1-01"]);
        await r2.Check(state => state.Follows(R1), shows: ["V3-R-2.1.1-01"]);
    }
}
