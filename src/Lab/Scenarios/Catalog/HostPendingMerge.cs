using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host changes what it wants again before it has reported the change before three times. The next report goes out at once, and says
/// what is still to be said of both: sources by the state that they are in by then, and the whole filter as long as the change of mode was
/// not said three times. What remains of the sources then is said by itself.
/// </summary>
[Scenario(
    "host-pending-merge", ScenarioTheme.Hosts,
    "A host changes again before it has repeated the last change: both are merged, and each is said as often as it must be.")]
[Covers("V3-H-5.1-11", "V3-H-5.1-12", "V3-H-5.1-13", "V3-H-5.1-14", "V3-H-5.1-15", "V3-H-5.1-18")]
public sealed class HostPendingMerge : Scenario
{
    private const int Robustness = 3;

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");
    private static readonly Address S3 = Address.Parse("10.1.0.102");
    private static readonly Address S4 = Address.Parse("10.1.0.103");

    /// <inheritdoc/>
    /// <remarks>The Unsolicited Report Interval is long, so that changes are made before the last one was repeated.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 1.Seconds(),
    };

    /// <inheritdoc/>
    public override string NotWithKernelHosts =>
        "Linux waits a tick before it reports a change, and merges what has changed by then";

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        lab.ExpectNothingElse();
        await lab.StartAllBut();
        await querier.Query(lab.General(100.Milliseconds()) with { RobustnessVariable = Robustness });
        await lab.Pass(100.Milliseconds() + lab.Tolerance);

        await lab.Step("The host includes a source, and at once another one");
        var reports = new ChangeReports(G1, Robustness);
        reports.Changed(await h1.Include(G1, S1), FilterMode.Include, S1);
        reports.Changed(await h1.Allow(G1, S2), FilterMode.Include, S1, S2);
        lab.ExpectChangeReports(h1, reports).Shows("V3-H-5.1-11", "V3-H-5.1-12");

        await lab.Step("It includes two sources of another group, gives the first up, and takes it back");
        reports = new ChangeReports(G2, Robustness);
        reports.Changed(await h1.Include(G2, S1, S2), FilterMode.Include, S1, S2);
        reports.Changed(await h1.Block(G2, S1), FilterMode.Include, S2);
        reports.Changed(await h1.Allow(G2, S1), FilterMode.Include, S1, S2);
        lab.ExpectChangeReports(h1, reports).Shows("V3-H-5.1-11", "V3-H-5.1-13");

        // While the change of mode is still to be said, so is the whole list: not BLOCK, but TO_EX again.
        await lab.Step("It joins a third for all sources, excludes one, and then another");
        reports = new ChangeReports(G3, Robustness);
        reports.Changed(await h1.Join(G3), FilterMode.Exclude);
        reports.Changed(await h1.Block(G3, S3), FilterMode.Exclude, S3);
        reports.Changed(await h1.Block(G3, S4), FilterMode.Exclude, S3, S4);
        lab.ExpectChangeReports(h1, reports).Shows("V3-H-5.1-14", "V3-H-5.1-15");

        await lab.Step("It includes three sources of that group instead, and a fourth");
        reports = new ChangeReports(G3, Robustness, SourceFilter.Of(FilterMode.Exclude, [S3, S4]));
        reports.Changed(await h1.Include(G3, S1, S2, S3), FilterMode.Include, S1, S2, S3);
        reports.Changed(await h1.Allow(G3, S4), FilterMode.Include, S1, S2, S3, S4);
        lab.ExpectChangeReports(h1, reports).Shows("V3-H-5.1-14", "V3-H-5.1-18");
    }
}
