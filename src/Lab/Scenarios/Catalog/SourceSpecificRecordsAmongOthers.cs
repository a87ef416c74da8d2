using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// One report has three records: one that asks for all sources of a source-specific group, which is ignored, one that does so for another
/// group, and one that asks for a source. The first does not keep the others from taking effect, whichever place it has. A second report
/// gives up all three; only those that are known are asked for.
/// </summary>
[Scenario(
    "ssm-mixed-report", ScenarioTheme.SourceSpecific,
    "One report, of whose records one is not allowed in the source-specific range: the others take effect.")]
[Covers("V3-M-4.2.4-01", "V3-R-6-02", "V3-R-6.1-03", "V3-S-3.1-02", "V3-S-5.1-01", "V3-S-6.4-01")]
public sealed class SourceSpecificRecordsAmongOthers : Scenario
{
    private static readonly Address Member = Address.Parse("10.0.0.12");
    private static readonly Address Refused = Address.Parse("232.1.1.1");
    private static readonly Address Channel = Address.Parse("232.1.1.2");
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S1 = Address.Parse("10.1.0.100");

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
        var member = lab.Play("member", h1.Lan, Member);
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, a source sends to three groups, and nobody listens");
        var start = await r1.Start();
        foreach (var lan in (string[])[h1.Lan, source.Lan])
        {
            lab.ExpectGeneralQueries(r1, lan, since: start);
            lab.ExpectMember(r1, lan, to: GeneralQuery().On(lan), start);
        }

        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var refused = await source.Stream(Refused, every: 50.Milliseconds(), S1);
        var whole = await source.Stream(G, every: 50.Milliseconds(), S1);
        var channel = await source.Stream(Channel, every: 50.Milliseconds(), S1);
        lab.Expect(whole.At(h1).IsSilent());
        await lab.Pass(250.Milliseconds());

        await lab.Step("One report asks for all of a source-specific group, all of another group, and one source");
        var report = await member.Report(ToExclude(Refused), ToExclude(G), Allow(Channel, S1));
        lab.ExpectNone(AnyQuery().From(r1), since: report).Shows("V3-S-6.4-01");
        lab.Expect(refused.At(h1).IsSilent()).Shows("V3-S-5.1-01", "V3-S-6.4-01");
        lab.Expect(whole.At(h1).Starts(within: TimeSpan.Zero, of: report)).Shows("V3-M-4.2.4-01", "V3-S-3.1-02");
        lab.Expect(channel.At(h1).Starts(within: TimeSpan.Zero, of: report)).Shows("V3-M-4.2.4-01", "V3-S-3.1-02");
        await r1.Until(
            state => state.Group(G).IsExclude() && state.Group(Channel).IsInclude(S1) && state.Group(Refused) is null,
            within: TimeSpan.Zero, shows: ["V3-M-4.2.4-01", "V3-S-3.1-02", "V3-S-6.4-01"]);
        await lab.Pass(1.Seconds());

        await lab.Step("One report gives up all three, the refused one in the middle: the known ones are asked for, and end");
        report = await member.Report(ToInclude(G), ToExclude(Refused), Block(Channel, S1));
        lab.Expect(
                Query(G).WithoutSuppression().Announcing(t).From(r1), since: report, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.1-03", "V3-S-3.1-02");
        lab.Expect(
                Query(Channel, S1).WithoutSuppression().Announcing(t).From(r1), since: report, times: t.LastMemberQueryCount,
                every: t.LastMemberQueryInterval)
            .Shows("V3-R-6.1-03", "V3-S-3.1-02");
        lab.ExpectNone(QueriesAbout(Refused), since: report).Shows("V3-S-6.4-01");
        lab.Expect(refused.At(h1).IsSilent()).Shows("V3-S-6.4-01");
        lab.Expect(whole.At(h1).Stops(after: t.LastMemberQueryTime, of: report)).Shows("V3-S-3.1-02");
        lab.Expect(channel.At(h1).Stops(after: t.LastMemberQueryTime, of: report)).Shows("V3-S-3.1-02");
        await r1.Until(
            state => state.Group(G) is null && state.Group(Channel) is null, within: t.LastMemberQueryTime, shows: ["V3-S-3.1-02"]);
    }
}
