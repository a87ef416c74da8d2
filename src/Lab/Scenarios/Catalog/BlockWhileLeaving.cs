using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A source is blocked while the querier asks for its group already. Its timer is that of the group, which is low: it is not asked for
/// again, and nothing lives longer than the group does.
/// </summary>
[Scenario(
    "group-timer-low-block", ScenarioTheme.Sources,
    "A source is blocked while the group is being asked for: everything ends with the group.")]
[Covers("V3-R-6-02", "V3-R-6.2.2-02", "V3-R-6.4.2-50", "V3-R-6.6.3.2-02", "V3-R-8.10-01")]
public sealed class BlockWhileLeaving : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var member = Member(lab, "member", 21);
        var r1 = await StartQuerier(lab);

        await lab.Step("A host joins, and the streams flow");
        var streams = await Send(lab, S1, S2);
        var join = await member.Report(ToExclude(G));
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).Starts(within: TimeSpan.Zero, of: join));
        await Flow(lab);

        await lab.Step("The host leaves, and half a Last Member Query Interval later blocks a source");
        var leave = await member.Report(ToInclude(G));
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1),
                since: leave,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval);
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-6.4.2-50", "V3-R-8.10-01");
        await lab.Pass(t.LastMemberQueryInterval / 2);
        var block = await member.Report(Block(G, S1));
        // §6.6.3.2 asks for the sources whose timers are larger than the Last Member Query Time: this one's is not.
        lab.ExpectNone(QueryAbout(G, S1), since: block).Shows("V3-R-6.4.2-50", "V3-R-6.6.3.2-02");
        await r1.Until(
            state => state.Group(G).IsExclude(forwarded: [S1], blocked: null), within: TimeSpan.Zero, shows: ["V3-R-6.4.2-50"]);
        await r1.Check(
            state => state.Group(G).TimerOf(S1) < t.LastMemberQueryTime - (t.LastMemberQueryInterval / 4),
            shows: ["V3-R-6.4.2-50", "V3-R-6.6.3.2-02"]);
        await r1.Until(state => state.Group(G) is null, within: t.LastMemberQueryTime, shows: ["V3-R-6.2.2-02"]);
    }
}
