using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>Leaves, and what is asked before a group or a source ends (RFC 9776 §6.4.2, §6.6.3).</summary>
internal static class LeaveTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "leave-ends-group-after-lmqt", ["V3-R-8.10-01", "V3-R-6.4.2-04"],
            "While a leave is asked about the group is forwarded; it ends one Last Member Query Time after the leave.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                var stream = await lab.Stream(lab.S1, lab.G1, lasting: 3.Seconds() + (2 * t.LastMemberQueryTime));
                await lab.Pass(1.Seconds());
                var join = await lab.Host1.Report(ToExclude(lab.G1));
                lab.Expect(stream.On(Bench.Lan).Starts(within: 1.Seconds(), of: join));
                await lab.Pass(1.Seconds());

                await lab.Step("The host leaves, and nobody answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                lab.ExpectQueries(Query(lab.G1), since: leave);
                lab.Expect(stream.On(Bench.Lan).Stops(after: t.LastMemberQueryTime, of: leave));
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G1, None);
            }) { Options = ["forward"] },
        new RouterTest(
            "leave-asked-lmqc-times", ["V3-R-6.4.2-05", "V3-R-6.6.3.1-01"],
            "A leave is asked about Last Member Query Count times, one Last Member Query Interval apart, the first time at once.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves, and nobody answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                lab.ExpectQueries(Query(lab.G1).WithoutSuppression(), since: leave);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.G1, None);
            }) { Timing = usual => usual with { LastMemberQueryCount = 3 } },
    ];
}
