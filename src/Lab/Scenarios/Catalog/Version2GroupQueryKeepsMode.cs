using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A Group-Specific Query of version 2 is answered, in version 3, and changes nothing else: only a General Query says that a querier of
/// version 2 is there. The General Query that follows shows the difference.
/// </summary>
[Scenario(
    "v2-gsq-does-not-downgrade", ScenarioTheme.Versions,
    "A Group-Specific Query of version 2 leaves a host in version 3; a General Query does not.")]
[Covers("V3-X-7.2.1-04", "V3-X-7.2.1-07")]
public sealed class Version2GroupQueryKeepsMode : Scenario
{
    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address G1 = Address.Parse("239.1.1.1");
    private static readonly Address G2 = Address.Parse("239.1.1.2");
    private static readonly Address S1 = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 20.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        LastMemberQueryInterval = 400.Milliseconds(),
        UnsolicitedReportInterval = 300.Milliseconds(),
    };

    /// <inheritdoc/>
    public override string NotWithKernelHosts =>
        "Linux takes any query of version 2, a Group-Specific one too, for a sign of an older querier";

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var h1 = lab.Host("h1");
        var querier = lab.Play("querier", h1.Lan, Querier);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut();

        await lab.Step("The host joins a group for one source");
        lab.ExpectStateChange(h1, Allow(G1, S1), since: await h1.Include(G1, S1));

        await lab.Step("A querier of version 2 asks for the group: the answer is of version 3, and names the source");
        var asked = await querier.Query(lab.OlderSpecific(G1));
        lab.Expect(Report(IsInclude(G1, S1)).From(h1), since: asked, within: t.LastMemberQueryInterval).Shows("V3-X-7.2.1-04");

        await lab.Step("The host joins another group, and no longer wants the source of the first: both said in version 3");
        lab.ExpectStateChange(h1, ToExclude(G2), since: await h1.Join(G2)).Shows("V3-X-7.2.1-04");
        await lab.PassRepetitions();
        lab.ExpectStateChange(h1, Block(G1, S1), since: await h1.Leave(G1)).Shows("V3-X-7.2.1-04");

        await lab.Step("The querier asks for everything: now the host is of version 2");
        asked = await querier.Query(lab.OlderGeneral(Generation.Leaves));
        lab.Expect(OlderReport(Generation.Leaves, G2).From(h1), since: asked, within: t.QueryResponseInterval).Shows("V3-X-7.2.1-07");

        await lab.Step("It leaves in version 2");
        lab.Expect(OlderLeave(G2).From(h1), since: await h1.Leave(G2)).Shows("V3-X-7.2.1-07");
    }
}
