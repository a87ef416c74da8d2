using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// The last member in EXCLUDE mode leaves; another host includes one source. The querier asks for the group and for that source. The
/// host's answer keeps the source: after the Last Member Query Time the group is in INCLUDE mode with it, its stream never stops, and all
/// others do.
/// </summary>
[Scenario(
    "include-listener-saves-source", ScenarioTheme.Sources,
    "The last member in EXCLUDE mode leaves: the source that another host includes goes on, the others stop.")]
[Covers("V3-R-6-02", "V3-R-6.2.2-03", "V3-R-6.4.2-01", "V3-R-6.4.2-46", "V3-R-6.5-04", "V3-R-8.10-01")]
public sealed class IncludeListenerSavesSource : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (leaving, including) = (Member(lab, "leaving", 21), Member(lab, "including", 22));
        var r1 = await StartQuerier(lab);

        await lab.Step("One host joins for all sources, another for one");
        var streams = await Send(lab, S1, S2);
        var join = await leaving.Report(ToExclude(G));
        await including.Report(Allow(G, S1));
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).Starts(within: TimeSpan.Zero, of: join));
        await r1.Until(state => state.Group(G).IsExclude(forwarded: [S1], blocked: null), within: TimeSpan.Zero);
        await Flow(lab);

        await lab.Step("The first leaves; the second answers for its source");
        var leave = await leaving.Report(ToInclude(G));
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1),
                since: leave,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4.2-46");
        // Asked for again, the source has a timer above the Last Member Query Time; the query of the group may speak for it (§6.6.3.2).
        lab.Expect(Query(G, S1).WithoutSuppression().Announcing(t).From(r1), since: leave).Shows("V3-R-6.4.2-46");
        lab.Expect(streams[0].On(Members).HasNoGap()).Shows("V3-R-6.4.2-01", "V3-R-6.5-04");
        lab.Expect(streams[1].On(Members).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-6.5-04", "V3-R-8.10-01");
        await lab.Pass(t.LastMemberQueryInterval * 0.4);
        await including.Report(IsInclude(G, S1));
        await r1.Until(state => state.Group(G).TimerOf(S1) > t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-R-6.4.2-01"]);
        await r1.Until(state => state.Group(G).IsInclude(S1), within: t.LastMemberQueryTime, shows: ["V3-R-6.2.2-03", "V3-R-6.5-04"]);
    }
}
