using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Interop.Scenarios;

/// <summary>
/// Our router is set to version 1 beside one of version 2 with a lower address. There is no election in version 1 (RFC 2236, Appendix I):
/// ours goes on asking. Linux hosts follow the oldest querier that they hear, so theirs are reports of version 1, and ours serves them.
/// </summary>
internal sealed class OursInVersion1(Peer peer) : InteropScenario(peer, oursIsLower: false)
{
    private static readonly Address G = Address.Parse("239.1.1.1");

    // Members of version 1 take 10 s to answer, and the Query Interval must be longer.
    public override Timing ShortTiming =>
        new() { QueryInterval = 11.Seconds(), QueryResponseInterval = 10.Seconds(), StartupQueryInterval = 1.Seconds() };

    protected override int Version => 2;

    protected override int OursVersion => 1;

    protected override IReadOnlyList<int> Hosts => [0];

    public override async Task Play(LabRun lab)
    {
        var ours = lab.Router(OursNode);
        var other = lab.Router(PeerNode);
        var h1 = lab.Host("h1");
        var t = lab.Timing;

        await lab.Step("The router of version 2 asks");
        var start = await lab.StartAllBut(ours);
        await lab.Await(Wire.GeneralQuery(2).From(other), since: start, within: 8.Seconds());

        await lab.Step("Ours starts, in version 1, and asks too");
        start = await ours.Start();
        lab.Expect(Wire.GeneralQuery(1).From(ours), since: start, times: t.StartupQueryCount, every: t.StartupQueryInterval);
        await lab.Pass(t.StartupQueryCount * t.StartupQueryInterval);
        await ours.Check(state => state.IsQuerier());

        await lab.Step("A host joins, in version 1, and leaves without a word");
        var join = await h1.Join(G);
        await lab.Await(Wire.Report(1, G).From(h1), since: join, within: t.UnsolicitedReportInterval);
        await ours.Until(state => state.Group(G).IsExclude() && state.Group(G)!.CompatibilityMode == 1, within: TimeSpan.Zero);
        var leave = await h1.Leave(G);
        lab.ExpectNone(Wire.AnySpecificQuery(G).From(ours), since: leave);

        await lab.Step("It goes on asking, whatever the other one does");
        var last = lab.Last(Wire.GeneralQuery(1).From(ours));
        var next = await lab.Await(
            Wire.GeneralQuery(1).From(ours), since: new Moment(last.At + t.StartupQueryInterval, "its last one"), within: t.QueryInterval);
        lab.Took("The next General Query", last.At, next.At, t.QueryInterval, t.QueryInterval);
        await lab.Await(Wire.AnyGeneralQuery.From(other), since: start, within: TimeSpan.Zero);
        await ours.Check(state => state.IsQuerier() && state.Group(G).IsExclude());
    }
}
