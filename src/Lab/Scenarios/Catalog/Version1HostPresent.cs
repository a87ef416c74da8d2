using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host of version 1 reports a group: it will leave without a word, and could not say what it does not want. As long as it counts as
/// present, leaves, blocks and source lists of others are ignored, and everything flows. After the Older Host Present Interval the group
/// is of version 2, as a host of that version has been heard since; then leaves are asked about, and the group ends.
/// </summary>
[Scenario(
    "v1-host-present", ScenarioTheme.Versions,
    "A member of version 1: nothing that others leave or block ends anything, until it was not heard for long enough.")]
[Covers(
    "V3-M-4-07", "V3-R-6-02", "V3-R-8.13-01", "V3-X-7.3.2-03", "V3-X-7.3.2-04", "V3-X-7.3.2-08", "V3-X-7.3.2-13", "V3-X-7.3.2-14")]
public sealed class Version1HostPresent : Scenario
{
    private static readonly Address OldestHost = Address.Parse("10.0.0.12");
    private static readonly Address OldHost = Address.Parse("10.0.0.13");
    private static readonly Address NewHost = Address.Parse("10.0.0.14");
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
        var oldest = lab.Play("oldest", h1.Lan, OldestHost);
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
        var first = await source.Stream(G, every: t.QueryResponseInterval / 10, S1);
        var second = await source.Stream(G, every: t.QueryResponseInterval / 10, S2);
        lab.Expect(first.At(h1).IsSilent());
        await lab.Pass(t.QueryResponseInterval / 2);

        await lab.Step("A host of version 1 reports the group: everything flows");
        var report = await oldest.OlderReport(Generation.Reports, G);
        lab.Expect(first.At(h1).Starts(within: TimeSpan.Zero, of: report)).Shows("V3-X-7.3.2-14");
        lab.Expect(second.At(h1).Starts(within: TimeSpan.Zero, of: report)).Shows("V3-X-7.3.2-14");
        await r1.Until(
            state => state.Group(G).IsExclude() && state.Group(G)?.CompatibilityMode == 1, within: TimeSpan.Zero,
            shows: ["V3-M-4-07", "V3-X-7.3.2-03", "V3-X-7.3.2-14"]);
        await r1.Check(
            state => (t.OlderHostPresentInterval - state.Group(G)?.Version1HostPresentExpires)?.Duration() < t.QueryResponseInterval / 2,
            shows: ["V3-R-8.13-01", "V3-X-7.3.2-03"]);
        await lab.Pass(t.QueryResponseInterval / 2);

        await lab.Step("Others exclude, block and leave in version 3, and leave in version 2: in vain");
        var ignored = await other.Report(ToExclude(G, S1));
        await other.Report(Block(G, S2));
        await other.Report(ToInclude(G, S1));
        await other.Report(ToInclude(G));
        await old.OlderLeave(G);
        lab.ExpectNone(QueriesAbout(G), since: ignored).Shows("V3-X-7.3.2-13");
        lab.Expect(first.At(h1).HasNoGap()).Shows("V3-X-7.3.2-13");
        lab.Expect(second.At(h1).HasNoGap()).Shows("V3-X-7.3.2-13");
        await lab.Pass(t.LastMemberQueryTime);
        await r1.Check(
            state => state.Group(G).IsExclude() && state.Group(G)?.CompatibilityMode == 1, shows: ["V3-X-7.3.2-13"]);

        await lab.Step("A host of version 2 reports it too: the group is of version 2 when the other host counts as gone, not before");
        await old.OlderReport(Generation.Leaves, G);
        lab.Expect(first.At(h1).HasNoGap());
        await r1.Until(state => state.Group(G)?.Version2HostPresentExpires is not null, within: TimeSpan.Zero, shows: ["V3-X-7.3.2-04"]);
        await lab.Pass(report.At + t.OlderHostPresentInterval - (t.QueryResponseInterval / 4) - lab.Now.At);
        await r1.Check(state => state.Group(G)?.CompatibilityMode == 1, shows: ["V3-R-8.13-01", "V3-X-7.3.2-04"]);
        await r1.Until(
            state => state.Group(G)?.CompatibilityMode == 2, within: t.QueryResponseInterval / 4,
            shows: ["V3-R-8.13-01", "V3-X-7.3.2-04"]);

        await lab.Step("That of version 2 leaves: the router asks, nobody answers, and the group ends");
        var leave = await old.OlderLeave(G);
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1), since: leave, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-M-4-07", "V3-X-7.3.2-08");
        lab.Expect(first.At(h1).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-X-7.3.2-08");
        lab.Expect(second.At(h1).Stops(after: t.LastMemberQueryTime, of: leave)).Shows("V3-X-7.3.2-08");
        await r1.Until(state => state.Group(G) is null, within: t.LastMemberQueryTime, shows: ["V3-X-7.3.2-08"]);
    }
}
