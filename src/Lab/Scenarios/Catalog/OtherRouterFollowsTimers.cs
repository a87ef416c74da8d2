using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A source is blocked on a LAN with two routers. Only the querier asks; the other router lowers its timer when it hears the query, not
/// when it hears the report, is not misled by the second query, and forgets the source when the querier does.
/// </summary>
[Scenario(
    "non-querier-follows-timers", ScenarioTheme.Leaving,
    "A source is blocked beside two routers: the one that is not the querier asks nothing, and follows the querier's query.")]
[Covers("V3-R-6-02", "V3-R-6.4.2-06", "V3-R-6.4.2-07", "V3-R-6.4.2-51", "V3-R-6.6.1-01", "V3-R-6.6.1-05")]
public sealed class OtherRouterFollowsTimers : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var member = Member(lab, "member", 21);
        var (r1, r2) = await StartQuerierAndOther(lab);

        await lab.Step("A host includes two sources: both routers know them");
        await member.Report(Allow(G, S1, S2));
        await r1.Until(state => state.Group(G).IsInclude(S1, S2), within: TimeSpan.Zero);
        await r2.Until(state => state.Group(G).IsInclude(S1, S2), within: TimeSpan.Zero);

        await lab.Step("A report that only the other router hears: it lowers nothing of itself");
        await member.Report(packet => packet with { DestinationMac = MacOn(r2, Members) }, Block(G, S1));
        lab.ExpectNone(AnyQuery(), since: lab.Now).Shows("V3-R-6.4.2-06");
        await lab.Pass(lab.Tolerance * 2);
        await r2.Check(state => state.Group(G).TimerOf(S1) > t.LastMemberQueryTime, shows: ["V3-R-6.4.2-07"]);

        await lab.Step("The host blocks the first source, and nobody answers");
        var block = await member.Report(Block(G, S1));
        lab.Expect(
                Query(G, S1).WithoutSuppression().Announcing(t).From(r1),
                since: block,
                times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.4.2-06");
        lab.ExpectNone(AnyQuery().From(r2), since: block).Shows("V3-R-6.4.2-06");
        await r2.Until(state => state.Group(G).TimerOf(S1) <= t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-R-6.6.1-01"]);
        await lab.Pass(t.LastMemberQueryInterval + lab.Tolerance);
        await r2.Check(
            state => state.Group(G).TimerOf(S1) is null || state.Group(G).TimerOf(S1) <= t.LastMemberQueryTime - t.LastMemberQueryInterval,
            shows: ["V3-R-6.6.1-05"]);
        await r1.Until(state => state.Group(G).IsInclude(S2), within: t.LastMemberQueryTime, shows: ["V3-R-6.4.2-51"]);
        await r2.Until(state => state.Group(G).IsInclude(S2), within: TimeSpan.Zero, shows: ["V3-R-6.6.1-01"]);
    }
}
