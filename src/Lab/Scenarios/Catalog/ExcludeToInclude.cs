using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Membership;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A host that excludes one source reports once and is never heard again; another includes a source and answers every query. As long as
/// the group timer runs, everything flows but the excluded source. When it ends, the group is in INCLUDE mode with the included source,
/// whose stream has no gap, and all others stop.
/// </summary>
[Scenario(
    "exclude-to-include-switch", ScenarioTheme.Sources,
    "The only host in EXCLUDE mode disappears: at the end of the group timer only the included source goes on.")]
[Covers("V3-R-6-02", "V3-R-6.2.1-01", "V3-R-6.2.2-03", "V3-R-6.3-05", "V3-R-6.3-06", "V3-R-6.3-07", "V3-R-6.5-01", "V3-R-8.4-01")]
public sealed class ExcludeToInclude : MemberLan
{
    /// <inheritdoc/>
    public override Timing ShortTiming => base.ShortTiming with
    {
        QueryInterval = 2.Seconds(),
        QueryResponseInterval = 500.Milliseconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var t = lab.Timing;
        var (source, vanishing) = (lab.Host("source"), Member(lab, "vanishing", 21));
        var h1 = lab.Host("h1");
        var r1 = await StartQuerier(lab);
        await lab.PassAnswersOfKernels();

        await lab.Step("A host excludes a source, and is never heard again");
        var exclude = await vanishing.Report(IsExclude(G, S3));
        await r1.Until(state => state.Group(G).IsExclude(blocked: [S3]), within: TimeSpan.Zero);
        var included = await source.Stream(G, every: t.QueryInterval / 20, S1);
        var unknown = await source.Stream(G, every: t.QueryInterval / 20, S2);
        var excluded = await source.Stream(G, every: t.QueryInterval / 20, S3);

        await lab.Step("Another includes a source: the group stays in EXCLUDE mode");
        var include = await h1.Include(G, S1);
        lab.ExpectStateChange(h1, Allow(G, S1), since: include);
        lab.ExpectAnswers(Report(IsInclude(G, S1)).From(h1), to: GeneralQuery().On(Members), since: include).InAllSteps();
        await r1.Until(
            state => state.Group(G).IsExclude(forwarded: [S1], blocked: [S3]), within: TimeSpan.Zero, shows: ["V3-R-6.2.1-01"]);

        await lab.Step("The group timer ends: only the included source goes on");
        lab.Expect(included.On(Members).HasNoGap()).Shows("V3-R-6.3-05");
        lab.Expect(unknown.On(Members).Stops(after: t.GroupMembershipInterval, of: exclude)).Shows("V3-R-6.3-07", "V3-R-8.4-01");
        lab.Expect(excluded.On(Members).IsSilent()).Shows("V3-R-6.3-06");
        await r1.Until(
            state => state.Group(G).IsInclude(S1), within: t.GroupMembershipInterval, shows: ["V3-R-6.2.2-03", "V3-R-6.5-01"]);
    }
}
