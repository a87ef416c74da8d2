using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// The querier dies silently just after a General Query, and another router, which forwards, takes over. It waits for the Other Querier
/// Present Interval, counted from the last query, and asks. The member's answer to the dead querier has kept the group until then, and
/// the stream has no gap: the Group Membership Interval of RFC 9776 leaves one and a half Query Response Intervals for the answer.
/// </summary>
[Scenario(
    "querier-failover", ScenarioTheme.Election,
    "The querier dies silently: another router takes over at the Other Querier Present Interval, and no member is lost.")]
[Covers("V3-R-6-02", "V3-R-6.6.2-06", "V3-R-6.6.2-07", "V3-R-8.4-01", "V3-R-8.5-01")]
public sealed class QuerierFailover : MemberLan
{
    /// <inheritdoc/>
    public override Timing ShortTiming => base.ShortTiming with
    {
        QueryInterval = 2.Seconds(),
        QueryResponseInterval = 1.Seconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var member = Member(lab, "member", 21);
        var (r1, r2) = (lab.Router("r1"), lab.Router("r2"));
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2);

        await lab.Step("Two routers start, the first becomes the querier");
        var ofR2 = lab.ExpectDuties(r2, await r2.Start());
        var ofR1 = lab.ExpectDuties(r1, await r1.Start());
        var lost = await r2.Until(state => state.Interfaces.All(each => !each.IsQuerier), within: TimeSpan.Zero);
        foreach (var lan in r2.Lans)
            ofR2.NotQuerying(lan, lost);
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);

        await lab.Step("A host joins, and answers the next query; the stream flows");
        var stream = await lab.Host("source").Stream(G, every: t.QueryInterval / 50, S1);
        await lab.Pass(t.QueryInterval / 4);
        var join = await member.Report(ToExclude(G));
        lab.Expect(stream.On(Members).Starts(within: TimeSpan.Zero, of: join));
        if (await lab.Seen(GeneralQuery().From(r1).On(Members), since: join, within: t.QueryInterval) is null)
            throw new ScenarioAbortedException("There was no General Query for a whole Query Interval.");

        await lab.Step("The querier dies just after this query, and the other router takes over");
        var dies = await r1.Kill();
        ofR1.End(dies);
        var last = lab.Last(GeneralQuery().From(r1).On(Members));
        lab.Expect(stream.On(Members).HasNoGap()).Shows("V3-R-8.4-01");
        await member.Report(IsExclude(G));
        lab.ExpectTakeOver(r2, Members, after: t.OtherQuerierPresentInterval, since: last).Shows("V3-R-6.6.2-07", "V3-R-8.5-01");
        lab.ExpectTakeOver(
            r2, r2.Lans.First(lan => lan != Members), after: t.OtherQuerierPresentInterval,
            since: lab.Last(GeneralQuery().From(r1).On(r2.Lans.First(lan => lan != Members))));
        // Had the timer not been started again by the last query, the other router would be the querier by now.
        await lab.Pass(t.QueryInterval);
        await r2.Check(state => state.Interfaces.All(each => !each.IsQuerier), shows: ["V3-R-6.6.2-06"]);
        await r2.Until(state => state.IsQuerier(), within: t.OtherQuerierPresentInterval, shows: ["V3-R-6.6.2-07"]);
        // §8.4 and §8.5: (RV × QI + 2 × QRI) - (RV × QI + QRI ÷ 2), counted from the member's last answer.
        await r2.Check(
            state => state.Group(G).IsExclude() && state.Group(G)!.Expires >= (t.QueryResponseInterval * 1.5) - lab.Tolerance,
            shows: ["V3-R-8.4-01"]);
        // The latest that the member may answer.
        await lab.Pass(t.QueryResponseInterval);
        await member.Report(IsExclude(G));
        await r2.Until(
            state => state.Group(G)?.Expires > t.GroupMembershipInterval - t.QueryResponseInterval, within: TimeSpan.Zero,
            shows: ["V3-R-8.4-01"]);
    }
}
