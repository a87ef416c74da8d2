using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>Which version a host speaks once it has heard an older querier (RFC 9776 §7.1, §7.2.1, §8.12).</summary>
internal static class OlderQuerierTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        JoinsAs(
            "older-querier-makes-joins-version-2", ["V3-X-7.2.1-03", "V3-X-7.2.1-01", "V3-M-4-07"], Generation.Leaves,
            "After a General Query of version 2 a host joins by reports of version 2."),
        JoinsAs(
            "oldest-querier-makes-joins-version-1", ["V3-X-7.2.1-02", "V3-X-7.2.1-01", "V3-M-4-07"], Generation.Reports,
            "After a query of version 1 a host joins by reports of version 1."),
        AnswersAs(
            "older-query-is-answered-in-version-2", ["V3-X-7.2.1-07", "V3-X-7.1-02"], Generation.Leaves,
            "A query of 8 bytes with a Max Resp Code is of version 2, and the answers to this very query are so too."),
        AnswersAs(
            "oldest-query-is-answered-in-version-1", ["V3-X-7.1-01"], Generation.Reports,
            "A query of 8 bytes with a Max Resp Code of 0 is of version 1, and answered in it."),
        AnswersAs(
            "oldest-query-needs-no-router-alert", ["V3-X-9.1-01"], Generation.Reports,
            "A query of version 1 has no Router Alert, and is accepted without.", withoutRouterAlert: true),
        new HostTest(
            "older-group-query-changes-no-mode", ["V3-X-7.2.1-04"],
            "A Group-Specific Query of version 2 changes no mode: it is answered in version 3, and later joins are reported in it.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("An older querier asks for the group");
                var asked = await lab.Querier.Query(lab.OlderSpecific(lab.G1));
                lab.ExpectNoneAfter(AnyOlderMessage(), asked);
                lab.ExpectAnswered(lab.G1, asked);
                await lab.Pass(lab.ResponseTime);

                await lab.Step("Another group is joined");
                var join = await lab.Device.Join(lab.G2);
                lab.ExpectSome(ReportOf(lab.G2).From(lab.Device), join, TimeSpan.Zero);
                lab.ExpectNoneFrom(AnyOlderMessage(), join);
                await lab.PassRepetitions();
            }),
        Both(
            "oldest-querier-wins-when-it-comes-last", Generation.Leaves, Generation.Reports,
            "A query of version 1 makes a host of version 1 also when it has heard one of version 2 before."),
        Both(
            "oldest-querier-wins-when-it-comes-first", Generation.Reports, Generation.Leaves,
            "While it has to do with a querier of version 1 a host stays of version 1, whatever queries of version 2 it hears."),
        new HostTest(
            "current-query-does-not-end-older-mode", ["V3-X-7.2.1-06"],
            "A query of version 3 does not end the mode that one of version 2 has put a host into: it is answered in version 2.",
            async lab =>
            {
                await lab.StartOlder(Generation.Leaves, IsExclude(lab.G1));

                await lab.Step("A querier of the current version asks");
                var asked = await lab.Querier.Query(lab.General());
                lab.ExpectOlderAnswered(Generation.Leaves, lab.G1, asked);
                lab.ExpectNoneAfter(AnyReport(), asked);
            }),
        new HostTest(
            "mode-change-cancels-what-is-pending", ["V3-X-7.2.1-08"],
            "When an older query changes the mode of a host, answers and repetitions of version 3 that are pending are not sent any more.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("An answer and repetitions are pending when an older querier asks");
                var join = await lab.Device.Join(lab.G2);
                if (await lab.Seen(Naming(lab.G2).From(lab.Device), join, TimeSpan.Zero) is null)
                    throw Bench.CannotBegin("The device does not report that it joins");
                var longer = lab.General(8 * lab.ResponseTime);
                var asked = await lab.Querier.Query(longer);
                var older = await lab.Querier.Query(lab.OlderGeneral(Generation.Leaves));
                if (lab.First(AnyAnswer().From(lab.Device), asked) is { } answer && answer.At < older.At)
                    throw Bench.CannotBegin("The device has answered before the older querier asks");
                lab.ExpectNoneSoonAfter(AnyReport(), older);
                lab.ExpectOlderAnswered(Generation.Leaves, lab.G1, older);
                lab.ExpectOlderAnswered(Generation.Leaves, lab.G2, older);
                await lab.Pass(longer.MaxResponseTime);
            })
        {
            Timing = usual => usual with { RobustnessVariable = 3 },
            Unfit = timing => timing.RobustnessVariable < 2 ? "the Robustness Variable is 1: nothing is repeated" : null,
        },
        new HostTest(
            "oldest-query-grants-10-s", ["V3-X-7.2.1-09"],
            "A query of version 1 grants 10 s to answer.",
            lab => PlayDelays(lab, Generation.Reports, 10.Seconds(), groups: 8)),
        new HostTest(
            "older-max-resp-code-is-linear", ["V3-X-7.2.1-10"],
            "The Max Resp Code of a version 2 query is a plain number up to 255, which grants 25.5 s.",
            // With so many groups the longest delay is above 12.8 s, which a floating-point code could not be mistaken for.
            lab => PlayDelays(lab, Generation.Leaves, 25500.Milliseconds(), groups: 28)),
        new HostTest(
            "older-mode-can-be-switched-off", ["V3-X-7.2.1-14"],
            "With the option for it a host speaks version 3 whatever queriers it hears.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));

                await lab.Step("An older querier asks");
                var asked = await lab.Querier.Query(lab.OlderGeneral(Generation.Leaves));
                var answer = await lab.Seen(AnyAnswer().From(lab.Device), asked, lab.ResponseTime);
                lab.Observe(
                    answer is null ? "does not answer an older querier with the option"
                    : answer.Report is not null ? "speaks version 3 to an older querier with the option"
                    : "follows an older querier in spite of the option");
            }) { Options = ["ignore-older-queriers"] },
        .. ((int[])[10, 2]).Select(seconds => new HostTest(
            FormattableString.Invariant($"older-querier-is-remembered-{seconds}"), ["V3-H-8.12-01"],
            FormattableString.Invariant(
                $"One older query that grants {seconds} s is remembered for the Older Version Querier Present Interval."),
            async lab =>
            {
                var query = lab.OlderGeneral(Generation.Leaves, seconds.Seconds());
                var (least, most) = lab.OlderQuerierPresentInterval(query.MaxResponseTime);
                lab.Afford(most);
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);

                await lab.Step("An older querier asks for the last time");
                var last = await lab.Querier.Query(query);
                await lab.Pass(least - 2.Seconds());
                var join = await lab.Device.Join(lab.G2);
                lab.ExpectSome(OlderReport(Generation.Leaves, lab.G2).From(lab.Device), join, TimeSpan.Zero);
                lab.ExpectNoneSoonAfter(AnyReport(), last);
                await lab.Pass(lab.Tolerance);

                await lab.Step("It is forgotten");
                await lab.Pass(last.At + most + 1.Seconds() - lab.Now.At);
                var asked = await lab.Querier.Query(lab.General());
                lab.ExpectAnswered(lab.G1, asked);
            })),
        new HostTest(
            "current-version-returns", ["V3-X-7.2.1-12"],
            "When no older querier is left a host reports its changes and answers in version 3 again.",
            async lab =>
            {
                var (_, most) = lab.OlderQuerierPresentInterval(lab.ResponseTime);
                lab.Afford(most);
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);
                await lab.Settle(Generation.Leaves, IsExclude(lab.G1));

                await lab.Step("The older querier is silent");
                await lab.Pass(most + lab.Tolerance);

                await lab.Step("A querier of the current version asks, and another group is joined");
                var asked = await lab.Querier.Query(lab.General());
                var join = await lab.Device.Join(lab.G2);
                lab.ExpectNoneAfter(AnyOlderMessage(), asked);
                lab.ExpectAnswered(lab.G1, asked);
                lab.ExpectSome(ReportOf(lab.G2).From(lab.Device), join, TimeSpan.Zero);
            }),
        new HostTest(
            "versions-return-one-after-the-other", ["V3-X-7.2.1-05"],
            "When a querier of version 1 is forgotten and one of version 2 is not, a host is of version 2, and of version 3 when that is "
                + "forgotten too.",
            async lab =>
            {
                // Both intervals by the tester's queries, the one of version 2 repeated while that of version 1 runs.
                var (least, most) = lab.OlderQuerierPresentInterval(10.Seconds());
                lab.Afford(2 * most);
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);

                await lab.Step("A querier of version 1 asks, and later one of version 2");
                await lab.Querier.Query(lab.OlderGeneral(Generation.Reports));
                await lab.Pass(least / 2);
                var last = await lab.OtherRouter.Query(lab.OlderGeneral(Generation.Leaves, 10.Seconds()));
                lab.ExpectOlderAnswered(Generation.Reports, lab.G1, last, 10.Seconds());
                await lab.Pass(10.Seconds() + lab.Tolerance);

                await lab.Step("The querier of version 1 is forgotten");
                await lab.Pass(most - (least / 2));
                var second = await lab.Querier.Query(lab.General());
                lab.ExpectOlderAnswered(Generation.Leaves, lab.G1, second);
                await lab.Pass(lab.ResponseTime + lab.Tolerance);

                await lab.Step("So is the one of version 2");
                await lab.Pass(last.At + most + 1.Seconds() - lab.Now.At);
                var third = await lab.Querier.Query(lab.General());
                lab.ExpectAnswered(lab.G1, third);
            }),
    ];

    private static HostTest JoinsAs(string name, string[] requirements, Generation generation, string purpose) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.Start();

                await lab.Step("An older querier asks, and then a group is joined");
                var older = await lab.Querier.Query(lab.OlderGeneral(generation));
                await lab.Pass(lab.Tolerance);
                var join = await lab.Device.Join(lab.G2);
                lab.ExpectSome(OlderReport(generation, lab.G2).From(lab.Device), join, TimeSpan.Zero);
                lab.ExpectNoneAfter(AnyReport(), older);
                await lab.Pass(lab.Timing.UnsolicitedReportInterval);
            });

    private static HostTest AnswersAs(
        string name, string[] requirements, Generation generation, string purpose, bool withoutRouterAlert = false) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                Address[] groups = [lab.G1, lab.G2, lab.G(3)];
                await lab.StartWith(IsExclude(lab.G1), IsExclude(lab.G2, lab.S1), IsInclude(lab.G(3), lab.S1));

                await lab.Step("An older querier asks for all groups");
                var query = lab.OlderGeneral(generation);
                var asked = await lab.Querier.Query(query, packet => withoutRouterAlert ? packet.WithoutRouterAlert() : packet);
                foreach (var group in groups)
                    lab.ExpectOlderAnswered(generation, group, asked, query.MaxResponseTime);
                lab.ExpectNoneAfter(AnyReport(), asked);
            });

    /// <summary>Two older queriers, of which that of version 1 counts.</summary>
    private static HostTest Both(string name, Generation first, Generation second, string purpose) =>
        new(
            name, ["V3-X-7.2.1-05"], purpose,
            async lab =>
            {
                await lab.Start();

                await lab.Step("Queriers of versions 1 and 2 ask, and then a group is joined");
                await lab.Querier.Query(lab.OlderGeneral(first));
                await lab.OtherRouter.Query(lab.OlderGeneral(second));
                await lab.Pass(lab.Tolerance);
                var join = await lab.Device.Join(lab.G2);
                lab.ExpectSome(OlderReport(Generation.Reports, lab.G2).From(lab.Device), join, TimeSpan.Zero);
                lab.ExpectNoneFrom(OlderReport(Generation.Leaves, lab.G2), join);
                lab.ExpectNoneFrom(AnyReport(), join);
                await lab.Pass(2 * lab.Tolerance);
            });

    /// <summary>Each of many groups is answered for at a time of its own, so that one query shows many delays.</summary>
    private static async Task PlayDelays(HostBench lab, Generation generation, TimeSpan granted, int groups)
    {
        lab.Afford(granted);
        var joined = lab.Plan.ManyGroups(groups);
        await lab.StartWith([.. joined.Select(each => IsExclude(each))]);

        await lab.Step("An older querier asks for all groups");
        var asked = await lab.Querier.Query(lab.OlderGeneral(generation, granted));
        var answers = joined.Select(group => OlderReport(generation, group).From(lab.Device)).ToList();
        foreach (var answer in answers)
        {
            var left = asked.At + granted - lab.Now.At;
            await lab.Seen(answer, asked, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        lab.ExpectDelays(
            [.. answers.Select(answer => (asked, answer))], granted, "evenly distributed",
            (delays, tolerance) => Chance.NotUniform(delays, granted, tolerance));
    }
}
