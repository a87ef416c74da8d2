using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Queries are sent to the address of a single node, as troubleshooting tools do. A host answers a General Query and a Group-Specific one
/// that are sent to it alone; a router takes part in the election by one. A General Query to another group than that of all systems is a
/// forgery, and hosts should not answer it.
/// </summary>
[Scenario(
    "unicast-queries", ScenarioTheme.Hosts,
    "Queries to a host's and to a router's own address take effect; a General Query to another group does not.")]
[Covers("V3-H-4.1.12-01", "V3-H-9.1-02", "V3-R-4.1.12-02", "V3-R-6-02")]
public sealed class UnicastQueries : Scenario
{
    private static readonly Address Low = Address.Parse("10.0.0.1");
    private static readonly Address R1 = Address.Parse("10.0.0.2");
    private static readonly Address H1 = Address.Parse("10.0.0.11");
    private static readonly Address G = Address.Parse("239.1.1.1");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query of the router comes between.</remarks>
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
        var (r1, h1, h2) = (lab.Router("r1"), lab.Host("h1"), lab.Host("h2"));
        var low = lab.Play("low", h1.Lan, Low);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, and two hosts join");
        var duties = lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await lab.PassAnswersOfKernels();
        foreach (var host in (Nodes.HostNode[])[h1, h2])
            lab.ExpectStateChange(host, ToExclude(G), since: await host.Join(G));
        await lab.PassRepetitions();

        await lab.Step("A General Query to the router's own address, from a lower one: it gives way, and answers for its own group");
        var asked = await low.Query(lab.General(), packet => packet.To(R1, r1.Mac));
        var lost = await r1.Until(state => state.Follows(Low), within: TimeSpan.Zero, shows: ["V3-R-4.1.12-02"]);
        duties.NotQuerying(h1.Lan, since: lost);
        lab.Expect(Report(IsExclude(lab.Dialect.ReportDestination)).From(r1), since: asked, within: t.QueryResponseInterval)
            .Shows("V3-R-4.1.12-02");
        lab.ExpectNone(AnyMessage().From(h1), since: asked);
        lab.ExpectNone(AnyMessage().From(h2), since: asked);
        await lab.Pass(t.QueryResponseInterval);

        await lab.Step("A General Query to the first host's address: that host answers, and nobody else");
        asked = await low.Query(lab.General(), packet => packet.To(H1, h1.Mac));
        lab.Expect(Report(IsExclude(G)).From(h1), since: asked, within: t.QueryResponseInterval).Shows("V3-H-4.1.12-01");
        lab.ExpectNone(AnyMessage().From(h2), since: asked);
        await lab.Pass(t.QueryResponseInterval);

        await lab.Step("A Group-Specific Query to its address");
        asked = await low.Query(lab.Specific(G), packet => packet.To(H1, h1.Mac));
        lab.Expect(Report(IsExclude(G)).From(h1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-H-4.1.12-01");
        lab.ExpectNone(AnyMessage().From(h2), since: asked);
        await lab.Pass(t.LastMemberQueryInterval);

        await lab.Step("A General Query to the group that the hosts have joined: it should be dropped");
        asked = await low.Query(lab.General(), packet => packet with { Destination = G });
        // RFC 9776 §9.1. Linux answers it.
        var answers = Times.Between(0, lab.HasKernelHosts ? 1 : 0);
        foreach (var host in (Nodes.HostNode[])[h1, h2])
        {
            lab.Expect(
                    Report(IsExclude(G)).From(host), since: asked, within: t.QueryResponseInterval, times: answers,
                    every: Spacing.UpTo(TimeSpan.Zero))
                .Shows("V3-H-9.1-02");
        }

        await lab.Pass(t.QueryResponseInterval);
    }
}
