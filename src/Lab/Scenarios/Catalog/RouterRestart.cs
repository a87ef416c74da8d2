using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// The only router is killed and started again while hosts are members. It knows nothing, takes itself for the querier, and asks at once;
/// the hosts answer with all their groups within the Query Response Interval, and the streams flow again.
/// </summary>
[Scenario(
    "router-restart", ScenarioTheme.Robustness,
    "The router is killed and starts again: its first query brings all groups back, and the streams.")]
[Covers("V3-H-5.2-12", "V3-R-3-01", "V3-R-6-02", "V3-R-8.6-01", "V3-R-8.7-01")]
public sealed class RouterRestart : MemberLan
{
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (r1, h1, h2) = (lab.Router("r1"), lab.Host("h1"), lab.Host("h2"));
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts");
        var before = lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await lab.PassAnswersOfKernels();

        await lab.Step("Two hosts join three groups, and a stream flows");
        var stream = (await Send(lab, S1))[0];
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: join));
        await lab.PassRepetitions();
        lab.ExpectStateChange(h1, ToExclude(G2), since: await h1.Join(G2));
        lab.ExpectStateChange(h2, ToExclude(G3), since: await h2.Join(G3));
        await lab.PassRepetitions();
        await r1.Check(state => state.Knows(G, G2, G3));

        await lab.Step("The router dies: the stream stops");
        var dies = await r1.Kill();
        before.End(dies);
        lab.Expect(stream.At(h1).Stops(after: TimeSpan.Zero, of: dies));
        await Flow(lab);

        await lab.Step("It starts again: the answers to its first query bring back everything");
        var start = await r1.Start();
        var after = lab.ExpectDuties(r1, start);
        foreach (var lan in r1.Lans)
            after.OfQueries(lan).Shows("V3-R-3-01", "V3-R-8.6-01", "V3-R-8.7-01");
        lab.ExpectAnswers(Report(IsExclude(G), IsExclude(G2)).From(h1), to: GeneralQuery().On(h1.Lan), since: start).Shows("V3-H-5.2-12");
        lab.ExpectAnswers(Report(IsExclude(G3)).From(h2), to: GeneralQuery().On(h2.Lan), since: start).Shows("V3-H-5.2-12");
        lab.Expect(stream.At(h1).Starts(within: t.QueryResponseInterval, of: start));
        await r1.Until(state => state.Knows(G, G2, G3), within: t.QueryResponseInterval, shows: ["V3-R-3-01"]);
        // Until both start-up queries are answered.
        await lab.Pass((t.StartupQueryInterval * t.StartupQueryCount) + t.QueryResponseInterval);
    }
}
