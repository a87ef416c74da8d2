using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;

namespace MulticastLab.Conformance.Interop.Scenarios;

/// <summary>
/// A Linux host of version 2 or 3 joins and leaves while a second one remains, which then leaves too (RFC 9776 §6.4.2, §6.6.3.1): both
/// routers know the group, whoever of them asks, keep it while there is a member, and forget it at the Last Member Query Time.
/// </summary>
internal sealed class JoinAndLeave(Peer peer, bool oursIsLower, int hostVersion) : SettledScenario(peer, oursIsLower)
{
    internal override string Name => $"{base.Name}-v{hostVersion}";

    // The one that remains speaks version 3, so that the first is the last reporter of version 2, who is the one that tells its leave.
    protected override IReadOnlyList<int> Hosts => [hostVersion, 3];

    protected override async Task PlaySettled(LabRun lab, RouterNode ours, RouterNode other)
    {
        var (h1, h2) = (lab.Host("h1"), lab.Host("h2"));
        var t = lab.Timing;

        await lab.Step("Both hosts join");
        await h2.Join(G);
        var join = await h1.Join(G);
        await lab.Await(Wire.Report(hostVersion, G).From(h1), since: join, within: t.UnsolicitedReportInterval);
        await ours.Until(
            state => state.Group(G).IsExclude() && state.Group(G)!.CompatibilityMode == hostVersion, within: t.UnsolicitedReportInterval);
        await other.Until(state => state.Group(G)?.CompatibilityMode == hostVersion, within: t.UnsolicitedReportInterval);
        await lab.PassRepetitions();

        await lab.Step("The first leaves: the querier asks, and the second answers");
        var leave = await h1.Leave(G);
        if (!OursIsLower)
        {
            await lab.Await(Wire.AnySpecificQuery(G).From(other), since: leave, within: TimeSpan.Zero);
        }
        else if (hostVersion == 3)
        {
            var (changes, answers) = (Messages.Report(Messages.ToInclude(G)).From(h1), Messages.Report(Messages.IsExclude(G)).From(h2));
            lab.ExpectSpecificQueries(ours, G, changes, answers, since: leave).Shows("V3-R-6.4.2-05");
        }
        else
        {
            lab.Expect(Messages.Query(G).From(ours), since: leave, times: t.LastMemberQueryCount, every: t.LastMemberQueryInterval);
            var last = new Moment(leave.At + t.LastMemberQueryTime - (t.LastMemberQueryInterval / 2), "the last of them");
            lab.ExpectNone(Wire.AnySpecificQuery(G).From(ours), since: last);
        }

        await lab.Await(Wire.Report(3, G).From(h2), since: leave, within: t.LastMemberQueryInterval);
        await lab.Pass(t.UnsolicitedReportInterval + (2 * t.LastMemberQueryTime));
        // Since the join: it was not away meanwhile.
        var known = lab.Lab.Now - join.Done - lab.Lab.Latency;
        await ours.Check(state => state.Group(G).IsExclude() && state.Group(G)!.UpTime >= known);
        await other.Until(state => state.Group(G) != null, within: TimeSpan.Zero);

        await lab.Step("The second leaves: nobody answers, and both routers forget the group");
        leave = await h2.Leave(G);
        await lab.Await(Wire.AnySpecificQuery(G).From(OursIsLower ? ours : other), since: leave, within: TimeSpan.Zero);
        var forgotten = await ours.Until(state => state.Group(G) == null, within: t.LastMemberQueryTime);
        lab.Took("Our router's forgetting", leave.At, forgotten.At, t.LastMemberQueryTime, t.LastMemberQueryTime);
        // A leave that the host repeats makes FRR query again.
        await other.Until(state => state.Group(G) == null, within: t.UnsolicitedReportInterval + (2 * t.LastMemberQueryTime));
    }
}
