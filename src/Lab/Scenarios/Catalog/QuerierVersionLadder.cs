using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A querier of version 1 is heard, then one of version 2, then one of version 3. The host speaks the version of the oldest that was heard
/// within its interval: version 1, in which it leaves without a word; version 2 when that of version 1 is forgotten; version 3 in the end.
/// </summary>
[Scenario(
    "v1-then-v2-then-v3-querier", ScenarioTheme.Versions,
    "Queriers of versions 1, 2 and 3 one after another: the host speaks the oldest version that was heard lately.")]
[Covers(
    "V3-X-4-01", "V3-X-7.1-01", "V3-X-7.1-02", "V3-X-7.1-03", "V3-X-7.2.1-02", "V3-X-7.2.1-05", "V3-X-7.2.1-09")]
public sealed class QuerierVersionLadder : Scenario
{
    // RFC 2236 §8.10, and RFC 1112, Appendix I: when a report of an older version is repeated.
    private static readonly TimeSpan RepeatedWithin = 10.Seconds();

    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("The host joins a group: in version 3");
        lab.ExpectStateChange(h1, ToExclude(G1), since: await h1.Join(G1));

        await lab.Step("A querier of version 3 asks");
        var asked = await querier.Query(lab.General());
        lab.Expect(Report(IsExclude(G1)).From(h1), since: asked, within: t.QueryResponseInterval).Shows("V3-X-7.1-03");

        await lab.Step("One of version 1 asks: 8 octets, code 0. The host has 10 s to answer, and joins another group meanwhile");
        var oldest = await querier.Query(lab.OlderGeneral(Generation.Reports));
        lab.Expect(OlderReport(Generation.Reports, G1).From(h1), since: oldest, within: TesterQueries.GrantedByVersion1)
            .Shows("V3-X-7.1-01", "V3-X-7.2.1-02", "V3-X-7.2.1-09");
        await lab.Pass(1.Milliseconds());
        var join = await h1.Join(G2);
        lab.Expect(OlderReport(Generation.Reports, G2).From(h1), since: join, times: 2, every: Spacing.UpTo(RepeatedWithin))
            .Shows("V3-X-7.2.1-02");
        lab.ExpectNone(AnyReport().From(h1), since: oldest, atOnce: true).Shows("V3-X-7.2.1-02");

        await lab.Step("The host leaves that group: version 1 has no word for it");
        var leave = await h1.Leave(G2);
        lab.ExpectNone(Naming(G2).From(h1), since: leave).Shows("V3-X-4-01");
        await lab.Pass(t.QueryResponseInterval);

        await lab.Step("A querier of version 2 asks, 8 octets with a code: that of version 1 still counts");
        var older = await querier.Query(lab.OlderGeneral(Generation.Leaves));
        lab.Expect(OlderReport(Generation.Reports, G1).From(h1), since: older, within: t.QueryResponseInterval).Shows("V3-X-7.2.1-05");

        if (!await lab.StepInVirtualTime("It asks once more, later"))
            return;
        await lab.Pass(60.Seconds());
        older = await querier.Query(lab.OlderGeneral(Generation.Leaves));
        lab.Expect(OlderReport(Generation.Reports, G1).From(h1), since: older, within: t.QueryResponseInterval).Shows("V3-X-7.2.1-05");

        if (!await lab.StepInVirtualTime("The querier of version 1 is forgotten, that of version 2 is not: the host is of version 2"))
            return;
        var present = t.RobustnessVariable * t.QueryInterval;
        await lab.Pass(oldest.At + present + (10 * TesterQueries.GrantedByVersion1) + 1.Milliseconds() - lab.Now.At);
        asked = await querier.Query(lab.General());
        lab.Expect(OlderReport(Generation.Leaves, G1).From(h1), since: asked, within: t.QueryResponseInterval)
            .Shows("V3-X-7.1-02", "V3-X-7.2.1-05");
        lab.ExpectNone(AnyReport().From(h1), since: asked, atOnce: true);

        if (!await lab.StepInVirtualTime("That of version 2 is forgotten as well: the host is of version 3"))
            return;
        await lab.Pass(older.At + present + (10 * t.QueryResponseInterval) + 1.Milliseconds() - lab.Now.At);
        asked = await querier.Query(lab.General());
        lab.Expect(Report(IsExclude(G1)).From(h1), since: asked, within: t.QueryResponseInterval).Shows("V3-X-7.1-03", "V3-X-7.2.1-05");
        lab.ExpectNone(AnyOlderMessage().From(h1), since: asked, atOnce: true);
    }
}
