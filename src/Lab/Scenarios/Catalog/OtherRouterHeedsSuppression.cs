using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// The other router misses a host's answer, having lowered the source's timer on the querier's first query. The querier asks once more
/// all the same, with the S flag: hosts do not look at it and answer again, so that the other router keeps the source. A querier that
/// gives up its series at the first answer would make it lose the source.
/// </summary>
[Scenario(
    "non-querier-s-flag", ScenarioTheme.Leaving,
    "The router that is not the querier misses an answer: the next query, with the S flag, brings it another.")]
[Covers("V3-R-6-02", "V3-R-6.4.2-01", "V3-R-6.6.1-01", "V3-R-6.6.1-04", "V3-R-6.6.3.2-03")]
public sealed class OtherRouterHeedsSuppression : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (blocking, wanting) = (Member(lab, "blocking", 21), Member(lab, "wanting", 22));
        var (r1, r2) = await StartQuerierAndOther(lab);

        await lab.Step("A host includes two sources: both routers know them");
        await blocking.Report(Allow(G, S1, S2));
        await r1.Until(state => state.Group(G).IsInclude(S1, S2), within: TimeSpan.Zero);
        await r2.Until(state => state.Group(G).IsInclude(S1, S2), within: TimeSpan.Zero);

        await lab.Step("It blocks both; another wants the first, and the other router misses its answer");
        var block = await blocking.Report(Block(G, S1, S2));
        lab.Expect(Query(G, S1, S2).WithoutSuppression().Announcing(t).From(r1), since: block);
        lab.Expect(Query(G, S1).WithSuppression().Announcing(t).From(r1), since: block, after: t.LastMemberQueryInterval)
            .Shows("V3-R-6.6.3.2-03");
        lab.Expect(Query(G, S2).WithoutSuppression().Announcing(t).From(r1), since: block, after: t.LastMemberQueryInterval)
            .Shows("V3-R-6.6.3.2-03");
        await lab.Pass(t.LastMemberQueryInterval * 0.4);
        await wanting.Report(packet => packet with { DestinationMac = MacOn(r1, Members) }, IsInclude(G, S1));
        await r1.Until(state => state.Group(G).TimerOf(S1) > t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-R-6.4.2-01"]);
        await r2.Check(state => state.Group(G).TimerOf(S1) <= t.LastMemberQueryTime, shows: ["V3-R-6.6.1-01"]);
        var again = await lab.ExpectSoon(Query(G, S1).WithSuppression(), since: block, within: t.LastMemberQueryInterval);
        await r1.Check(state => state.Group(G).TimerOf(S1) > t.LastMemberQueryTime, shows: ["V3-R-6.6.1-04"]);
        if (again is null)
            return;
        await wanting.Report(IsInclude(G, S1));
        await r2.Until(state => state.Group(G).TimerOf(S1) > t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-R-6.4.2-01"]);
        await r1.Until(state => state.Group(G).IsInclude(S1), within: t.LastMemberQueryTime);
        await r2.Until(state => state.Group(G).IsInclude(S1), within: TimeSpan.Zero);
    }
}
