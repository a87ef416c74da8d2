using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// In the source-specific range a host asks for one of two sources of a group. Others report the whole group, in versions 1, 2 and 3, and
/// leave it in version 2: the router ignores them. It forwards the one source only, never changes the group's mode or version, and never
/// asks for the group, only for the source when that is given up.
/// </summary>
[Scenario(
    "ssm-basic", ScenarioTheme.SourceSpecific,
    "A source-specific group: one source flows, and reports and leaves of the whole group change nothing.")]
[Covers(
    "V3-R-6-02", "V3-R-6.2.3-02", "V3-R-8.10-01", "V3-S-3.3-01", "V3-S-3.5-01", "V3-S-5.1-01", "V3-S-6.4-01", "V3-S-6.4-02", "V3-S-6.4-03")]
public sealed class SourceSpecificGroup : Scenario
{
    private static readonly Address OldHost = Address.Parse("10.0.0.12");
    private static readonly Address NewHost = Address.Parse("10.0.0.13");
    private static readonly Address G = Address.Parse("232.1.1.1");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var r1 = lab.Router("r1");
        var (h1, source) = (lab.Host("h1"), lab.Host("source"));
        var (old, other) = (lab.Play("old", h1.Lan, OldHost), lab.Play("other", h1.Lan, NewHost));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, two sources send, and nobody listens");
        var start = await r1.Start();
        foreach (var lan in (string[])[h1.Lan, source.Lan])
        {
            lab.ExpectGeneralQueries(r1, lan, since: start);
            lab.ExpectMember(r1, lan, to: GeneralQuery().On(lan), start);
        }

        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var first = await source.Stream(G, every: 50.Milliseconds(), S1);
        var second = await source.Stream(G, every: 50.Milliseconds(), S2);
        lab.Expect(first.At(h1).IsSilent());
        await lab.Pass(250.Milliseconds());
        await lab.PassAnswersOfKernels();

        await lab.Step("Other hosts report the whole group, in each version, before anybody asks for a source: no group comes of it");
        var reported = await other.Report(ToExclude(G));
        await other.Report(IsExclude(G, S2));
        await old.OlderReport(Generation.Leaves, G);
        await old.OlderReport(Generation.Reports, G);
        lab.Expect(first.At(h1).IsSilent()).Shows("V3-S-5.1-01", "V3-S-6.4-01", "V3-S-6.4-02");
        lab.Expect(second.At(h1).IsSilent()).Shows("V3-S-5.1-01", "V3-S-6.4-01", "V3-S-6.4-02");
        lab.ExpectNone(QueriesAbout(G), since: reported);
        await lab.Pass(250.Milliseconds());
        await r1.Check(state => state.Group(G) is null, shows: ["V3-S-6.4-01", "V3-S-6.4-02"]);

        await lab.Step("The host asks for one source: it flows, the other does not");
        var include = await h1.Include(G, S1);
        lab.ExpectStateChange(h1, Allow(G, S1), since: include);
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: include)).Shows("V3-S-5.1-01");
        lab.Expect(second.At(h1).IsSilent()).Shows("V3-S-5.1-01");
        await r1.Until(state => state.Group(G).IsInclude(S1), within: TimeSpan.Zero);

        await lab.Step("The others report the whole group again, and leave it: nothing changes, nothing is asked");
        reported = await other.Report(ToExclude(G));
        await other.Report(IsExclude(G, S2));
        await old.OlderReport(Generation.Leaves, G);
        await old.OlderReport(Generation.Reports, G);
        await old.OlderLeave(G);
        lab.ExpectNone(QueriesAbout(G), since: reported).Shows("V3-S-6.4-01", "V3-S-6.4-03");
        lab.Expect(first.At(h1).HasNoGap()).Shows("V3-S-6.4-03");
        lab.Expect(second.At(h1).IsSilent()).Shows("V3-S-5.1-01", "V3-S-6.4-01", "V3-S-6.4-02");
        await lab.Pass(t.LastMemberQueryTime);
        await r1.Check(
            state => state.Group(G).IsInclude(S1) && state.Group(G)?.CompatibilityMode == 3 && state.Group(G)?.LastReporter != NewHost,
            shows: ["V3-S-3.5-01", "V3-S-6.4-01", "V3-S-6.4-02"]);

        // In a group that had members of version 1 or 2 a block would be ignored.
        await lab.Step("The host gives the source up: the router asks for it, and never for the group");
        var block = await h1.Leave(G);
        lab.ExpectStateChange(h1, Block(G, S1), since: block);
        lab.Expect(
                Query(G, S1).WithoutSuppression().Announcing(t).From(r1), since: block, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-S-3.5-01");
        lab.ExpectNone(Query(G), since: block).Shows("V3-S-3.3-01");
        lab.Expect(first.At(h1).Stops(after: t.LastMemberQueryTime, of: block)).Shows("V3-R-6.2.3-02", "V3-R-8.10-01");
        await r1.Until(state => state.Group(G) is null, within: t.LastMemberQueryTime, shows: ["V3-R-6.2.3-02"]);
    }
}
