using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Two hosts listen to everything, and one begins to exclude a source. The querier asks for it; the other host, which excludes nothing,
/// answers that it includes it. The source stays forwarded, and the stream has no gap.
/// </summary>
[Scenario(
    "exclude-plus-block-answered", ScenarioTheme.Sources,
    "A member in EXCLUDE mode blocks a source that another member in EXCLUDE mode wants: nothing stops.")]
[Covers("V3-R-6-02", "V3-R-6.3-05", "V3-R-6.4.2-37", "V3-R-6.4.2-53", "V3-R-6.6.3.2-01", "V3-R-6.6.3.2-03")]
public sealed class BlockAnsweredByExclude : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (blocking, wanting) = (Member(lab, "blocking", 21), Member(lab, "wanting", 22));
        var r1 = await StartQuerier(lab);

        await lab.Step("Two hosts join, and the streams flow");
        var streams = await Send(lab, S1, S2);
        var join = await blocking.Report(ToExclude(G));
        await wanting.Report(ToExclude(G));
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).Starts(within: TimeSpan.Zero, of: join));
        await r1.Until(state => state.Group(G).IsExclude(), within: TimeSpan.Zero);

        await lab.Step("One blocks a source, and the other answers that it wants it");
        var block = await blocking.Report(Block(G, S1));
        lab.Expect(Query(G, S1).WithoutSuppression().Announcing(t).From(r1), since: block).Shows("V3-R-6.4.2-37", "V3-R-6.6.3.2-01");
        lab.Expect(Query(G, S1).WithSuppression().Announcing(t).From(r1), since: block, after: t.LastMemberQueryInterval)
            .Shows("V3-R-6.6.3.2-03");
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).HasNoGap()).Shows("V3-R-6.3-05", "V3-R-6.4.2-53");
        await r1.Until(
            state => state.Group(G).IsExclude(forwarded: [S1], blocked: null) && state.Group(G).TimerOf(S1) <= t.LastMemberQueryTime,
            within: TimeSpan.Zero, shows: ["V3-R-6.4.2-37"]);
        await lab.Pass(t.LastMemberQueryInterval * 0.4);
        // A member that excludes nothing answers a query for a source with an IS_IN record of it (§5.2).
        await wanting.Report(IsInclude(G, S1));
        await r1.Until(
            state => state.Group(G).TimerOf(S1) > t.GroupMembershipInterval - t.LastMemberQueryInterval, within: TimeSpan.Zero,
            shows: ["V3-R-6.4.2-53"]);
        await lab.Pass(t.LastMemberQueryTime);
        await r1.Check(state => state.Group(G).IsExclude(forwarded: [S1], blocked: null), shows: ["V3-R-6.4.2-53"]);
    }
}
