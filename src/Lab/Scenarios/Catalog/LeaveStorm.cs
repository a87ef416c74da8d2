using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Lab.Scenarios.Catalog;

/// <summary>
/// A station forges leaves of a group, 200 a second, while a host is a member. The querier asks once more only when the group was reported
/// since it asked last: its queries are few, whatever the number of leaves. The member answers, and its stream never stops. When the member
/// itself leaves, everything is as ever.
/// </summary>
[Scenario(
    "leave-storm", ScenarioTheme.Robustness,
    "Hundreds of forged leaves of a group with a member: a bounded number of queries, and a stream without a gap.")]
[Covers("V3-R-6-02", "V3-R-6.4.2-08", "V3-R-6.4.2-09", "V3-R-9.3-01")]
public sealed class LeaveStorm : Scenario
{
    private static readonly Address G = Address.Parse("239.1.1.1");
    private static readonly Address S = Address.Parse("10.1.0.100");

    /// <inheritdoc/>
    /// <remarks>The Query Interval is longer than the run: no General Query comes between.</remarks>
    public override Timing ShortTiming => new()
    {
        QueryInterval = 30.Seconds(),
        QueryResponseInterval = 1.Seconds(),
        StartupQueryInterval = 300.Milliseconds(),
        LastMemberQueryInterval = 1.Seconds(),
        UnsolicitedReportInterval = 1.Seconds(),
    };

    /// <inheritdoc/>
    public override async Task Play(LabRun lab)
    {
        ArgumentNullException.ThrowIfNull(lab);
        var (r1, h1, source) = (lab.Router("r1"), lab.Host("h1"), lab.Host("source"));
        var attacker = lab.Play("attack", h1.Lan, Address.Parse("10.0.0.66"));
        var t = lab.Timing;
        lab.ExpectNothingElse();
        await lab.StartAllBut(r1);

        await lab.Step("The router starts, a host joins, and the stream flows");
        lab.ExpectDuties(r1, await r1.Start());
        await lab.Pass(t.StartupQueryInterval * t.StartupQueryCount);
        var stream = await source.Stream(G, every: 50.Milliseconds(), S);
        await lab.Pass(250.Milliseconds());
        await lab.PassAnswersOfKernels();
        var join = await h1.Join(G);
        lab.ExpectStateChange(h1, ToExclude(G), since: join);
        lab.Expect(stream.At(h1).Starts(within: TimeSpan.Zero, of: join));
        await lab.PassRepetitions();

        await lab.Step("Leaves are forged, 200 a second");
        var storm = lab.Now;
        await attacker.ReportEvery(5.Milliseconds(), lasting: t.UnsolicitedReportInterval, ToInclude(G));
        lab.ExpectSpecificQueries(r1, G, changes: Report(ToInclude(G)).From(attacker), answers: Report(IsExclude(G)).From(h1), since: storm)
            .Shows("V3-R-6.4.2-08", "V3-R-6.4.2-09");
        lab.ExpectAnswers(Report(IsExclude(G)).From(h1), to: Query(G).From(r1), since: storm);
        lab.Expect(stream.At(h1).HasNoGap()).Shows("V3-R-9.3-01");
        await lab.Pass(t.UnsolicitedReportInterval + t.LastMemberQueryTime + t.LastMemberQueryInterval);
        // Each answer lets one more leave ask, which is LMQC queries at most; hence never more than this, be there a million leaves.
        var most = t.LastMemberQueryCount * (1 + lab.Count(Report(IsExclude(G)).From(h1), since: storm));
        var queries = lab.Count(AnyQueryOf(G).From(r1), since: storm);
        await lab.Check(
            r1.Name, $"no more than {t.LastMemberQueryCount} queries at first, and as many for each answer", ["V3-R-9.3-01"],
            queries <= most ? null : $"there were {queries}, and not at most {most}");
        await r1.Check(state => state.Group(G).IsExclude() && state.Group(G)!.Expires > t.LastMemberQueryTime, shows: ["V3-R-9.3-01"]);

        await lab.Step("The member leaves: the querier asks as often as ever, and the stream stops");
        var leave = await h1.Leave(G);
        lab.ExpectStateChange(h1, ToInclude(G), since: leave);
        lab.Expect(
            Query(G).WithoutSuppression().Announcing(t).From(r1), since: leave, times: t.LastMemberQueryCount,
            every: t.LastMemberQueryInterval);
        lab.Expect(stream.At(h1).Stops(after: t.LastMemberQueryTime, of: leave));
        await r1.Until(state => state.Knows(), within: t.LastMemberQueryTime);
    }
}
