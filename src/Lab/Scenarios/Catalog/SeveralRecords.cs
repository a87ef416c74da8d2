using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// One report has a record of each of the six types, each for a group of its own, and two more for one group. Each acts on its own group
/// as if it were alone, and the two act in their order: ALLOW, then BLOCK of the same source, which is then asked for.
/// </summary>
[Scenario(
    "multi-record-report", ScenarioTheme.Sources,
    "A report with records of all types for several groups, two of them for one: each is acted on, in order.")]
[Covers("V3-M-4.2.13-01", "V3-M-4.2.13-03", "V3-R-6-02", "V3-R-6.4-01", "V3-R-6.4-02")]
public sealed class SeveralRecords : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var member = Member(lab, "member", 21);
        var groups = Enumerable.Range(1, 7).Select(i => Address.Parse(FormattableString.Invariant($"239.1.2.{i}"))).ToArray();
        var r1 = await StartQuerier(lab);

        await lab.Step("A host has groups that can be changed, and one more");
        await member.Report(Allow(groups[2], S1), ToExclude(groups[5]), ToExclude(G, S3));
        await r1.Until(state => state.Knows(groups[2], groups[5], G), within: TimeSpan.Zero);

        await lab.Step("It sends all types of records in one report, two for the last group");
        var report = await member.Report(
            IsInclude(groups[0], S1), IsExclude(groups[1], S1), ToInclude(groups[2], S2), ToExclude(groups[3], S1), Allow(groups[4], S1),
            Block(groups[5], S1), Allow(groups[6], S1, S2), Block(groups[6], S1));
        // INCLUDE + TO_IN asks for what is no longer named, BLOCK for what it names (§6.4.2).
        ExpectQueries(groups[2]);
        ExpectQueries(groups[5]);
        ExpectQueries(groups[6]).Shows("V3-M-4.2.13-03", "V3-R-6.4-01");
        await r1.Until(state => state.Group(groups[6]).IsInclude(S1, S2), within: TimeSpan.Zero, shows: ["V3-R-6.4-01"]);
        await r1.Check(state => state.Group(groups[0]).IsInclude(S1), shows: ["V3-M-4.2.13-01"]);
        await r1.Check(state => state.Group(groups[1]).IsExclude(blocked: [S1]), shows: ["V3-M-4.2.13-01"]);
        await r1.Check(state => state.Group(groups[2]).IsInclude(S1, S2), shows: ["V3-M-4.2.13-01"]);
        await r1.Check(state => state.Group(groups[3]).IsExclude(blocked: [S1]), shows: ["V3-M-4.2.13-01"]);
        await r1.Check(state => state.Group(groups[4]).IsInclude(S1), shows: ["V3-M-4.2.13-01"]);
        await r1.Check(state => state.Group(groups[5]).IsExclude(forwarded: [S1], blocked: null), shows: ["V3-M-4.2.13-01"]);
        await r1.Check(
            state => state.Group(G).IsExclude(blocked: [S3]) && state.Group(G)!.Expires > t.LastMemberQueryTime, shows: ["V3-R-6.4-02"]);

        await lab.Step("Nobody answers what was asked: only that is gone");
        await r1.Until(state => state.Group(groups[2]).IsInclude(S2), within: t.LastMemberQueryTime);
        await r1.Until(state => state.Group(groups[5]).IsExclude(blocked: [S1]), within: t.LastMemberQueryTime);
        await r1.Until(
            state => state.Group(groups[6]).IsInclude(S2), within: t.LastMemberQueryTime, shows: ["V3-M-4.2.13-03", "V3-R-6.4-01"]);
        await r1.Check(state => state.Group(G).IsExclude(blocked: [S3]) && state.Group(groups[0]).IsInclude(S1), shows: ["V3-R-6.4-02"]);

        Series ExpectQueries(Address group) => lab.Expect(
            Query(group, S1).WithoutSuppression().Announcing(t).From(r1), since: report, times: t.LastMemberQueryCount,
            every: t.LastMemberQueryInterval);
    }
}
