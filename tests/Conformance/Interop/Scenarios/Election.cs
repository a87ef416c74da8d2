using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Membership;

namespace MulticastLab.Conformance.Interop.Scenarios;

/// <summary>
/// RFC 9776 §6.6.2 across vendors: the router with the lower address starts last and wins; it dies silently, and the other takes over
/// at the Other Querier Present Interval of the timers that it heard; it comes back, and wins again. The two have different timers.
/// </summary>
internal sealed class Election(Peer peer, bool oursIsLower) : InteropScenario(peer, oursIsLower)
{
    // zebra and FRR's pimd need a second, and their first query another one.
    private static readonly TimeSpan PeerStart = 8.Seconds();

    // Neither Robustness Variable nor Query Interval is that of a peer.
    public override Timing ShortTiming =>
        new() { RobustnessVariable = 3, QueryInterval = 3.Seconds(), QueryResponseInterval = 1.Seconds() };

    public override async Task Play(LabRun lab)
    {
        var ours = lab.Router(OursNode);
        var other = lab.Router(PeerNode);
        lab.ExpectAlways(
                Messages.AnyMessage().From(ours),
                "TTL 1 and Router Alert",
                message => message.Envelope is { TimeToLive: 1, RouterAlert: true })
            .Shows("V3-M-4-02", "V3-M-4-06");
        if (OursIsLower)
            await OursWins(lab, ours, other);
        else
            await PeerWins(lab, ours, other);
    }

    private async Task OursWins(LabRun lab, RouterNode ours, RouterNode other)
    {
        await lab.Step($"{Peer} starts alone");
        var start = await other.Start();
        await lab.Await(Wire.AnyGeneralQuery.From(other), since: start, within: PeerStart);

        await lab.Step("Our router, with the lower address, starts and wins");
        start = await ours.Start();
        var queries = lab.ExpectGeneralQueries(ours, ours.Lan, since: start).Shows("V3-R-8.6-01", "V3-R-8.7-01");
        await PeerFollows(lab, other);
        lab.ExpectNone(Wire.AnyGeneralQuery.From(other), since: lab.Now);
        await lab.Pass(2 * PeerTiming.QueryInterval);
        await ours.Check(state => state.IsQuerier(), shows: ["V3-R-6.6.2-02"]);

        await lab.Step($"Our router dies without a word: {Peer} takes over");
        var dies = await ours.Kill();
        queries.Until(dies);
        var last = lab.Last(Messages.GeneralQuery().From(ours));
        var (earliest, latest) = Peer.TakesOver(PeerTiming, ShortTiming);
        var first = await lab.Await(Wire.AnyGeneralQuery.From(other), since: dies, within: latest);
        lab.Took($"The take-over of {Peer}", last.At, first.At, earliest, latest);

        await lab.Step("Our router returns, and wins again");
        start = await ours.Start();
        lab.ExpectGeneralQueries(ours, ours.Lan, since: start);
        await PeerFollows(lab, other);
        lab.ExpectNone(Wire.AnyGeneralQuery.From(other), since: lab.Now);
        await lab.Pass(1.5 * PeerTiming.QueryInterval);
        await ours.Check(state => state.IsQuerier(), shows: ["V3-R-6.6.2-02"]);
    }

    private async Task PeerWins(LabRun lab, RouterNode ours, RouterNode other)
    {
        var heard = new ExpectedTiming(ShortTiming with
        {
            RobustnessVariable = PeerTiming.RobustnessVariable, QueryInterval = PeerTiming.QueryInterval,
        });
        await lab.Step("Our router starts alone");
        var start = await ours.Start();
        var queries = lab.ExpectGeneralQueries(ours, ours.Lan, since: start).Shows("V3-R-8.6-01", "V3-R-8.7-01");
        await lab.Pass(lab.Timing.StartupQueryCount * lab.Timing.StartupQueryInterval);
        await ours.Check(state => state.IsQuerier(), shows: ["V3-R-3-01"]);

        await lab.Step($"{Peer}, with the lower address, starts and wins");
        await other.Start();
        var lost = await ours.Until(state => state.Follows(PeerAddress), within: PeerStart, shows: ["V3-R-6.6.2-01"]);
        queries.Until(lost);
        lab.ExpectNone(Wire.AnyGeneralQuery.From(ours), since: lost).Shows("V3-R-6.6.2-05", "V3-R-6.6.2-06");
        if (Peer.HasState)
            await other.Until(state => state.IsQuerier(), within: PeerTiming.QueryInterval);
        // Longer than the Other Querier Present Interval: only refreshing the timer keeps ours quiet.
        await lab.Pass(heard.OtherQuerierPresentInterval + (PeerTiming.QueryInterval / 2));
        await ours.Check(state => state.Follows(PeerAddress), shows: ["V3-R-6.6.2-06"]);
        await ours.Check(state => state.On("eth0").Timing.RobustnessVariable == heard.RobustnessVariable);
        await ours.Check(state => state.On("eth0").Timing.QueryInterval == heard.QueryInterval);

        await lab.Step($"{Peer} dies without a word: our router takes over");
        await other.Kill();
        var last = lab.Last(Wire.AnyGeneralQuery.From(other));
        queries = lab.ExpectTakeOver(ours, ours.Lan, after: heard.OtherQuerierPresentInterval, since: last)
            .Shows("V3-R-6.6.2-07", "V3-R-8.5-01");
        await ours.Until(state => state.IsQuerier(), within: heard.OtherQuerierPresentInterval, shows: ["V3-R-6.6.2-07"]);

        await lab.Step($"{Peer} returns, and wins again");
        await other.Start();
        lost = await ours.Until(state => state.Follows(PeerAddress), within: PeerStart, shows: ["V3-R-6.6.2-01"]);
        queries.Until(lost);
        lab.ExpectNone(Wire.AnyGeneralQuery.From(ours), since: lost).Shows("V3-R-6.6.2-05");
        await lab.Pass(1.5 * PeerTiming.QueryInterval);
        await ours.Check(state => state.Follows(PeerAddress), shows: ["V3-R-6.6.2-06"]);
    }

    // What FRR knows it says; of pimd only the wire tells, once it has had time to hear ours.
    private async Task PeerFollows(LabRun lab, RouterNode other)
    {
        if (Peer.HasState)
        {
            await other.Until(
                state => state.Follows(OursAddress) && state.On("eth0").Timing.RobustnessVariable == ShortTiming.RobustnessVariable
                    && state.On("eth0").Timing.QueryInterval == ShortTiming.QueryInterval,
                within: ShortTiming.QueryInterval);
        }
        else
        {
            await lab.Pass(lab.Lab.Latency);
        }
    }
}
