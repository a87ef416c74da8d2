using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>Queries that reach a host while an answer is pending (RFC 9776 §5.2, rules 1 to 5).</summary>
internal static class PendingAnswerTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new HostTest(
            "pending-general-answer-serves-group-queries", ["V3-H-5.2-04"],
            "While the answer to a General Query is pending and due earlier, a Group-Specific Query has no answer of its own.",
            PlayRule1),
        new HostTest(
            "pending-general-answer-delays-no-group-query", ["V3-H-5.2-04"],
            "While the answer to a General Query is pending and due later, a Group-Specific Query is answered within its own time.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("The querier asks for all groups, granting a long time, and then for the group");
                var first = lab.General(8 * lab.ResponseTime);
                var (_, asked) = await lab.AskAnd(first, () => lab.Querier.Query(lab.Specific(lab.G1)), first.MaxResponseTime);
                lab.ExpectAnswered(lab.G1, asked);
            }),
        new HostTest(
            "later-general-query-changes-nothing", ["V3-H-5.2-04"],
            "While the answer to a General Query is pending and due earlier, another one neither delays it nor has an answer of its own.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("The querier grants a short time, and then a long one");
                var (first, second) = (lab.General(), lab.General(8 * lab.ResponseTime));
                var (asked, _) = await lab.AskAnd(first, () => lab.Querier.Query(second), second.MaxResponseTime);
                lab.ExpectOneAnswer(IsExclude(lab.G1), asked, first.MaxResponseTime, lasting: second.MaxResponseTime);
            }),
        new HostTest(
            "sooner-general-answer-takes-over", ["V3-H-5.2-05"],
            "A General Query whose answer is due earlier than the pending one takes its place: both have one answer.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("The querier grants a long time, and then a short one");
                var (first, second) = (lab.General(4 * lab.ResponseTime), lab.General(lab.ResponseTime / 2));
                var (_, asked) = await lab.AskAnd(first, () => lab.Querier.Query(second), first.MaxResponseTime);
                lab.ExpectOneAnswer(IsExclude(lab.G1), asked, second.MaxResponseTime, lasting: first.MaxResponseTime);
            }),
        Merged(
            "group-query-after-source-query", ["V3-H-5.2-08"],
            "A Group-Specific Query that comes while an answer about sources is pending makes it one about the whole group, due at the "
                + "earlier of both times.",
            lab => lab.Specific(lab.G1, lab.S1), lab => lab.Specific(lab.G1),
            lab => IsInclude(lab.G1, lab.S1, lab.S2, lab.S3)),
        Merged(
            "source-query-after-group-query", ["V3-H-5.2-09"],
            "A query for sources that comes while an answer about the whole group is pending does not narrow it.",
            lab => lab.Specific(lab.G1), lab => lab.Specific(lab.G1, lab.S1),
            lab => IsInclude(lab.G1, lab.S1, lab.S2, lab.S3)),
        Merged(
            "source-query-after-source-query", ["V3-H-5.2-10"],
            "A query for sources that comes while an answer about other sources is pending adds its own to it.",
            lab => lab.Specific(lab.G1, lab.S1), lab => lab.Specific(lab.G1, lab.S2), lab => IsInclude(lab.G1, lab.S1, lab.S2)),
        Merged(
            "group-query-after-group-query", ["V3-H-5.2-11"],
            "Two queries for a group are answered together, at the earlier of both times.",
            lab => lab.Specific(lab.G1), lab => lab.Specific(lab.G1), lab => IsInclude(lab.G1, lab.S1, lab.S2, lab.S3)),
        Merged(
            "other-source-query-after-source-query", ["V3-H-5.2-10"],
            "A query for sources that are not included does not make a pending answer about sources one about the whole group.",
            lab => lab.Specific(lab.G1, lab.S1), lab => lab.Specific(lab.G1, lab.S(9)), lab => IsInclude(lab.G1, lab.S1)),
        new HostTest(
            "recorded-sources-are-forgotten", ["V3-H-5.2-19"],
            "Once a query for sources is answered, its sources play no role for the next answer.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.G1, lab.S1, lab.S2, lab.S3));
                (QueryContent Query, RecordContent Answer)[] rounds =
                [
                    (lab.Specific(lab.G1, lab.S1), IsInclude(lab.G1, lab.S1)),
                    (lab.Specific(lab.G1, lab.S3), IsInclude(lab.G1, lab.S3)),
                    (lab.Specific(lab.G1), IsInclude(lab.G1, lab.S1, lab.S2, lab.S3)),
                    (lab.Specific(lab.G1, lab.S2), IsInclude(lab.G1, lab.S2)),
                ];
                foreach (var (query, answer) in rounds)
                {
                    await lab.Step("The querier asks");
                    var asked = await lab.Querier.Query(query);
                    lab.ExpectRecord(answer, asked);
                }
            }),
        new HostTest(
            "general-answer-and-recorded-sources", ["V3-H-5.2-20"],
            "What becomes of a pending answer about sources when a General Query is answered first.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.G1, lab.S1, lab.S2));

                await lab.Step("The querier asks for a source, granting a long time, and then for all groups");
                var (first, second) = (lab.Specific(lab.G1, lab.S1) with { MaxResponseTime = 4 * lab.ResponseTime }, lab.General());
                var (_, asked) = await lab.AskAnd(first, () => lab.Querier.Query(second), first.MaxResponseTime);
                await lab.Pass(first.MaxResponseTime + lab.Tolerance);
                var all = Carrying(IsInclude(lab.G1, lab.S1, lab.S2)).From(lab.Device);
                if (lab.First(all, asked) is not { } general || general.At > asked.At + second.MaxResponseTime + lab.Tolerance)
                {
                    // That is wrong, by a test of its own.
                    lab.Observe("does not name all sources of the group in its answer to the General Query");
                    return;
                }

                var later = lab.First(CurrentState(lab.G1).From(lab.Device), new Moment(general.At + TimeSpan.FromTicks(1), "then"));
                lab.Observe(
                    later is null ? "sends nothing more of the group once the General Query is answered"
                    : all.Matches(later) ? "reports the whole group again when the answer about sources is due"
                    : "still answers about the sources");
            }),
        new HostTest(
            "general-answer-is-whole-beside-source-answers", ["V3-H-5.2-12"],
            "The answer to a General Query names all sources of a group, even while an answer about some of them is pending.",
            async lab =>
            {
                // Each answer about sources is due within the General Query's time with a probability of an eighth.
                var groups = Enumerable.Range(1, 4).Select(lab.G).ToList();
                await lab.StartWith([.. groups.Select(each => IsInclude(each, lab.S1, lab.S2))]);

                await lab.Step("The querier asks for a source of each group, granting a long time, and then for all groups");
                var longer = 8 * lab.ResponseTime;
                var (_, asked) = await lab.AskAnd(
                    lab.Specific(groups[0], lab.S1) with { MaxResponseTime = longer },
                    async () =>
                    {
                        foreach (var group in groups.Skip(1))
                            await lab.Querier.Query(lab.Specific(group, lab.S1) with { MaxResponseTime = longer });
                        return await lab.Querier.Query(lab.General());
                    },
                    longer);
                foreach (var group in groups)
                    lab.ExpectSome(Carrying(IsInclude(group, lab.S1, lab.S2)).From(lab.Device), asked, lab.ResponseTime);
            }),
        new HostTest(
            "reports-of-others-do-not-suppress", ["V3-H-5.2-22"],
            "A report of another host does not take the place of a host's own answer.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);

                await lab.Step("The querier asks for all groups, and another host is the first to answer");
                var (asked, _) = await lab.AskAnd(lab.General(), () => lab.Host1.Report(IsExclude(lab.G1)), lab.ResponseTime);
                lab.ExpectAnswered(lab.G1, asked);
            }),
        new HostTest(
            "answers-do-not-use-up-repetitions", ["V3-H-5.2-23"],
            "A query that is answered while a change is still being repeated costs no repetition.",
            async lab =>
            {
                await lab.Start();
                var joins = ToExclude(lab.G1);
                var join = await lab.Device.Join(lab.G1);
                if (await lab.Seen(Carrying(joins).From(lab.Device), join, TimeSpan.Zero) is null)
                    throw Bench.CannotBegin("The device does not report that it joins");
                // The answer is likely to come before the repetitions.
                var query = lab.General(100.Milliseconds());
                var asked = await lab.Querier.Query(query);
                lab.Expect(
                    Carrying(joins).From(lab.Device), join, times: lab.Timing.RobustnessVariable,
                    every: Spacing.UpTo(lab.Timing.UnsolicitedReportInterval));
                lab.ExpectSome(CurrentState(lab.G1).From(lab.Device), asked, query.MaxResponseTime);
            })
        {
            Timing = usual => usual with { RobustnessVariable = 3 },
            Unfit = timing => timing.RobustnessVariable < 2 ? "the Robustness Variable is 1: nothing is repeated" : null,
        },
    ];

    /// <summary>
    /// Two queries about INCLUDE(S1, S2, S3), the second one granting four times as long: one answer, within the time of the first.
    /// </summary>
    private static HostTest Merged(
        string name, string[] requirements, string purpose, Func<HostBench, QueryContent> first, Func<HostBench, QueryContent> second,
        Func<HostBench, RecordContent> answer) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.G1, lab.S1, lab.S2, lab.S3));

                await lab.Step("The querier asks twice");
                var longer = second(lab) with { MaxResponseTime = 4 * lab.ResponseTime };
                var (asked, _) = await lab.AskAnd(first(lab), () => lab.Querier.Query(longer), longer.MaxResponseTime);
                lab.ExpectOneAnswer(answer(lab), asked, lab.ResponseTime, lasting: longer.MaxResponseTime);
            });

    /// <summary>
    /// A General Query, and then one for each of many groups that grants four times as long. A device whose General answer is to be early
    /// enough answers some group on its own with a probability of a quarter at most, independently of the others.
    /// </summary>
    private static async Task PlayRule1(HostBench lab)
    {
        const int count = 16;
        const int factor = 4;
        var groups = lab.Plan.ManyGroups(count);
        await lab.StartWith([.. groups.Select(each => IsExclude(each))]);
        await lab.RequireAnswer(groups[0]);

        await lab.Step("The querier asks for all groups, and then for each of them, granting a longer time");
        var longer = factor * lab.ResponseTime;
        var (asked, _) = await lab.AskAnd(
            lab.General(),
            async () =>
            {
                var last = lab.Now;
                foreach (var group in groups)
                    last = await lab.Querier.Query(lab.Specific(group) with { MaxResponseTime = longer });
                return last;
            },
            longer);
        lab.ExpectTogether(
            AnyAnswer().From(lab.Device), asked, longer, "is about each group, and about most of them once",
            frames =>
            {
                var told = groups.Select(group => frames.Count(frame => CurrentState(group).Matches(frame))).ToList();
                var (none, twice) = (told.Count(each => each == 0), told.Count(each => each > 1));
                return none > 0 ? FormattableString.Invariant($"{none} of {count} groups were not reported")
                    : twice > Chance.MostOf(count, 1.0 / factor) ? FormattableString.Invariant($"{twice} of {count} were reported twice")
                    : null;
            });
    }
}
