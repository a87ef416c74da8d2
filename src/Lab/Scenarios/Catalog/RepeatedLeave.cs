using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Hosts repeat what they give up, in case the first report was lost. The repetition comes while the querier is asking already: it
/// neither asks again nor forwards any longer, and everything ends one Last Member Query Time after the first report.
/// </summary>
[Scenario(
    "retransmitted-leave-latency", ScenarioTheme.Leaving,
    "A leave and a block are repeated while the querier asks: everything ends as if they were not.")]
[Covers("V3-R-6-02", "V3-R-6.4.2-05", "V3-R-6.4.2-09", "V3-R-6.6.1-05", "V3-R-8.10-01")]
public sealed class RepeatedLeave : MemberLan
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

        await lab.Step("It leaves, and says so twice");
        var leave = await member.Report(ToInclude(G));
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1),
                since: leave,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4.2-05", "V3-R-6.4.2-09");
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-6.4.2-09", "V3-R-8.10-01");
        await lab.Pass(t.LastMemberQueryInterval * 0.7);
        await member.Report(ToInclude(G));
        await lab.Pass(lab.Tolerance);
        await r1.Check(state => state.Group(G)?.Expires < t.LastMemberQueryTime * 0.9, shows: ["V3-R-6.6.1-05"]);
        await r1.Until(state => state.Group(G) is null, within: t.LastMemberQueryTime);

        await lab.Step("It includes the sources");
        await Flow(lab);
        var allow = await member.Report(Allow(G, S1, S2));
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).Starts(within: TimeSpan.Zero, of: allow));
        await Flow(lab);

        await lab.Step("It blocks one, and says so twice");
        var block = await member.Report(Block(G, S1));
        lab.Expect(
                Query(G, S1).WithoutSuppression().Announcing(t).From(r1),
                since: block,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4.2-05", "V3-R-6.4.2-09");
        lab.Expect(streams[0].On(Members).Stops(after: t.LastMemberQueryTime, of: block)).Shows("V3-R-6.4.2-09", "V3-R-8.10-01");
        lab.Expect(streams[1].On(Members).HasNoGap());
        await lab.Pass(t.LastMemberQueryInterval * 0.7);
        await member.Report(Block(G, S1));
        await lab.Pass(lab.Tolerance);
        await r1.Check(state => state.Group(G).TimerOf(S1) < t.LastMemberQueryTime * 0.9, shows: ["V3-R-6.6.1-05"]);
        await r1.Until(state => state.Group(G).IsInclude(S2), within: t.LastMemberQueryTime);
    }
}
