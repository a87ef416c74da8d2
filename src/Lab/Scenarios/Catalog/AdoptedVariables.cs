using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A router with a lower address announces another Robustness Variable and Query Interval. The router follows it, and computes its timers
/// from these; where the other announces neither, from its own. When the other falls silent it takes over after the time that follows from
/// what was announced last, and announces its own variables.
/// </summary>
[Scenario(
    "qrv-qqic-adoption", ScenarioTheme.Election,
    "A router takes over the Robustness Variable and the Query Interval of the querier, and returns to its own.")]
[Covers(
    "V3-R-4.1.6-02", "V3-R-4.1.6-03", "V3-R-4.1.7-02", "V3-R-4.1.7-03", "V3-R-6-02", "V3-R-6.6.2-01", "V3-R-6.6.2-07", "V3-R-8.4-02",
    "V3-R-8.5-01")]
public sealed class AdoptedVariables : Scenario
{
    private static readonly Address Peer = Address.Parse("10.0.0.1");
    private static readonly Address Member = Address.Parse("10.0.0.12");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 6.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 400.Milliseconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var r1 = lab.Router("r1");
        var (h1, source) = (lab.Host("h1"), lab.Host("source"));
        var (peer, member) = (lab.Play("peer", h1.Lan, Peer), lab.Play("member", h1.Lan, Member));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, and is the querier");
        var start = await r1.Start();
        var queries = lab.ExpectGeneralQueries(r1, h1.Lan, since: start);
        lab.ExpectGeneralQueries(r1, source.Lan, since: start);
        foreach (var lan in (string[])[h1.Lan, source.Lan])
            lab.ExpectMember(r1, lan, to: GeneralQuery().On(lan), start);
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await r1.Check(state => state.IsQuerier());

        await lab.Step("Another with a lower address announces a Robustness Variable of 4 and a Query Interval of 10 s");
        var asked = await peer.Query(lab.General() with { RobustnessVariable = 4, QueryInterval = 10.Seconds() });
        queries.Until(asked);
        lab.ExpectNone(AnyQuery().From(r1).On(h1.Lan), since: asked).Shows("V3-R-6.6.2-01");
        await r1.Until(
            state => state.On("eth1").Querier == Peer && state.On("eth1").Timing.RobustnessVariable == 4, within: TimeSpan.Zero,
            shows: ["V3-R-4.1.6-02", "V3-R-6.6.2-01"]);
        await r1.Check(state => state.On("eth1").Timing.QueryInterval == 10.Seconds(), shows: ["V3-R-4.1.7-02"]);
        await r1.Check(
            state => Near(state.On("eth1").OtherQuerierPresentExpires, (4 * 10.Seconds()) + (t.QueryResponseInterval / 2)),
            shows: ["V3-R-8.5-01"]);

        await lab.Step("A host joins: its group ends when the variables that are in force say so");
        await member.Report(ToExclude(G1));
        await r1.Until(
            state => Near(state.Group(G1)?.Expires, (4 * 10.Seconds()) + (2 * t.QueryResponseInterval)), within: TimeSpan.Zero,
            shows: ["V3-R-8.4-02"]);

        await lab.Step("The other announces neither: the router's own variables are in force");
        asked = await peer.Query(lab.General() with { RobustnessVariable = 0, QueryInterval = TimeSpan.Zero });
        await r1.Until(
            state => state.On("eth1").Timing.RobustnessVariable == t.RobustnessVariable, within: TimeSpan.Zero, shows: ["V3-R-4.1.6-03"]);
        await r1.Check(state => state.On("eth1").Timing.QueryInterval == t.QueryInterval, shows: ["V3-R-4.1.7-03"]);
        await r1.Check(state => Near(state.On("eth1").OtherQuerierPresentExpires, t.OtherQuerierPresentInterval), shows: ["V3-R-8.5-01"]);
        await member.Report(ToExclude(G2));
        await r1.Until(
            state => Near(state.Group(G2)?.Expires, t.GroupMembershipInterval), within: TimeSpan.Zero,
            shows: ["V3-R-4.1.6-03", "V3-R-4.1.7-03"]);

        await lab.Step("It announces 3 and 1 s, and falls silent: the router takes over when these say so, and announces its own");
        asked = await peer.Query(lab.General() with { RobustnessVariable = 3, QueryInterval = 1.Seconds() });
        var present = (3 * 1.Seconds()) + (t.QueryResponseInterval / 2);
        lab.ExpectTakeOver(r1, h1.Lan, after: present, since: asked)
            .Shows("V3-R-4.1.6-02", "V3-R-4.1.7-02", "V3-R-6.6.2-07", "V3-R-8.5-01");
        await r1.Until(state => state.IsQuerier(), within: present, shows: ["V3-R-6.6.2-07"]);
        await member.Report(ToExclude(G3));
        await r1.Until(state => Near(state.Group(G3)?.Expires, t.GroupMembershipInterval), within: TimeSpan.Zero);

        // Read a little after it was set.
        bool Near(TimeSpan? left, TimeSpan set) => left is { } time && time.IsBetween(set - lab.Tolerance - 300.Milliseconds(), set);
    }
}
