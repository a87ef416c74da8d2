using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Two sources are blocked at once, and another host still wants the first. The querier asks for both in one message; when it asks again,
/// the first has a long timer and the second a short one, and each has a message of its own: with the S flag, and without.
/// </summary>
[Scenario(
    "gssq-split-by-timers", ScenarioTheme.Leaving,
    "Two sources are blocked, one is still wanted: the second round of queries is two messages.")]
[Covers(
    "V3-M-4.1.5-01", "V3-R-6-02", "V3-R-6.2.3-02", "V3-R-6.4.2-01", "V3-R-6.6.3.2-01", "V3-R-6.6.3.2-03", "V3-R-6.6.3.2-04",
    "V3-R-8.10-01")]
public sealed class QueriesSplitByTimers : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (blocking, wanting) = (Member(lab, "blocking", 21), Member(lab, "wanting", 22));
        var r1 = await StartQuerier(lab);

        await lab.Step("A host includes two sources, and both streams flow");
        var streams = await Send(lab, S1, S2);
        var allow = await blocking.Report(Allow(G, S1, S2));
        foreach (var stream in streams)
            lab.Expect(stream.On(Members).Starts(within: TimeSpan.Zero, of: allow));
        await r1.Until(state => state.Group(G).IsInclude(S1, S2), within: TimeSpan.Zero);
        await Flow(lab);

        await lab.Step("It blocks both; another host wants the first");
        var block = await blocking.Report(Block(G, S1, S2));
        // Nothing has a timer above the Last Member Query Time: the message with the S flag would be empty (§6.6.3.2).
        lab.Expect(Query(G, S1, S2).WithoutSuppression().Announcing(t).From(r1), since: block)
            .Shows("V3-R-6.6.3.2-01", "V3-R-6.6.3.2-04");
        lab.Expect(Query(G, S1).WithSuppression().Announcing(t).From(r1), since: block, after: t.LastMemberQueryInterval)
            .Shows("V3-M-4.1.5-01", "V3-R-6.6.3.2-03");
        lab.Expect(Query(G, S2).WithoutSuppression().Announcing(t).From(r1), since: block, after: t.LastMemberQueryInterval)
            .Shows("V3-R-6.6.3.2-03");
        lab.Expect(streams[0].On(Members).HasNoGap()).Shows("V3-R-6.4.2-01");
        lab.Expect(streams[1].On(Members).Stops(after: t.LastMemberQueryTime, of: block)).Shows("V3-R-6.2.3-02", "V3-R-8.10-01");
        await lab.Pass(t.LastMemberQueryInterval / 2);
        await wanting.Report(IsInclude(G, S1));
        await r1.Until(state => state.Group(G).TimerOf(S1) > t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-R-6.4.2-01"]);
        await r1.Until(state => state.Group(G).IsInclude(S1), within: t.LastMemberQueryTime, shows: ["V3-R-6.2.3-02"]);
    }
}
