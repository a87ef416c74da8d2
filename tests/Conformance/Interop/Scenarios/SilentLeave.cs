using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Nodes;

namespace MulticastLab.Conformance.Interop.Scenarios;

/// <summary>
/// A Linux host of version 1 joins and leaves, which it does without a word (RFC 9776 §7.3.2): nobody asks, and our router forgets the
/// group at the Group Membership Interval after the last report.
/// </summary>
internal sealed class SilentLeave(Peer peer, bool oursIsLower) : SettledScenario(peer, oursIsLower)
{
    protected override IReadOnlyList<int> Hosts => [1];

    protected override async Task PlaySettled(LabRun lab, RouterNode ours, RouterNode other)
    {
        var h1 = lab.Host("h1");
        var t = lab.Timing;

        await lab.Step("A host of version 1 joins");
        var join = await h1.Join(G);
        await lab.Await(Wire.Report(1, G).From(h1), since: join, within: t.UnsolicitedReportInterval);
        await ours.Until(state => state.Group(G).IsExclude() && state.Group(G)!.CompatibilityMode == 1, within: TimeSpan.Zero);

        await lab.Step("It leaves");
        var leave = await h1.Leave(G);
        lab.ExpectNone(Wire.AnySpecificQuery(G), since: leave);
        var last = lab.Last(Wire.Report(1, G).From(h1));
        var forgotten = await ours.Until(state => state.Group(G) == null, within: t.GroupMembershipInterval);
        lab.Took("Our router's forgetting", last.At, forgotten.At, t.GroupMembershipInterval, t.GroupMembershipInterval);
    }
}
