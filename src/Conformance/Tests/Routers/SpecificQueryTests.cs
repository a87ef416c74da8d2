using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>Group-Specific and Group-and-Source-Specific Queries: what they say, and when they are sent again (RFC 9776 §6.6.3).</summary>
internal static class SpecificQueryTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "group-queries-at-once-and-again", ["V3-R-6.6.3.1-01"],
            "A leave lowers the group timer to the Last Member Query Time, and is asked about at once and every Last Member Query "
                + "Interval.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves, and nobody answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                lab.ExpectQueries(Query(lab.G1), since: leave);
                await lab.ExpectShown(lab.G1, Exclude(), TimerLeft.OfGroup(lab.Timing.LastMemberQueryTime, leave));
                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.G1, None);
            }) { Timing = ThreeTimes },
        new RouterTest(
            "group-query-fields", ["V3-R-6.6.3.1-02"],
            "A Group-Specific Query goes to its group with the Last Member Query Interval as Max Response Time, the querier's RV and QI, "
                + "no sources, and the S flag clear while nobody has answered.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Asked(lab.G1, leave);
                var right = Query(lab.G1).Announcing(lab.Timing).WithoutSuppression();
                lab.Expect(right.From(lab.Device).On(Bench.Lan), leave);
                lab.ExpectNone(
                    QueriesAbout(lab.G1).Where("with other fields", frame => !right.Matches(frame)).From(lab.Device).On(Bench.Lan), leave,
                    atOnce: true);
                await lab.PassLastMemberQueryTime();
            }),
        new RouterTest(
            "group-query-suppresses-when-answered", ["V3-R-6.6.3.1-03"],
            "When a member has answered, the Group-Specific Query is still sent again, with the S flag set.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves, another answers after the first query");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Asked(lab.G1, leave);
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryInterval / 2);
                var answer = await lab.Host2.Report(IsExclude(lab.G1));
                lab.Expect(
                    Query(lab.G1).WithSuppression().From(lab.Device).On(Bench.Lan), leave, after: lab.Timing.LastMemberQueryInterval,
                    times: lab.Timing.LastMemberQueryCount - 1, every: lab.Timing.LastMemberQueryInterval);
                lab.ExpectNone(QueriesAbout(lab.G1).WithoutSuppression().From(lab.Device).On(Bench.Lan), answer);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G1, Exclude(), TimerLeft.Gmi(null, lab.Timing, answer));
            }) { Timing = ThreeTimes, Unfit = Once },
        new RouterTest(
            "source-queries-at-once-and-again", ["V3-R-6.6.3.2-01"],
            "A block lowers the timers of its sources to the Last Member Query Time and of no others, and they are asked about at once and "
                + "every Last Member Query Interval.",
            async lab =>
            {
                await lab.StartQuerier();
                var brought = await lab.Bring(lab.G1, Include(lab.S1, lab.S2, lab.S3));
                await lab.Pass(lab.Distinguishable);

                await lab.Step("A host blocks two of the three sources");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1, lab.S2));
                lab.ExpectQueries(Query(lab.G1, lab.S1, lab.S2).WithoutSuppression(), since: block);
                await lab.ExpectShown(
                    lab.G1, Include(lab.S1, lab.S2, lab.S3), TimerLeft.Of(lab.S1, lab.Timing.LastMemberQueryTime, block),
                    TimerLeft.Of(lab.S2, lab.Timing.LastMemberQueryTime, block),
                    TimerLeft.Gmi(lab.S3, lab.Timing, brought.Sources));
                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.G1, Include(lab.S3));
            }) { Timing = usual => ThreeTimes(LastingTest.Timers(usual)) },
        new RouterTest(
            "source-asked-about-again", ["V3-R-6.6.3.2-02"],
            "Reports whether a source that is about to end is asked about once more when it is blocked again.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2));

                await lab.Step("A host blocks a source, and again after half an interval");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
                await lab.Asked(lab.G1, block);
                await lab.PassUntil(block, lab.Timing.LastMemberQueryInterval / 2);
                var again = await lab.Host1.Report(Block(lab.G1, lab.S1));
                var asks = await lab.Seen(
                    QueryAbout(lab.G1, lab.S1).From(lab.Device), again, (lab.Timing.LastMemberQueryInterval / 2) - (2 * lab.Tolerance));
                lab.Observe(asks is null ? "does not start asking anew" : "asks anew at once");
            }) { Timing = usual => usual with { LastMemberQueryInterval = 2 * usual.LastMemberQueryInterval } },
        new RouterTest(
            "source-queries-are-split-when-answered", ["V3-R-6.6.3.2-03"],
            "Sources that somebody has answered for and others that nobody has are asked about in two messages: S set and S clear.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2));

                await lab.Step("A host blocks two sources, another answers for one after the first query");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1, lab.S2));
                lab.Expect(Query(lab.G1, lab.S1, lab.S2).WithoutSuppression().From(lab.Device).On(Bench.Lan), block);
                await lab.Asked(lab.G1, block);
                await lab.PassUntil(block, lab.Timing.LastMemberQueryInterval / 2);
                var answer = await lab.Host2.Report(IsInclude(lab.G1, lab.S1));
                lab.ExpectLater(Query(lab.G1, lab.S1).WithSuppression(), block);
                lab.ExpectLater(Query(lab.G1, lab.S2).WithoutSuppression(), block);
                lab.ExpectNone(QueryAbout(lab.G1, lab.S1).WithoutSuppression().From(lab.Device).On(Bench.Lan), answer);
                lab.ExpectNone(QueryAbout(lab.G1, lab.S2).WithSuppression().From(lab.Device).On(Bench.Lan), answer);
                await lab.PassUntil(block, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                await lab.ExpectGroup(lab.G1, Include(lab.S1), TimerLeft.Gmi(lab.S1, lab.Timing, answer));
            }) { Timing = ThreeTimes, Unfit = Once },
        new RouterTest(
            "no-query-without-sources-by-accident", ["V3-R-6.6.3.2-04"],
            "Of the two messages the one without sources is not sent: it would be a Group-Specific Query.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2));

                await lab.Step("A host blocks all sources, another answers for both after the first query");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1, lab.S2));
                lab.Expect(QueryAbout(lab.G1, lab.S1).From(lab.Device).On(Bench.Lan), block);
                lab.Expect(QueryAbout(lab.G1, lab.S2).From(lab.Device).On(Bench.Lan), block);
                lab.ExpectNone(Query(lab.G1).From(lab.Device).On(Bench.Lan), block, atOnce: true);
                await lab.PassUntil(block, lab.Timing.LastMemberQueryInterval / 2);
                await lab.Host2.Report(IsInclude(lab.G1, lab.S1, lab.S2));
                await lab.PassLastMemberQueryTime();
            }) { Timing = ThreeTimes },
        new RouterTest(
            "source-query-beside-group-query", ["V3-R-6.6.3.2-05"],
            "Reports whether a source that somebody has answered for is asked about in a message of its own when the group is asked about "
                + "at the same time.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude([lab.S1, lab.S2]));

                await lab.Step("A host leaves but for one source, another answers for the other source");
                var leave = await lab.Host1.Report(ToInclude(lab.G1, lab.S2));
                await lab.Asked(lab.G1, leave);
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryInterval / 2);
                var answer = await lab.Host2.Report(IsInclude(lab.G1, lab.S1));
                await lab.PassLastMemberQueryTime();
                var asked = lab.Count(QueryAbout(lab.G1, lab.S1).From(lab.Device).On(Bench.Lan), answer);
                lab.Observe(asked > 0 ? "sends both queries" : "omits the Group-and-Source-Specific Query");
            }) { Timing = ThreeTimes },
        new RouterTest(
            "queries-are-counted-per-source", ["V3-R-6.6.3.2-06"],
            "Two sources that are blocked one after the other are asked about Last Member Query Count times each.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2, lab.S3));

                await lab.Step("A host blocks a source, and another after one and a half intervals");
                var first = await lab.Host1.Report(Block(lab.G1, lab.S1));
                await lab.Asked(lab.G1, first);
                await lab.PassUntil(first, lab.Timing.LastMemberQueryInterval * 1.5);
                var second = await lab.Host1.Report(Block(lab.G1, lab.S2));
                await lab.PassUntil(second, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                ExpectAskedFor(lab, lab.S1, first);
                ExpectAskedFor(lab, lab.S2, second);
            }) { Timing = ThreeTimes },
        new RouterTest(
            "queries-are-merged", ["V3-R-6.4.2-08"],
            "A second block while the first is still asked about adds its source to the queries and takes nothing from them.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2, lab.S3));

                await lab.Step("A host blocks a source, and another after half an interval");
                var first = await lab.Host1.Report(Block(lab.G1, lab.S1));
                await lab.Asked(lab.G1, first);
                await lab.PassUntil(first, lab.Timing.LastMemberQueryInterval / 2);
                var second = await lab.Host1.Report(Block(lab.G1, lab.S2));
                // The next query of the first series may be the second about this one.
                lab.ExpectSome(QueryAbout(lab.G1, lab.S2).From(lab.Device).On(Bench.Lan), second, within: lab.Tolerance);
                await lab.PassUntil(second, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                ExpectAskedFor(lab, lab.S1, first);
                ExpectAskedFor(lab, lab.S2, second);
                await lab.ExpectGroup(lab.G1, Include(lab.S3));
            }) { Timing = usual => ThreeTimes(LastingTest.Timers(usual)) },
        new RouterTest(
            "deleted-source-is-not-asked-about", ["V3-R-6.6.3.2-07"],
            "A source that is deleted while it is asked about is not asked about again.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude([lab.S1]));

                await lab.Step("A host blocks the source, and a report that does not name it deletes it");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
                await lab.Asked(lab.G1, block);
                await lab.PassUntil(block, lab.Timing.LastMemberQueryInterval / 2);
                var report = await lab.Host2.Report(IsExclude(lab.G1));
                lab.ExpectNone(QueryAbout(lab.G1, lab.S1).From(lab.Device).On(Bench.Lan), report);
                await lab.PassLastMemberQueryTime();
            }) { Timing = usual => usual with { LastMemberQueryCount = 5 } },
        .. ((string[])["0.5", "1", "2", "20"]).Select(Announced),
        .. ((int[])[2, 3]).Select(CountFollowsRobustness),
    ];

    private static Timing ThreeTimes(Timing usual) => usual with { LastMemberQueryCount = 3 };

    private static string? Once(ExpectedTiming timing) => timing.LastMemberQueryCount > 1 ? null : "the Last Member Query Count is 1";

    /// <summary>Expects the queries of a series after the first.</summary>
    private static void ExpectLater(this RouterBench lab, FramePattern query, Moment since) =>
        lab.Expect(
            query.From(lab.Device).On(Bench.Lan), since, after: lab.Timing.LastMemberQueryInterval,
            times: lab.Timing.LastMemberQueryCount - 1, every: lab.Timing.LastMemberQueryInterval);

    /// <summary>Expects a source to be asked about as often as it must be, in messages of its own or together with others.</summary>
    private static void ExpectAskedFor(RouterBench lab, Address source, Moment since) =>
        lab.ExpectTimes(lab.Timing.LastMemberQueryCount, QueryAbout(lab.G1, source).From(lab.Device).On(Bench.Lan), since);

    private static RouterTest Announced(string seconds)
    {
        var interval = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        return new RouterTest(
            $"lmqi-of-{seconds.Replace('.', '-')}s-is-announced", ["V3-R-8.8-01"],
            $"Group-Specific and Group-and-Source-Specific Queries announce a Last Member Query Interval of {seconds} s.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                await lab.Bring(lab.G2, Include(lab.S1));

                await lab.Step("A host leaves the one group, and blocks the source of the other");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                var block = await lab.Host1.Report(Block(lab.G2, lab.S1));
                foreach (var (query, since) in ((FramePattern, Moment)[])[(Query(lab.G1), leave), (Query(lab.G2, lab.S1), block)])
                {
                    await lab.Asked(since == leave ? lab.G1 : lab.G2, since);
                    lab.ExpectTimes(
                        Times.AtLeastOnce,
                        query.Where($"with a Max Response Time of {seconds} s", frame => frame.Query!.MaxResponseTime == interval)
                            .From(lab.Device).On(Bench.Lan),
                        since);
                    lab.ExpectTimes(
                        0, query.Where("with another one", frame => frame.Query!.MaxResponseTime != interval).From(lab.Device), since);
                }
            })
        {
            // A source that ends within the Last Member Query Time by itself is not asked about.
            Timing = usual => usual with { LastMemberQueryInterval = interval, QueryInterval = usual.QueryInterval + (2 * interval) },
            Unfit = timing =>
                timing.LastMemberQueryInterval == interval ? null
                : $"the Last Member Query Interval is {timing.LastMemberQueryInterval.InWords()} and not {interval.InWords()}",
        };
    }

    private static RouterTest CountFollowsRobustness(int robustness) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"lmqc-follows-rv-{robustness}"), ["V3-R-8.9-01"],
            string.Create(
                CultureInfo.InvariantCulture,
                $"Where it is not set, the Last Member Query Count is the Robustness Variable: a leave is asked about {robustness} times."),
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves, and nobody answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Pass((robustness + 1) * lab.Timing.LastMemberQueryInterval);
                lab.ExpectTimes(robustness, Query(lab.G1).From(lab.Device).On(Bench.Lan), leave);
            })
        {
            Timing = usual => usual with { RobustnessVariable = robustness },
            Unset = ["LAST_MEMBER_QUERY_COUNT"],
            Unfit = timing =>
                timing.RobustnessVariable == robustness ? null
                : string.Create(
                    CultureInfo.InvariantCulture, $"the Robustness Variable is {timing.RobustnessVariable} and not {robustness}"),
        };
}
