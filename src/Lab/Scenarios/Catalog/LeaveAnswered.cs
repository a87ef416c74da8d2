using MulticastLab.Lab.Scenarios.Expectations;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// One of two members leaves, and the other answers between the querier's two queries. The first query has the S flag clear, as it lowers
/// the group timer; the second goes out all the same and has it set, so that no router lowers what has just been renewed.
/// </summary>
[Scenario(
    "leave-answered", ScenarioTheme.Leaving,
    "One of two members leaves, the other answers the first query: the second query has the S flag.")]
[Covers("V3-R-6-02", "V3-R-6-04", "V3-R-6.4.2-02", "V3-R-6.6.1-04", "V3-R-6.6.3.1-01", "V3-R-6.6.3.1-03")]
public sealed class LeaveAnswered : MemberLan
{
    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (leaving, staying) = (Member(lab, "leaving", 21), Member(lab, "staying", 22));
        var r1 = await StartQuerier(lab);

        await lab.Step("Two hosts join, and the stream flows");
        var stream = (await Send(lab, S1))[0];
        var join = await leaving.Report(ToExclude(G));
        lab.Expect(stream.On(Members).Starts(within: TimeSpan.Zero, of: join));
        await staying.Report(ToExclude(G));
        await r1.Until(state => state.Group(G).IsExclude(), within: TimeSpan.Zero);

        await lab.Step("One leaves, and the other answers the first query");
        var leave = await leaving.Report(ToInclude(G));
        lab.Expect(Query(G).WithoutSuppression().Announcing(t).From(r1), since: leave).Shows("V3-R-6.6.3.1-01");
        lab.Expect(Query(G).WithSuppression().Announcing(t).From(r1), since: leave, after: t.LastMemberQueryInterval)
            .Shows("V3-R-6.6.3.1-03");
        lab.Expect(stream.On(Members).HasNoGap()).Shows("V3-R-6-04", "V3-R-6.4.2-02");
        await r1.Until(state => state.Group(G)?.Expires <= t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-R-6.6.3.1-01"]);
        await lab.Pass(t.LastMemberQueryInterval * 0.4);
        await staying.Report(IsExclude(G));
        await r1.Until(
            state => state.Group(G)?.Expires > t.GroupMembershipInterval - t.LastMemberQueryInterval, within: TimeSpan.Zero,
            shows: ["V3-R-6.4.2-02"]);
        await lab.Pass(t.LastMemberQueryTime);
        // The second query was heard by the querier as well, and has changed nothing.
        await r1.Check(
            state => state.Group(G).IsExclude() && state.Group(G)!.Expires > t.GroupMembershipInterval - (2 * t.LastMemberQueryTime),
            shows: ["V3-R-6.6.1-04"]);
    }
}
