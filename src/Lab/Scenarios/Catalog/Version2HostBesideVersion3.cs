using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host of version 3 excludes a source. When a host of version 2 reports the group, which cannot exclude anything, every source flows,
/// and nothing that hosts of version 3 exclude or block takes that from it. It leaves: the router asks, the host of version 3 answers, and
/// the group stays.
/// </summary>
[Scenario(
    "v2-host-on-v3-lan", ScenarioTheme.Versions,
    "A member of version 2 beside one of version 3: no source is blocked while it is there, and its leave is asked about.")]
[Covers(
    "V3-R-6-02", "V3-R-6.6.3.1-03", "V3-X-7.3.2-02", "V3-X-7.3.2-07", "V3-X-7.3.2-08", "V3-X-7.3.2-09", "V3-X-7.3.2-10", "V3-X-7.3.2-16")]
public sealed class Version2HostBesideVersion3 : Scenario
{
    private static readonly Address OldHost = Address.Parse("10.0.0.12");
    private static readonly Address NewHost = Address.Parse("10.0.0.13");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S1 = Address.Parse("10.1.0.100");
    private static readonly Address S2 = Address.Parse("10.1.0.101");
    private static readonly Address S3 = Address.Parse("10.1.0.102");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 600.Milliseconds(),
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

        await lab.Step("The router starts, and a host of version 3 joins and blocks one of three sources");
        var start = await r1.Start();
        foreach (var lan in (string[])[h1.Lan, source.Lan])
        {
            lab.ExpectGeneralQueries(r1, lan, since: start);
            lab.ExpectMember(r1, lan, to: GeneralQuery().On(lan), start);
        }

        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        await lab.PassAnswersOfKernels();
        lab.ExpectStateChange(h1, ToExclude(G), since: await h1.Join(G));
        await lab.PassRepetitions();
        var block = await h1.Block(G, S1);
        lab.ExpectStateChange(h1, Block(G, S1), since: block);
        lab.Expect(
            Query(G, S1).WithoutSuppression().Announcing(t).From(r1), since: block, times: t.LastMemberQueryCount,
            every: t.LastMemberQueryInterval);
        await r1.Until(state => state.Group(G).IsExclude(blocked: [S1]), within: t.LastMemberQueryTime);
        await lab.PassRepetitions();
        var first = await source.Stream(G, every: 50.Milliseconds(), S1);
        var second = await source.Stream(G, every: 50.Milliseconds(), S2);
        var third = await source.Stream(G, every: 50.Milliseconds(), S3);
        lab.Expect(first.At(h1).IsSilent());
        lab.Expect(second.At(h1).HasNoGap());
        await lab.Pass(500.Milliseconds());

        await lab.Step("A host of version 2 joins: nothing is blocked any more");
        var join = await old.OlderReport(Generation.Leaves, G);
        lab.ExpectNone(AnyQuery().From(r1), since: join);
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: join)).Shows("V3-X-7.3.2-07", "V3-X-7.3.2-16");
        await r1.Until(
            state => state.Group(G).IsExclude() && state.Group(G)?.CompatibilityMode == 2, within: TimeSpan.Zero,
            shows: ["V3-X-7.3.2-07", "V3-X-7.3.2-16"]);
        await r1.Check(
            state => (t.OlderHostPresentInterval - state.Group(G)?.Version2HostPresentExpires)?.Duration() < t.QueryResponseInterval / 2,
            shows: ["V3-X-7.3.2-02"]);

        await lab.Step("The host of version 3 blocks another source, and a second one reports that it excludes the third: in vain");
        block = await h1.Block(G, S2);
        lab.ExpectStateChange(h1, Block(G, S2), since: block);
        lab.ExpectNone(AnyQuery().From(r1), since: block).Shows("V3-X-7.3.2-09", "V3-X-7.3.2-10");
        await other.Report(ToExclude(G, S3));
        lab.Expect(first.At(h1).HasNoGap()).Shows("V3-X-7.3.2-16");
        lab.Expect(second.At(h1).HasNoGap()).Shows("V3-X-7.3.2-09");
        lab.Expect(third.At(h1).HasNoGap()).Shows("V3-X-7.3.2-10");
        await r1.Until(
            state => state.Group(G).IsExclude() && state.Group(G)?.LastReporter == NewHost, within: TimeSpan.Zero,
            shows: ["V3-X-7.3.2-10"]);
        await lab.Pass(t.LastMemberQueryTime);
        await r1.Check(state => state.Group(G).IsExclude(), shows: ["V3-X-7.3.2-09", "V3-X-7.3.2-10"]);

        await lab.Step("The host of version 2 leaves: the router asks, that of version 3 answers, and everything flows on");
        var leave = await old.OlderLeave(G);
        lab.ExpectSpecificQueries(
                r1, G, changes: OlderLeave(G).From(old), answers: Report(IsExclude(G, S1, S2)).From(h1), since: leave)
            .Shows("V3-R-6.6.3.1-03", "V3-X-7.3.2-08");
        lab.ExpectAnswers(Report(IsExclude(G, S1, S2)).From(h1), to: Query(G), since: leave);
        lab.Expect(first.At(h1).HasNoGap()).Shows("V3-X-7.3.2-16");
        lab.Expect(second.At(h1).HasNoGap()).Shows("V3-X-7.3.2-16");
        lab.Expect(third.At(h1).HasNoGap());
        await r1.Until(state => state.Group(G)?.Expires <= t.LastMemberQueryTime, within: TimeSpan.Zero, shows: ["V3-X-7.3.2-08"]);
        await lab.Pass(t.LastMemberQueryTime + t.LastMemberQueryInterval);
        // The timer of the host of version 2 still runs: that it has left is not known, only that somebody is asked for.
        await r1.Check(
            state => state.Group(G) is { Mode: FilterMode.Exclude, CompatibilityMode: 2 } group && group.Expires > t.LastMemberQueryTime,
            shows: ["V3-X-7.3.2-16"]);
    }
}
