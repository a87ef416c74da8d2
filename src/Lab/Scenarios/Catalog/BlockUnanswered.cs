using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// The only member of a group begins to exclude a source. The querier asks for it, nobody answers, and after the Last Member Query Time
/// it is blocked; its record stays, with a timer of zero, as long as the group is in EXCLUDE mode. Other sources go on.
/// </summary>
[Scenario(
    "exclude-plus-block-silent", ScenarioTheme.Sources,
    "The only member in EXCLUDE mode blocks a source: it stops after the Last Member Query Time, the others go on.")]
[Covers("V3-R-6-02", "V3-R-6.2.3-04", "V3-R-6.3-06", "V3-R-6.3-07", "V3-R-6.4.2-37", "V3-R-6.4.2-52", "V3-R-8.10-01")]
public sealed class BlockUnanswered : MemberLan
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

        await lab.Step("It blocks a source, and nobody answers");
        var block = await member.Report(Block(G, S1));
        lab.Expect(
                Query(G, S1).WithoutSuppression().Announcing(t).From(r1),
                since: block,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4.2-37");
        lab.Expect(streams[0].On(Members).Stops(after: t.LastMemberQueryTime, of: block)).Shows("V3-R-6.3-06", "V3-R-8.10-01");
        lab.Expect(streams[1].On(Members).HasNoGap()).Shows("V3-R-6.3-07");
        await r1.Until(state => state.Group(G).IsExclude(forwarded: [S1], blocked: null), within: TimeSpan.Zero, shows: ["V3-R-6.4.2-37"]);
        await r1.Until(state => state.Group(G).IsExclude(blocked: [S1]), within: t.LastMemberQueryTime, shows: ["V3-R-6.4.2-52"]);

        await lab.Step("The source stays blocked, and its record stays");
        lab.Expect(streams[0].On(Members).IsSilent()).Shows("V3-R-6.3-06");
        lab.Expect(streams[1].On(Members).HasNoGap()).Shows("V3-R-6.3-07");
        await lab.Pass(t.LastMemberQueryTime);
        await r1.Check(state => state.Group(G).IsExclude(blocked: [S1]), shows: ["V3-R-6.2.3-04"]);
    }
}
