using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// Sockets of one host want different things of a group, as in the examples of RFC 9776 §3.2. What the host reports is what they want
/// together, and a change of one of them that makes no difference is not reported. When the last socket that excludes is closed, the host
/// changes to INCLUDE mode; sockets that all include never make it exclude.
/// </summary>
[Scenario(
    "host-socket-merge", ScenarioTheme.Hosts,
    "Several sockets of one host want different sources: it reports what they want together, and only when that changes.")]
[Covers("V3-H-3.2-01", "V3-H-3.2-02", "V3-H-3.2-03", "V3-H-3.2-05", "V3-H-3.2-06")]
public sealed class HostSocketMerge : Scenario
{
    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address Excluding = Address.Parse("239.1.1.1");
    private static readonly Address Including = Address.Parse("239.1.1.2");
    private static readonly Address A = Address.Parse("10.1.0.100");
    private static readonly Address B = Address.Parse("10.1.0.101");
    private static readonly Address C = Address.Parse("10.1.0.102");
    private static readonly Address D = Address.Parse("10.1.0.103");
    private static readonly Address E = Address.Parse("10.1.0.104");
    private static readonly Address F = Address.Parse("10.1.0.105");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 200.Milliseconds(),
    };

    /// <inheritdoc/>
    public override string NotWithKernelHosts =>
        "a Linux socket joins with a list in two calls, between which it wants something else, and may report that too";

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var (s1, s2, s3, s4) = (h1.Socket("s1"), h1.Socket("s2"), h1.Socket("s3"), h1.Socket("s4"));
        var querier = lab.Play("querier", h1.Lan, Querier);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("A socket excludes a, b, c and d");
        lab.ExpectStateChange(h1, ToExclude(Excluding, A, B, C, D), since: await s1.Exclude(Excluding, A, B, C, D)).Shows("V3-H-3.2-01");

        await lab.Step("A second one excludes b, c, d and e: the host excludes what both do");
        lab.ExpectStateChange(h1, Allow(Excluding, A), since: await s2.Exclude(Excluding, B, C, D, E)).Shows("V3-H-3.2-01");

        await lab.Step("A third one includes d, e and f: the host excludes what nobody includes");
        lab.ExpectStateChange(h1, Allow(Excluding, D), since: await s3.Include(Excluding, D, E, F)).Shows("V3-H-3.2-01");

        await lab.Step("The second and the third change in ways that make no difference to the whole: nothing is reported");
        var change = await s3.Include(Excluding, D, E);
        await s2.Allow(Excluding, E);
        await s3.Allow(Excluding, F);
        await s2.Block(Excluding, E);
        lab.ExpectNone(AnyReport().From(h1), since: change with { At = change.At - 1.Milliseconds() }).Shows("V3-H-3.2-05");
        await lab.PassRepetitions();

        await lab.Step("Asked, the host answers what the sockets want together");
        var asked = await querier.Query(lab.General());
        lab.Expect(Report(IsExclude(Excluding, B, C)).From(h1), since: asked, within: t.QueryResponseInterval).Shows("V3-H-3.2-01");

        await lab.Step("A fourth one joins for all sources");
        lab.ExpectStateChange(h1, Allow(Excluding, B, C), since: await s4.Join(Excluding)).Shows("V3-H-3.2-01");

        await lab.Step("It is closed again, and so is the first: the host excludes what the second does");
        lab.ExpectStateChange(h1, Block(Excluding, B, C), since: await s4.Leave(Excluding)).Shows("V3-H-3.2-01");
        await lab.PassRepetitions();
        change = await s1.Leave(Excluding);
        lab.ExpectNone(AnyReport().From(h1), since: change with { At = change.At - 1.Milliseconds() }).Shows("V3-H-3.2-05");
        await lab.PassRepetitions();

        await lab.Step("The last one that excludes is closed: the host includes what is left");
        lab.ExpectStateChange(h1, ToInclude(Excluding, D, E, F), since: await s2.Leave(Excluding)).Shows("V3-H-3.2-06");

        await lab.Step("Of another group two sockets include sources, some of them the same");
        lab.ExpectStateChange(h1, Allow(Including, A, B, C), since: await s1.Include(Including, A, B, C))
            .Shows("V3-H-3.2-02", "V3-H-3.2-03");
        await lab.PassRepetitions();
        lab.ExpectStateChange(h1, Allow(Including, D), since: await s2.Include(Including, B, C, D)).Shows("V3-H-3.2-02", "V3-H-3.2-03");

        await lab.Step("Asked, the host answers for both groups");
        asked = await querier.Query(lab.General());
        lab.Expect(
                Report(IsInclude(Excluding, D, E, F), IsInclude(Including, A, B, C, D)).From(h1), since: asked,
                within: t.QueryResponseInterval)
            .Shows("V3-H-3.2-02", "V3-H-3.2-03");

        await lab.Step("The sockets are closed one by one: said is what nobody wants any more");
        lab.ExpectStateChange(h1, Block(Including, A), since: await s1.Leave(Including)).Shows("V3-H-3.2-02");
        await lab.PassRepetitions();
        lab.ExpectStateChange(h1, Block(Including, B, C, D), since: await s2.Leave(Including)).Shows("V3-H-3.2-02");
        await lab.PassRepetitions();
        lab.ExpectStateChange(h1, Block(Excluding, D, E, F), since: await s3.Leave(Excluding)).Shows("V3-H-3.2-02");
    }
}
