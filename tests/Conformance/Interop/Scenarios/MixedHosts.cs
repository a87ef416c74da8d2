using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Nodes;

namespace MulticastLab.Conformance.Interop.Scenarios;

/// <summary>
/// Linux hosts of versions 1, 2 and 3 are members of one group and leave in this order. Our router's Group Compatibility Mode (RFC 9776
/// §7.3.2) is that of the oldest of them, and rises at the Older Host Present Interval (§8.13) after its last report; the group is known
/// all the time.
/// </summary>
internal sealed class MixedHosts(Peer peer, bool oursIsLower) : SettledScenario(peer, oursIsLower)
{
    protected override IReadOnlyList<int> Hosts => [1, 2, 3];

    protected override async Task PlaySettled(LabRun lab, RouterNode ours, RouterNode other)
    {
        var (h1, h2, h3) = (lab.Host("h1"), lab.Host("h2"), lab.Host("h3"));
        var querier = OursIsLower ? (LabNode)ours : other;
        var t = lab.Timing;
        var olderHostPresent = (t.RobustnessVariable * t.QueryInterval) + t.QueryResponseInterval;

        await lab.Step("All join, the oldest last");
        var join = await h3.Join(G);
        await ours.Until(
            state => state.Group(G).IsExclude() && state.Group(G)!.CompatibilityMode == 3, within: t.UnsolicitedReportInterval);
        await h2.Join(G);
        await ours.Until(state => state.Group(G)!.CompatibilityMode == 2, within: t.UnsolicitedReportInterval);
        await h1.Join(G);
        await ours.Until(state => state.Group(G)!.CompatibilityMode == 1, within: t.UnsolicitedReportInterval);

        await lab.Step("The member of version 1 leaves without a word");
        var leave = await h1.Leave(G);
        var last = lab.Last(Wire.Report(1, G).From(h1));
        lab.ExpectNone(Wire.AnySpecificQuery(G), since: leave);
        var risen = await ours.Until(state => state.Group(G)!.CompatibilityMode == 2, within: olderHostPresent);
        lab.Took("Compatibility mode 2", last.At, risen.At, olderHostPresent, olderHostPresent);

        await lab.Step("The member of version 2 leaves: the querier asks, and the member of version 3 answers");
        leave = await h2.Leave(G);
        last = lab.Last(Wire.Report(2, G).From(h2));
        await lab.Await(Wire.AnySpecificQuery(G).From(querier), since: leave, within: TimeSpan.Zero);
        await lab.Await(Wire.Report(3, G).From(h3), since: leave, within: t.LastMemberQueryInterval);
        risen = await ours.Until(state => state.Group(G)!.CompatibilityMode == 3, within: olderHostPresent);
        lab.Took("Compatibility mode 3", last.At, risen.At, olderHostPresent, olderHostPresent);
        var known = lab.Lab.Now - join.Done - lab.Lab.Latency;
        await ours.Check(state => state.Group(G).IsExclude() && state.Group(G)!.UpTime >= known);

        await lab.Step("The last one leaves: both routers forget the group");
        leave = await h3.Leave(G);
        await lab.Await(Wire.AnySpecificQuery(G).From(querier), since: leave, within: TimeSpan.Zero);
        await ours.Until(state => state.Group(G) == null, within: t.LastMemberQueryTime);
        await other.Until(state => state.Group(G) == null, within: t.UnsolicitedReportInterval + (2 * t.LastMemberQueryTime));
    }
}
