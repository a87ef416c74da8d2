using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A router with a lower address first sends Group-Specific Queries only: RFC 9776 elects by General Queries, and the querier stays. Then
/// it sends one General Query, with the S flag, which says nothing about the election: the querier gives up, and takes over again at the
/// Other Querier Present Interval.
/// </summary>
[Scenario(
    "election-by-specific-query", ScenarioTheme.Election,
    "Specific queries of a lower address do not end a querier's part; a General Query does, whatever its S flag.")]
[Covers("V3-R-4.1.5-01", "V3-R-6-02", "V3-R-6.6.1-02", "V3-R-6.6.2-01", "V3-R-6.6.2-07", "V3-R-6.6.2-10", "V3-R-8.5-01")]
public sealed class ElectionByGeneralQueries : MemberLan
{
    private static readonly Address Lower = Address.Parse("10.0.0.1");

    /// <inheritdoc/>
    public override Timing ShortTiming => base.ShortTiming with
    {
        QueryInterval = 3.Seconds(),
        QueryResponseInterval = 500.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (lower, member) = (lab.Play("lower", Members, Lower), Member(lab, "member", 21));
        var r1 = lab.Router("r1");
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);
        await lab.Step("The router starts, and a host joins");
        var duties = lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await member.Report(ToExclude(G));
        await r1.Until(state => state.Group(G).IsExclude(), within: TimeSpan.Zero);

        await lab.Step("A lower router asks for the group: the querier heeds it, and stays the querier");
        await lower.Query(lab.Specific(G));
        await r1.Until(state => state.Group(G)?.Expires <= t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-R-6.6.1-02"]);
        await r1.Check(state => state.IsQuerier(), shows: ["V3-R-6.6.2-10"]);
        await member.Report(IsExclude(G));
        await lab.Pass(lab.Tolerance);
        await r1.Check(state => state.IsQuerier() && state.Group(G).IsExclude(), shows: ["V3-R-6.6.2-10"]);

        await lab.Step("It sends a General Query with the S flag: the querier follows it, until it has been silent for too long");
        var asks = await lower.Query(lab.General() with { SuppressRouterSideProcessing = true });
        var lost = await r1.Until(
            state => state.Interfaces.SingleOrDefault(each => !each.IsQuerier)?.Querier == Lower, within: TimeSpan.Zero,
            shows: ["V3-R-4.1.5-01", "V3-R-6.6.2-01"]);
        duties.NotQuerying(Members, lost);
        lab.ExpectTakeOver(r1, Members, after: t.OtherQuerierPresentInterval, since: asks).Shows("V3-R-6.6.2-07", "V3-R-8.5-01");
        await r1.Until(state => state.IsQuerier(), within: t.OtherQuerierPresentInterval, shows: ["V3-R-6.6.2-07"]);
    }
}
