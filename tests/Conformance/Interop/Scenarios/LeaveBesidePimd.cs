using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Membership;

namespace MulticastLab.Conformance.Interop.Scenarios;

/// <summary>
/// A Linux host of version 2 leaves beside pimd. Where pimd is the querier it asks in version 2, and our router believes its Max Response
/// Time (RFC 2236 §3): it forgets the group at Last Member Query Count times that. Where ours is, it asks itself.
/// </summary>
internal sealed class LeaveBesidePimd(bool oursIsLower) : SettledScenario(Peer.Pimd, oursIsLower)
{
    public override Timing ShortTiming =>
        new() { QueryInterval = 3.Seconds(), QueryResponseInterval = 1.Seconds(), LastMemberQueryInterval = 500.Milliseconds() };

    protected override IReadOnlyList<int> Hosts => [2];

    protected override async Task PlaySettled(LabRun lab, RouterNode ours, RouterNode other)
    {
        var h1 = lab.Host("h1");
        var t = lab.Timing;

        await lab.Step("A host joins");
        var join = await h1.Join(G);
        await lab.Await(Wire.Report(2, G).From(h1), since: join, within: t.UnsolicitedReportInterval);
        await ours.Until(state => state.Group(G).IsExclude() && state.Group(G)!.CompatibilityMode == 2, within: TimeSpan.Zero);

        await lab.Step("It leaves: the querier asks, and our router forgets the group");
        var leave = await h1.Leave(G);
        if (OursIsLower)
        {
            lab.Expect(Messages.Query(G).From(ours), since: leave, times: t.LastMemberQueryCount, every: t.LastMemberQueryInterval);
            lab.ExpectNone(Wire.AnySpecificQuery(G).From(other), since: leave);
        }

        var asked = await lab.Await(Wire.AnySpecificQuery(G).From(OursIsLower ? ours : other), since: leave, within: TimeSpan.Zero);
        var lastMemberQueryTime = t.LastMemberQueryCount * asked.Query!.MaxResponseTime;
        var forgotten = await ours.Until(state => state.Group(G) == null, within: lastMemberQueryTime);
        lab.Took("Our router's forgetting", leave.At, forgotten.At, lastMemberQueryTime, lastMemberQueryTime);
    }
}
