using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>What a host answers to a query (RFC 9776 §5.2).</summary>
internal static class AnswerTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new HostTest(
            "general-query-is-answered-for-each-group", ["V3-H-5.2-12"],
            "A General Query is answered within its Max Response Time with mode and sources of each group.",
            async lab =>
            {
                RecordContent[] states =
                    [IsExclude(lab.G1), IsExclude(lab.G2, lab.S1), IsInclude(lab.G(3), lab.S1, lab.S2)];
                await lab.StartWith(states);

                await lab.Step("The querier asks for all groups");
                var asked = await lab.Querier.Query(lab.General());
                foreach (var state in states)
                    lab.ExpectRecord(state, asked);
            }),
        Answered(
            "group-query-is-answered-for-that-group-only", ["V3-H-5.2-06"],
            "A Group-Specific Query is answered by one report, and its one record is of that group.",
            lab => [IsExclude(lab.G1), IsExclude(lab.G2)], lab => lab.Specific(lab.G1), lab => IsExclude(lab.G1), alone: true),
        Answered(
            "group-query-is-answered-with-excluded-sources", ["V3-H-5.2-14"],
            "The answer to a Group-Specific Query has the mode EXCLUDE and all sources that are excluded.",
            lab => [IsExclude(lab.G1), IsExclude(lab.G2, lab.S1)], lab => lab.Specific(lab.G2), lab => IsExclude(lab.G2, lab.S1)),
        Answered(
            "group-query-is-answered-with-included-sources", ["V3-H-5.2-14"],
            "The answer to a Group-Specific Query has the mode INCLUDE and all sources that are included.",
            lab => [IsInclude(lab.G1, lab.S1, lab.S2)], lab => lab.Specific(lab.G1), lab => IsInclude(lab.G1, lab.S1, lab.S2)),
        Answered(
            "source-query-is-answered-with-queried-sources", ["V3-H-5.2-07"],
            "The sources of a query are recorded until it is answered: the answer has those of them that are included, and no others.",
            lab => [IsInclude(lab.G1, lab.S1, lab.S2, lab.S3)], lab => lab.Specific(lab.G1, lab.S2, lab.S3, lab.S(4)),
            lab => IsInclude(lab.G1, lab.S2, lab.S3)),
        Answered(
            "source-query-in-include-mode", ["V3-H-5.2-15"],
            "In INCLUDE(A) a query for the sources B is answered by IS_IN(A*B).",
            lab => [IsInclude(lab.G1, lab.S1, lab.S2)], lab => lab.Specific(lab.G1, lab.S2, lab.S3), lab => IsInclude(lab.G1, lab.S2)),
        Answered(
            "source-query-in-exclude-mode", ["V3-H-5.2-16"],
            "In EXCLUDE(A) a query for the sources B is answered by IS_IN(B-A), not by a record of type IS_EX.",
            lab => [IsExclude(lab.G1, lab.S1)], lab => lab.Specific(lab.G1, lab.S1, lab.S2, lab.S3),
            lab => IsInclude(lab.G1, lab.S2, lab.S3)),
        Unanswered(
            "source-query-for-none-of-the-included", ["V3-H-5.2-17"],
            "In INCLUDE(A) a query for other sources than A is not answered, not by an empty record either.",
            lab => [IsInclude(lab.G1, lab.S1)], lab => lab.Specific(lab.G1, lab.S2), lab => lab.Specific(lab.G1, lab.S1)),
        Unanswered(
            "source-query-for-excluded-sources-only", ["V3-H-5.2-17"],
            "In EXCLUDE(A) a query for sources of A only is not answered.",
            lab => [IsExclude(lab.G1, lab.S1, lab.S2)], lab => lab.Specific(lab.G1, lab.S1), lab => lab.Specific(lab.G1, lab.S3)),
        Unanswered(
            "group-query-for-another-group", ["V3-H-5.2-03"],
            "A query for a group that is not listened to is not answered.",
            lab => [IsExclude(lab.G1)], lab => lab.Specific(lab.G9), lab => lab.Specific(lab.G1)),
        new HostTest(
            "general-query-without-groups", ["V3-H-5.2-03"],
            "A host that listens to nothing does not answer a General Query.",
            async lab =>
            {
                await lab.Start();

                await lab.Step("The querier asks for all groups, of which there are none");
                var query = await lab.Querier.Query(lab.General());
                // An appliance may have joined groups of itself.
                var bench = lab.Plan.Groups.ToHashSet();
                lab.ExpectNoneAfter(
                    AnyReport().Where(
                        "without a record or of a group that was not joined",
                        frame => frame.Report!.Records.Count == 0 || frame.Report.Records.Any(each => bench.Contains(each.Group))),
                    query);
                await lab.Pass(lab.ResponseTime + lab.Tolerance);

                await lab.Step("There is one now");
                await lab.Listen(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1);
            }),
        new HostTest(
            "source-specific-group-is-answered-for", ["V3-S-2.2-04"],
            "A Group-Specific Query of a group of the source-specific range is answered as any other.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.Ssm, lab.S1));

                await lab.Step("The querier asks for the group");
                var asked = await lab.Querier.Query(lab.Specific(lab.Ssm));
                lab.ExpectRecord(IsInclude(lab.Ssm, lab.S1), asked);
            }),
        new HostTest(
            "group-left-before-the-answer", ["V3-H-5.2-18"],
            "The answer tells the state at the time when it is sent: a group that was left meanwhile is not answered for.",
            async lab =>
            {
                await lab.StartWith(IsExclude(lab.G1));
                await lab.RequireAnswer(lab.G1, lab.Specific(lab.G1));

                await lab.Step("The querier asks for the group, which is left before the answer is due");
                var query = lab.Specific(lab.G1) with { MaxResponseTime = 4 * lab.ResponseTime };
                var (_, leave) = await lab.AskAnd(
                    query, () => lab.Device.Leave(lab.G1), query.MaxResponseTime, undo: () => lab.Listen(IsExclude(lab.G1)));
                var left = await lab.Seen(Naming(lab.G1).From(lab.Device), leave, lab.Timing.UnsolicitedReportInterval)
                    ?? throw Bench.CannotBegin("The device does not report that it leaves the group");
                lab.ExpectNoneAfter(CurrentState(lab.G1), new Moment(left.At, "the group is left"));
                await lab.Pass(query.MaxResponseTime + lab.Tolerance);
            }),
        new HostTest(
            "sources-changed-before-the-answer", ["V3-H-5.2-18"],
            "The answer tells the state at the time when it is sent: the sources as they have become meanwhile.",
            async lab =>
            {
                await lab.StartWith(IsInclude(lab.G1, lab.S1));

                await lab.Step("The querier asks for the group, whose source changes before the answer is due");
                var query = lab.Specific(lab.G1) with { MaxResponseTime = 4 * lab.ResponseTime };
                var (asked, _) = await lab.AskAnd(
                    query, () => lab.Device.Include(lab.G1, lab.S2), query.MaxResponseTime,
                    undo: () => lab.Listen(IsInclude(lab.G1, lab.S1)));
                lab.ExpectRecord(IsInclude(lab.G1, lab.S2), asked, query.MaxResponseTime);
            }),
        Answered(
            "group-query-with-suppression", ["V3-H-5.2-21"],
            "The S flag of a Group-Specific Query concerns routers only: hosts answer.",
            lab => [IsExclude(lab.G1)], lab => lab.Specific(lab.G1) with { SuppressRouterSideProcessing = true },
            lab => IsExclude(lab.G1)),
        Answered(
            "source-query-with-suppression", ["V3-H-5.2-21"],
            "The S flag of a Group-and-Source-Specific Query concerns routers only: hosts answer.",
            lab => [IsInclude(lab.G1, lab.S1, lab.S2)],
            lab => lab.Specific(lab.G1, lab.S1, lab.S2) with { SuppressRouterSideProcessing = true },
            lab => IsInclude(lab.G1, lab.S1, lab.S2)),
    ];

    /// <summary>Once the device listens, a query is answered by a record of its group.</summary>
    private static HostTest Answered(
        string name, string[] requirements, string purpose, Func<HostBench, RecordContent[]> states,
        Func<HostBench, QueryContent> query, Func<HostBench, RecordContent> answer, bool alone = false) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartWith(states(lab));

                await lab.Step("The querier asks");
                var asked = await lab.Querier.Query(query(lab));
                if (!alone)
                {
                    lab.ExpectRecord(answer(lab), asked);
                    return;
                }

                lab.ExpectOneAnswer(answer(lab), asked, lab.ResponseTime);
                lab.ExpectNoneAfter(AnyReport().Where("with any other record", frame => frame.Report!.Records.Count > 1), asked);
                foreach (var other in states(lab).Where(each => each.Group != answer(lab).Group))
                    lab.ExpectNoneAfter(Naming(other.Group), asked);
            });

    /// <summary>Once the device listens, one query is answered somehow, and another is not.</summary>
    private static HostTest Unanswered(
        string name, string[] requirements, string purpose, Func<HostBench, RecordContent[]> states,
        Func<HostBench, QueryContent> query, Func<HostBench, QueryContent> other) =>
        new(
            name, requirements, purpose,
            async lab =>
            {
                await lab.StartWith(states(lab));
                // How it is answered has tests of its own.
                await lab.RequireAnswer(lab.G1, other(lab));

                await lab.Step("The querier asks for what is not there");
                var asked = await lab.Querier.Query(query(lab));
                lab.ExpectNoneAfter(Naming(query(lab).Group), asked);
                await lab.Pass(lab.ResponseTime + lab.Tolerance);
            });
}
