using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A station sends with addresses that are not of the LAN: it joins, leaves, blocks, and queries as a router with a lower address. The
/// router is told to check addresses, and ignores all of it. The same messages with addresses of the LAN take effect, one by one.
/// </summary>
[Scenario(
    "off-link-attacker", ScenarioTheme.Robustness,
    "A station with an address of another network joins, leaves, blocks and queries: a router that checks ignores it.")]
[Covers("V3-R-6-02", "V3-R-9.1-01", "V3-R-9.2-02", "V3-R-9.3-02")]
public sealed class OffLinkAttacker : Scenario
{
    private static readonly Address Low = Address.Parse("10.0.0.1");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address S = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    /// <remarks>
    /// The Query Interval is longer than the run: no General Query comes between. The attacker sends from outside 10.0.0.0/24, its query
    /// from an address that would win the election.
    /// </remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 25.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override string NotWithKernelHosts =>
        "asked for sources of a group that it listens to in EXCLUDE mode, Linux answers with its whole filter, MODE_IS_EXCLUDE";

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, h1, source) = (lab.Router("r1"), lab.Host("h1"), lab.Host("source"));
        var outside = lab.Play("outside", h1.Lan, Address.Parse("10.9.9.66"));
        var outsideLow = lab.Play("out-low", h1.Lan, Address.Parse("9.0.9.1"));
        var inside = lab.Play("inside", h1.Lan, Address.Parse("10.0.0.66"));
        var low = lab.Play("low", h1.Lan, Low);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, a host joins, and its stream flows");
        var duties = lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var first = await source.Stream(G1, every: 50.Milliseconds(), S);
        var second = await source.Stream(G2, every: 50.Milliseconds(), S);
        await lab.Pass(250.Milliseconds());
        await lab.PassAnswersOfKernels();
        var join = await h1.Join(G1);
        lab.ExpectStateChange(h1, ToExclude(G1), since: join);
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: join));
        lab.Expect(second.At(h1).IsSilent());
        await lab.PassRepetitions();

        await lab.Step("A station of another network joins another group, blocks the source, and leaves");
        lab.Expect(first.At(h1).HasNoGap()).Shows("V3-R-9.3-02");
        lab.Expect(second.At(h1).IsSilent()).Shows("V3-R-9.2-02");
        lab.ExpectNone(AnyQuery().From(r1), since: lab.Now).Shows("V3-R-9.3-02");
        await outside.Report(ToExclude(G2));
        await outside.Report(Block(G1, S));
        await outside.Report(ToInclude(G1));
        await lab.Pass(t.LastMemberQueryTime + lab.Tolerance);
        await r1.Check(
            state => state.Knows(G1) && state.Group(G1).IsExclude() && state.Group(G1)!.Expires > t.LastMemberQueryTime,
            shows: ["V3-R-9.2-02", "V3-R-9.3-02"]);

        await lab.Step("A station of another network queries, with an address that is lower than the router's");
        var forged = await outsideLow.Query(lab.General());
        // The host knows no such rule (RFC 9776 §5.2).
        lab.ExpectAnswers(Report(IsExclude(G1)).From(h1), to: GeneralQuery().From(outsideLow), since: forged);
        // Nor does the router's own host.
        await lab.Pass(t.QueryResponseInterval);
        await r1.Check(state => state.IsQuerier(), shows: ["V3-R-9.1-01"]);

        await lab.Step("The same from stations of the LAN: the second group is joined");
        join = await inside.Report(ToExclude(G2));
        lab.Expect(second.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-R-9.2-02");
        await r1.Until(state => state.Knows(G1, G2), within: TimeSpan.Zero);

        await lab.Step("The source is blocked, and asked for; the host answers");
        var block = await inside.Report(Block(G1, S));
        lab.ExpectSpecificQueries(
                r1, G1, changes: Report(Block(G1, S)).From(inside), answers: Report(IsInclude(G1, S)).From(h1), since: block)
            .Shows("V3-R-9.3-02");
        lab.ExpectAnswers(Report(IsInclude(G1, S)).From(h1), to: QueryAbout(G1, S).From(r1), since: block);
        lab.Expect(first.At(h1).HasNoGap());
        await lab.Pass(t.LastMemberQueryTime + t.LastMemberQueryInterval);

        await lab.Step("The second group is left");
        var leave = await inside.Report(ToInclude(G2));
        lab.Expect(
                Query(G2).WithoutSuppression().Announcing(t).From(r1), since: leave, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-9.3-02");
        lab.Expect(second.At(h1).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-R-9.3-02");
        await r1.Until(state => state.Knows(G1), within: t.LastMemberQueryTime);

        await lab.Step("A router of the LAN with a lower address queries, and is the querier");
        var query = await low.Query(lab.General());
        lab.ExpectAnswers(Report(IsExclude(G1)).From(h1), to: GeneralQuery().From(low), since: query);
        var lost = await r1.Until(state => state.On("eth1").Querier == Low, within: TimeSpan.Zero, shows: ["V3-R-9.1-01"]);
        duties.NotQuerying(h1.Lan, since: lost);
        await lab.Pass(t.QueryResponseInterval);
    }
}
