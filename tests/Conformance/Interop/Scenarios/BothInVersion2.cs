using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Nodes;

namespace MulticastLab.Conformance.Interop.Scenarios;

/// <summary>
/// Both routers are set to version 2, as all routers of a LAN with one of version 2 have to be (RFC 9776 §7.3.1): one of them asks, in
/// version 2; a Linux host that is forced to nothing follows it down; a leave is asked about in version 2 and takes effect at the Last
/// Member Query Time.
/// </summary>
internal sealed class BothInVersion2(Peer peer, bool oursIsLower) : SettledScenario(peer, oursIsLower)
{
    protected override int Version => 2;

    protected override IReadOnlyList<int> Hosts => [0];

    protected override async Task PlaySettled(LabRun lab, RouterNode ours, RouterNode other)
    {
        var h1 = lab.Host("h1");
        var (querier, silent) = OursIsLower ? ((LabNode)ours, (LabNode)other) : (other, ours);
        var t = lab.Timing;

        await lab.Step("One of them asks, in version 2");
        var settled = lab.Now;
        lab.ExpectNone(Wire.AnyGeneralQuery.From(silent), since: settled);
        lab.ExpectNone(Wire.GeneralQuery(3), since: settled);
        await lab.Await(Wire.GeneralQuery(2).From(querier), since: settled, within: t.QueryInterval);

        await lab.Step("A host joins");
        var join = await h1.Join(G);
        await lab.Await(Wire.Report(2, G).From(h1), since: join, within: t.UnsolicitedReportInterval);
        await ours.Until(state => state.Group(G).IsExclude() && state.Group(G)!.CompatibilityMode == 2, within: TimeSpan.Zero);
        await other.Until(state => state.Group(G)?.CompatibilityMode == 2, within: TimeSpan.Zero);

        await lab.Step("It leaves");
        var leave = await h1.Leave(G);
        if (OursIsLower)
            lab.Expect(Wire.SpecificQuery(2, G).From(ours), since: leave, times: t.LastMemberQueryCount, every: t.LastMemberQueryInterval);
        else
            await lab.Await(Wire.SpecificQuery(2, G).From(other), since: leave, within: TimeSpan.Zero);
        var forgotten = await ours.Until(state => state.Group(G) == null, within: t.LastMemberQueryTime);
        lab.Took("Our router's forgetting", leave.At, forgotten.At, t.LastMemberQueryTime, t.LastMemberQueryTime);
        await other.Until(state => state.Group(G) == null, within: 2 * t.LastMemberQueryTime);
    }
}
