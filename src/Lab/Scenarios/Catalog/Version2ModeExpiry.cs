using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host of version 2 reports once and is never heard again, while one of version 3 goes on answering that it excludes a source. After
/// the Older Host Present Interval the group is of version 3 again; the excluded source stops when its timer, which the first answer has
/// started, runs out, a Group Membership Interval after it. From then on a block is acted on again.
/// </summary>
[Scenario(
    "v2-mode-expiry", ScenarioTheme.Versions,
    "A member of version 2 falls silent: when the group is of version 3 again, and when what others exclude stops.")]
[Covers("V3-R-6-02", "V3-R-8.13-01", "V3-X-7.3.2-05", "V3-X-7.3.2-15", "V3-X-7.3.2-16")]
public sealed class Version2ModeExpiry : Scenario
{
    private static readonly Address OldHost = Address.Parse("10.0.0.12");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 2.Seconds(),
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
        var old = lab.Play("old", h1.Lan, OldHost);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("A host joins a group and blocks one of its sources");
        lab.ExpectStateChange(h1, ToExclude(G), since: await h1.Join(G));
        await lab.PassRepetitions();
        lab.ExpectStateChange(h1, Block(G, S1), since: await h1.Block(G, S1));
        await lab.PassRepetitions();

        await lab.Step("A router starts, asks, and learns of it");
        var start = await r1.Start();
        foreach (var lan in (string[])[h1.Lan, source.Lan])
        {
            lab.ExpectGeneralQueries(r1, lan, since: start);
            lab.ExpectMember(r1, lan, to: GeneralQuery().On(lan), start);
        }

        var answers = lab.ExpectAnswers(Report(IsExclude(G, S1)).From(h1), to: GeneralQuery().On(h1.Lan), since: start).InAllSteps();
        await r1.Until(state => state.Group(G).IsExclude(blocked: [S1]), within: t.QueryResponseInterval);
        var first = await source.Stream(G, every: t.QueryResponseInterval / 10, S1);
        var second = await source.Stream(G, every: t.QueryResponseInterval / 10, S2);
        lab.Expect(first.At(h1).IsSilent());
        lab.Expect(second.At(h1).HasNoGap());
        await lab.Pass(t.QueryResponseInterval / 2);

        await lab.Step("A host of version 2 reports the group: the source flows");
        var report = await old.OlderReport(Generation.Leaves, G);
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: report)).Shows("V3-X-7.3.2-16");
        lab.Expect(second.At(h1).HasNoGap());
        await lab.Pass(t.QueryResponseInterval);

        await lab.Step("It is never heard again, while the other host answers that it does not want the source");
        // The first answer after the report starts the source's timer, and none later prolongs it.
        var silent = lab.Now;
        var sourceEnds = report.At + t.GroupMembershipInterval - silent.At;
        lab.Expect(
                first.At(h1).Stops(notBefore: sourceEnds, atLast: sourceEnds + t.QueryInterval + t.QueryResponseInterval, of: silent))
            .Shows("V3-X-7.3.2-15");
        lab.Expect(second.At(h1).HasNoGap());
        await lab.Pass(report.At + t.OlderHostPresentInterval - (t.QueryResponseInterval / 2) - silent.At);
        await r1.Check(state => state.Group(G)?.CompatibilityMode == 2, shows: ["V3-R-8.13-01"]);
        await r1.Until(
            state => state.Group(G)?.CompatibilityMode == 3, within: t.QueryResponseInterval / 2, shows: ["V3-R-8.13-01", "V3-X-7.3.2-05"]);
        await r1.Until(
            state => state.Group(G).IsExclude(blocked: [S1]), within: t.QueryInterval + t.GroupMembershipInterval,
            shows: ["V3-X-7.3.2-15"]);

        await lab.Step("The host blocks the second source too: in version 3 that is acted on");
        var block = await h1.Block(G, S2);
        answers.Until(block);
        lab.ExpectAnswers(Report(IsExclude(G, S1, S2)).From(h1), to: GeneralQuery().On(h1.Lan), since: block).InAllSteps();
        lab.ExpectStateChange(h1, Block(G, S2), since: block);
        lab.Expect(
                Query(G, S2).WithoutSuppression().Announcing(t).From(r1), since: block, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-X-7.3.2-05");
        lab.Expect(second.At(h1).Stops(after: t.LastMemberQueryTime, of: block)).Shows("V3-X-7.3.2-05");
        await r1.Until(
            state => state.Group(G).IsExclude(blocked: [S1, S2]), within: t.LastMemberQueryTime, shows: ["V3-X-7.3.2-05"]);
        // Until the next General Query is answered.
        await lab.Seen(GeneralQuery().On(h1.Lan), since: block, within: t.QueryInterval);
        await lab.Pass(t.QueryResponseInterval + (2 * lab.Tolerance));
    }
}
