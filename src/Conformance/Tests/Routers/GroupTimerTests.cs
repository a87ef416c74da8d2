using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>What becomes of groups and sources that are not reported any more (RFC 9776 §6.2.2, §6.2.3, §6.5, §8.4).</summary>
internal static class GroupTimerTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "gmi-of-group", ["V3-R-8.4-01"],
            "A group in EXCLUDE mode ends RV × QI + 2 × QRI after it was last reported: it is there until then, and gone afterwards.",
            async lab =>
            {
                await lab.StartQuerier();
                var early = await lab.Bring(lab.G1, Exclude());
                var late = await lab.Bring(lab.G2, Exclude());
                await lab.ExpectShown(
                    lab.G1, Exclude(), TimerLeft.OfGroup(lab.Timing.GroupMembershipInterval, early.Group));

                // RFC 3376 had one QRI less.
                await lab.PassUntil(early.Group, lab.Timing.GroupMembershipInterval - (lab.Timing.QueryResponseInterval / 2));
                await IsAsked(lab, ToInclude(lab.G1), Query(lab.G1), "Half a QRI before that time a host leaves, and is asked about");
                await lab.PassUntil(late.Group, lab.Timing.GroupMembershipInterval + lab.Tolerance);
                await lab.ExpectGroup(lab.G2, None);
            }) { Unfit = Blurred, Timing = WithLongResponses },
        new RouterTest(
            "gmi-of-source", ["V3-R-8.4-01"],
            "A source in INCLUDE mode ends RV × QI + 2 × QRI after it was last reported: it is there until then, and gone afterwards.",
            async lab =>
            {
                await lab.StartQuerier();
                var early = await lab.Bring(lab.G1, Include(lab.S1));
                var late = await lab.Bring(lab.G2, Include(lab.S1));
                await lab.ExpectShown(
                    lab.G1, Include(lab.S1), TimerLeft.Of(lab.S1, lab.Timing.GroupMembershipInterval, early.Sources));

                // A source that has less left than the Last Member Query Time is not asked about any more.
                await lab.PassUntil(
                    early.Sources,
                    lab.Timing.GroupMembershipInterval - (lab.Timing.QueryResponseInterval / 2) - lab.Timing.LastMemberQueryTime);
                await IsAsked(
                    lab, Block(lab.G1, lab.S1), Query(lab.G1, lab.S1),
                    "Less than a QRI before that time a host blocks, and is asked about");
                await lab.PassUntil(late.Sources, lab.Timing.GroupMembershipInterval + lab.Tolerance);
                await lab.ExpectGroup(lab.G2, None);
            })
        {
            Timing = usual => WithLongResponses(usual) with { LastMemberQueryCount = 1 },
            Unfit = timing =>
                Blurred(timing)
                ?? (timing.QueryResponseInterval / 2 < timing.LastMemberQueryTime + 200.Milliseconds()
                    ? "the Last Member Query Time is not below half of the Query Response Interval" : null),
        },
        new RouterTest(
            "gmi-ends-stream", ["V3-R-8.4-01"],
            "A group is forwarded for RV × QI + 2 × QRI after it was last reported, and no longer.",
            async lab =>
            {
                await lab.StartForwarder();
                await lab.Bring(lab.G1, Exclude());
                var stream = await lab.Flow(lab.S1, lab.G1, lab.Timing.GroupMembershipInterval + 2.Seconds());

                await lab.Step("The group is reported for the last time");
                var report = await lab.Host1.Report(IsExclude(lab.G1));
                lab.Expect(stream.On(Bench.Lan).Stops(after: lab.Timing.GroupMembershipInterval, of: report));
            }) { Options = [Streaming.Option], Unfit = Blurred, Timing = WithLongResponses },
        Expires(
            "group-without-reports-ends", ["V3-R-6.2.2-02", "V3-R-6.5-02"],
            "When the group timer runs out and no source timer runs, the group is deleted with its blocked sources, and nothing is asked.",
            lab => [IsExclude(lab.G1, lab.S1)], _ => [], _ => None),
        Expires(
            "group-goes-on-for-its-sources", ["V3-R-6.2.2-03"],
            "When the group timer runs out, the group goes on in INCLUDE mode for a source that is still asked for.",
            lab => [IsExclude(lab.G1, lab.S1), Allow(lab.G1, lab.S2)], lab => [IsInclude(lab.G1, lab.S2)], lab => Include(lab.S2),
            lab => lab.S2),
        Expires(
            "switch-to-include-keeps-x-and-drops-y", ["V3-R-6.5-01"],
            "When the group timer runs out, EXCLUDE (X, Y) becomes INCLUDE (X): blocked sources are deleted, and the timers of the others "
                + "go on.",
            lab => [IsExclude(lab.G1, lab.S1, lab.S2, lab.S3), Allow(lab.G1, lab.S1, lab.S2)],
            lab => [IsInclude(lab.G1, lab.S1, lab.S2)], lab => Include(lab.S1, lab.S2), lab => lab.S1, lab => lab.S2),
        Expires(
            "group-and-source-end-together", ["V3-R-6.5-03"],
            "When the group timer and the last source timer run out at the same time, nothing is left of the group.",
            lab => [IsExclude(lab.G1), IsInclude(lab.G1, lab.S1)], _ => [], _ => None),
        Expires(
            "last-source-ends-group", ["V3-R-6.3-01"],
            "In INCLUDE mode the group is deleted with its last source.",
            lab => [IsInclude(lab.G1, lab.S1)], _ => [], _ => None),
        Expires(
            "source-without-reports-ends", ["V3-R-6.2.3-02"],
            "In INCLUDE mode a source is deleted when its timer runs out, and the others stay.",
            lab => [IsInclude(lab.G1, lab.S1, lab.S2)], lab => [IsInclude(lab.G1, lab.S2)], lab => Include(lab.S2), lab => lab.S2),
        Expires(
            "source-timer-is-renewed", ["V3-R-6.2.3-01"],
            "A report that names a source in INCLUDE mode renews its timer.",
            lab => [IsInclude(lab.G1, lab.S1)], lab => [IsInclude(lab.G1, lab.S1)], lab => Include(lab.S1), lab => lab.S1),
        new RouterTest(
            "source-expired-in-exclude-mode-is-blocked", ["V3-R-6.2.3-03"],
            "In EXCLUDE mode a source whose timer runs out is blocked from then on, and its record stays.",
            async lab =>
            {
                await lab.StartQuerier();
                foreach (var group in (Address[])[lab.G1, lab.G2])
                    await lab.Bring(group, Exclude([lab.S1]));
                await Repeat(lab, 1, IsExclude(lab.G1, lab.S1));
                await lab.ExpectGroups(lab.G1, lab.G2, Exclude(blocked: [lab.S1]));
            }),
        new RouterTest(
            "blocked-source-stays-as-long-as-its-group", ["V3-R-6.2.3-04"],
            "In EXCLUDE mode blocked sources stay as long as the group is reported with them.",
            async lab =>
            {
                await lab.StartQuerier();
                foreach (var group in (Address[])[lab.G1, lab.G2])
                    await lab.Bring(group, Exclude(blocked: [lab.S1]));
                await Repeat(lab, 2, IsExclude(lab.G1, lab.S1));
                await lab.ExpectGroups(lab.G1, lab.G2, Exclude(blocked: [lab.S1]));
            }),
        new RouterTest(
            "no-group-timer-in-include-mode", ["V3-R-6.2.2-01"],
            "In INCLUDE mode no group timer counts, not one that ran when the group was in EXCLUDE mode either.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Asked(lab.G1, leave);
                await lab.Host2.Report(IsInclude(lab.G1, lab.S1));
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryTime + (2 * lab.Tolerance));

                await lab.Step("The group is in INCLUDE mode for longer than the Group Membership Interval");
                await Repeat(lab, 1, IsInclude(lab.G1, lab.S1), Include(lab.S1));
                await lab.ExpectGroup(lab.G1, Include(lab.S1));
            }),
        .. ((int[])[2, 3]).Select(SurvivesLosses),
    ];

    private static Timing WithLongResponses(Timing usual) => usual with
    {
        QueryInterval = usual.QueryInterval + usual.QueryResponseInterval, QueryResponseInterval = 2 * usual.QueryResponseInterval,
    };

    private static string? Blurred(ExpectedTiming timing) =>
        timing.QueryResponseInterval < 500.Milliseconds() ? "a Query Response Interval so short is not told from none" : null;

    private static async Task IsAsked(RouterBench lab, RecordContent change, FramePattern query, string step)
    {
        await lab.Step(step);
        var report = await lab.Host3.Report(change);
        lab.ExpectTimes(Times.AtLeastOnce, query.From(lab.Device).On(Bench.Lan), report);
        await lab.PassLastMemberQueryTime();
    }

    /// <summary>
    /// Lets some Group Membership Intervals pass, while a group is reported four times in each. The last report is a quarter of an interval
    /// before the end.
    /// </summary>
    private static async Task Repeat(RouterBench lab, int intervals, RecordContent record, GroupShape? meanwhile = null)
    {
        const int Times = 4;
        var since = lab.Now;
        for (var i = 1; i < intervals * Times; i++)
        {
            await lab.PassUntil(since, i * lab.Timing.GroupMembershipInterval / Times);
            if (meanwhile is not null)
                await lab.ExpectShown(record.Group, meanwhile);
            await lab.ReportAlike(lab.Host1, record, lab.G2);
        }

        await lab.PassUntil(since, (intervals * lab.Timing.GroupMembershipInterval) + (3 * lab.Tolerance));
    }

    /// <summary>
    /// A group that is reported once, some of it a second time, and that is looked at when the Group Membership Interval of the first
    /// report is over.
    /// </summary>
    private static RouterTest Expires(
        string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, RecordContent[]> first,
        Func<RouterBench, RecordContent[]> again, Func<RouterBench, GroupShape> left, params Func<RouterBench, Address>[] renewed) =>
        new(name, requirements, purpose, async lab =>
        {
            var t = lab.Timing;
            await lab.StartQuerier();
            var report = await lab.Host1.Report(first(lab));
            await lab.Host1.Report([.. first(lab).Select(each => each with { Group = lab.G2 })]);
            // Longer by what a probe needs of a source timer.
            await lab.Pass(lab.Distinguishable + t.LastMemberQueryTime);
            var second = report;
            if (again(lab) is { Length: > 0 } records)
                second = await lab.Host2.Report(records);
            else
                lab.ExpectNoQueries(lab.G1, report);

            // The same in another group, to show that the device has heard of it.
            await lab.Asked(lab.G2, await lab.Host3.Report(ToInclude(lab.G2)), t.LastMemberQueryTime);
            await lab.PassUntil(report, t.GroupMembershipInterval + lab.Tolerance);
            await lab.ExpectGroup(lab.G1, left(lab), [.. renewed.Select(each => TimerLeft.Gmi(each(lab), t, second))]);
        });

    private static RouterTest SurvivesLosses(int robustness) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"rv-{robustness}-survives-losses"), ["V3-R-8.1-02"],
            string.Create(
                CultureInfo.InvariantCulture,
                $"With a Robustness Variable of {robustness} a group outlives the loss of what answers {robustness - 1} queries in a row."),
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                var report = (await lab.Bring(lab.G1, Exclude())).Group;
                await lab.PassUntil(report, (t.RobustnessVariable * t.QueryInterval) + (t.QueryResponseInterval / 2));
                await lab.ExpectMode(lab.G1, FilterMode.Exclude);
            })
        {
            Timing = usual => usual with { RobustnessVariable = robustness },
            Unfit = timing =>
                timing.RobustnessVariable == robustness ? null
                : string.Create(
                    CultureInfo.InvariantCulture, $"the Robustness Variable is {timing.RobustnessVariable} and not {robustness}"),
        };
}
