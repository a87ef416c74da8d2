using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host changes between the filter modes faster than it can repeat what it says. Each report has the mode that the host is in when it is
/// sent: the last word on the wire is always the present state, never a repetition of one that is past.
/// </summary>
[Scenario(
    "host-mode-flip", ScenarioTheme.Hosts,
    "A host changes its filter mode and back before that was repeated: no report says what is past.")]
[Covers("V3-H-5.1-07", "V3-H-5.1-16", "V3-H-5.1-17")]
public sealed class HostModeFlip : Scenario
{
    private const int Robustness = 3;

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address G3 = Address.Parse("239.1.1.3");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");

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
        "Linux waits a tick before it reports a change, and says nothing of one that is undone by then";

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

        await lab.Step("The host joins for all sources, then wants one only, and leaves");
        var reports = new ChangeReports(G1, Robustness);
        reports.Changed(await h1.Join(G1), FilterMode.Exclude);
        reports.Changed(await h1.Include(G1, S1), FilterMode.Include, S1);
        reports.Changed(await h1.Leave(G1), FilterMode.Include);
        lab.ExpectChangeReports(h1, reports).Shows("V3-H-5.1-07", "V3-H-5.1-16");

        await lab.Step("It joins a second group, leaves it, and joins it again");
        reports = new ChangeReports(G2, Robustness);
        reports.Changed(await h1.Join(G2), FilterMode.Exclude);
        reports.Changed(await h1.Leave(G2), FilterMode.Include);
        var again = await h1.Join(G2);
        reports.Changed(again, FilterMode.Exclude);
        lab.ExpectChangeReports(h1, reports).Shows("V3-H-5.1-16", "V3-H-5.1-17");
        lab.ExpectNone(Report(ToInclude(G2)).From(h1), since: again).Shows("V3-H-5.1-17");

        await lab.Step("It excludes a source of a third");
        reports = new ChangeReports(G3, Robustness);
        reports.Changed(await h1.Exclude(G3, S1), FilterMode.Exclude, S1);
        lab.ExpectChangeReports(h1, reports);

        await lab.Step("It includes another one instead");
        reports = new ChangeReports(G3, Robustness, SourceFilter.Of(FilterMode.Exclude, [S1]));
        reports.Changed(await h1.Include(G3, S2), FilterMode.Include, S2);
        lab.ExpectChangeReports(h1, reports).Shows("V3-H-5.1-07");
    }
}
