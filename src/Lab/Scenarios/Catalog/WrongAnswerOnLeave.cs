using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// The last member in EXCLUDE mode leaves, and the only answer to the query of the group comes from a host that includes one source. That
/// does not keep the group in EXCLUDE mode: when the group timer ends, only that source goes on.
/// </summary>
[Scenario(
    "wrong-answer-on-leave", ScenarioTheme.Sources,
    "The only answer to a query of a group includes one source: it does not save the others.")]
[Covers("V3-R-6-02", "V3-R-6.2.2-03", "V3-R-6.4.2-03", "V3-R-6.4.2-05", "V3-R-8.10-01")]
public sealed class WrongAnswerOnLeave : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (leaving, including) = (Member(lab, "leaving", 21), Member(lab, "including", 22));
        var r1 = await StartQuerier(lab);

        await lab.Step("A host joins, and the streams flow");
        var streams = await Send(lab, S1, S2);
        var join = await leaving.Report(ToExclude(G));
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).Starts(within: TimeSpan.Zero, of: join));
        await Flow(lab);

        await lab.Step("It leaves; a host that includes one source is the only one to answer");
        var leave = await leaving.Report(ToInclude(G));
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1),
                since: leave,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4.2-05");
        lab.Expect(streams[0].On(Members).HasNoGap()).Shows("V3-R-6.4.2-03");
        lab.Expect(streams[1].On(Members).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-6.4.2-03", "V3-R-8.10-01");
        await lab.Pass(t.LastMemberQueryInterval * 0.4);
        await including.Report(IsInclude(G, S1));
        await r1.Until(
            state => state.Group(G).IsExclude(forwarded: [S1], blocked: null) && state.Group(G)!.Expires <= t.LastMemberQueryTime,
            within: TimeSpan.Zero, shows: ["V3-R-6.4.2-03"]);
        await r1.Until(state => state.Group(G).IsInclude(S1), within: t.LastMemberQueryTime, shows: ["V3-R-6.2.2-03"]);
    }
}
