using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Messages without the Router Alert option reach a router that is told to require it, one that is not, and a host. The strict router
/// ignores them, the lenient one acts on them; the host ignores queries without it, but those of version 1, which have none by nature. Its
/// value means nothing.
/// </summary>
[Scenario(
    "router-alert-missing", ScenarioTheme.Robustness,
    "Reports and queries without Router Alert, at a strict and at a lenient router, and at a host.")]
[Covers("V3-H-9.1-01", "V3-M-2.1-01", "V3-R-6-02", "V3-R-9.2-04", "V3-X-9.1-01")]
public sealed class RouterAlertMissing : Scenario
{
    private static readonly Address Low = Address.Parse("10.0.0.1");
    private static readonly Address R1 = Address.Parse("10.0.0.2");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address Bare = Address.Parse("239.1.1.2");
    private static readonly Address Alerted = Address.Parse("239.1.1.3");
    private static readonly Address Reserved = Address.Parse("239.1.1.4");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query of the routers comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 500.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, r2, h1) = (lab.Router("r1"), lab.Router("r2"), lab.Host("h1"));
        var low = lab.Play("low", h1.Lan, Low);
        var other = lab.Play("other", h1.Lan, Address.Parse("10.0.0.66"));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1, r2);

        await lab.Step("The routers start, the strict one is the querier; a host joins");
        // As members they are hosts, and require Router Alert as hosts should, whatever they do as routers.
        var heard = GeneralQuery().Where("with Router Alert", frame => frame.Envelope.RouterAlert);
        var lenient = lab.ExpectDuties(r2, await r2.Start(), heard);
        var strict = lab.ExpectDuties(r1, await r1.Start(), heard);
        lenient.NotQuerying(h1.Lan, since: await r2.Until(state => state.Follows(R1), within: t.QueryResponseInterval));
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await lab.PassAnswersOfKernels();
        lab.ExpectStateChange(h1, ToExclude(G), since: await h1.Join(G));
        await lab.PassRepetitions();

        await lab.Step("A report without Router Alert: the strict router ignores it, the other does not");
        await other.Report(packet => packet.WithoutRouterAlert(), ToExclude(Bare));
        await r2.Until(state => state.Knows(G, Bare), within: TimeSpan.Zero, shows: ["V3-R-9.2-04"]);
        await lab.Pass(lab.Tolerance);
        await r1.Check(state => state.Knows(G), shows: ["V3-R-9.2-04"]);

        await lab.Step("A leave without it: the querier does not ask");
        lab.ExpectNone(AnyQuery(), since: await other.Report(packet => packet.WithoutRouterAlert(), ToInclude(G))).Shows("V3-R-9.2-04");
        await lab.Pass(t.LastMemberQueryInterval);

        await lab.Step("A report with Router Alert behind other options: both routers act on it");
        await other.Report(
            packet => packet with { Options = new byte[] { 0x01, 0x01, 0x01, 0x01, 0x94, 0x04, 0x00, 0x00 } }, ToExclude(Alerted));
        await r1.Until(state => state.Knows(G, Alerted), within: TimeSpan.Zero, shows: ["V3-M-2.1-01"]);
        await r2.Until(state => state.Knows(G, Bare, Alerted), within: TimeSpan.Zero, shows: ["V3-M-2.1-01"]);

        await lab.Step("A report with a Router Alert of a reserved value: the lenient router does not drop it");
        await other.Report(packet => packet with { Options = new byte[] { 0x94, 0x04, 0xFF, 0xFF } }, ToExclude(Reserved));
        // RFC 2113 §2.1: such a value is ignored, and so is the option with it. A strict router need not act on the report.
        await r2.Until(state => state.Knows(G, Bare, Alerted, Reserved), within: TimeSpan.Zero, shows: ["V3-M-2.1-01"]);

        await lab.Step("A General Query without it, from a lower address: neither the host nor the strict router acts on it");
        var asked = await low.Query(lab.General(), packet => packet.WithoutRouterAlert());
        // RFC 9776 §9.1. Linux answers it.
        lab.Expect(
                Report(IsExclude(G)).From(h1), since: asked, within: t.QueryResponseInterval,
                times: Times.Between(0, lab.HasKernelHosts ? 1 : 0), every: Spacing.UpTo(TimeSpan.Zero))
            .Shows("V3-H-9.1-01");
        await r2.Until(state => state.Follows(Low), within: TimeSpan.Zero);
        await lab.Pass(t.QueryResponseInterval);
        await r1.Check(state => state.IsQuerier());

        await lab.Step("The same with it");
        asked = await low.Query(lab.General());
        strict.NotQuerying(h1.Lan, since: await r1.Until(state => state.Follows(Low), within: TimeSpan.Zero));
        lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: GeneralQuery().From(low), since: asked).Shows("V3-M-2.1-01");
        await lab.Pass(t.QueryResponseInterval);

        await lab.Step("A query of version 1, which never has it: the host answers in that version");
        asked = await low.Query(
            new QueryContent(Generation.Reports, 10.Seconds(), lab.Dialect.Unspecified, false, 0, TimeSpan.Zero, []),
            packet => packet.WithoutRouterAlert());
        // RFC 1112: within ten seconds.
        lab.Expect(OlderReport(Generation.Reports, G).From(h1), since: asked, within: 10.Seconds()).Shows("V3-X-9.1-01");
        // So do the routers as members, but whoever answers first silences the other.
        lab.ExpectTimes(
            Times.Between(0, 1), OlderReport(Generation.Reports, lab.Dialect.ReportDestination).From(r1), since: asked);
        lab.ExpectTimes(
            Times.Between(0, 1), OlderReport(Generation.Reports, lab.Dialect.ReportDestination).From(r2), since: asked);
    }
}
