using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>Leaves and blocks that nobody answers (RFC 9776 §6.4.2): what is asked, and when the group or the source ends.</summary>
internal static class LeaveTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        .. ((int[])[1, 2, 3, 5]).SelectMany(AskedSoManyTimes),
        new RouterTest(
            "leave-asked-no-more-often-when-answered", ["V3-R-6.4.2-05"],
            "A leave is asked about not more than Last Member Query Count times, when it is answered either.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves, another answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Asked(lab.G1, leave);
                await lab.Host2.Report(IsExclude(lab.G1));
                lab.ExpectTimes(
                    Times.Between(1, lab.Timing.LastMemberQueryCount), QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), leave);
                await lab.PassUntil(leave, (lab.Timing.LastMemberQueryCount + 1) * lab.Timing.LastMemberQueryInterval);
            }),
        new RouterTest(
            "leave-is-asked-about", ["V3-R-6.1-03"],
            "Before a group ends after a leave, the querier asks whether there are other members, and keeps the group meanwhile.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                lab.Expect(Query(lab.G1).From(lab.Device).On(Bench.Lan), leave);
                await lab.Settle();
                await lab.ExpectShown(lab.G1, Exclude());
            }),
        new RouterTest(
            "block-is-asked-about", ["V3-R-6.1-03"],
            "Before a source ends after a block, the querier asks whether somebody else wants it, and keeps it meanwhile.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2));

                await lab.Step("A host blocks a source");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
                lab.Expect(Query(lab.G1, lab.S1).From(lab.Device).On(Bench.Lan), block);
                await lab.Settle();
                await lab.ExpectShown(lab.G1, Include(lab.S1, lab.S2));
            }),
        new RouterTest(
            "leave-ends-group-after-lmqt", ["V3-R-8.10-01"],
            "A group that nobody wants any more ends the Last Member Query Time after the leave: LMQI × LMQC, neither an interval more nor "
                + "less.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves, and nobody answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Asked(lab.G1, leave);
                await lab.ExpectShown(lab.G1, Exclude(), TimerLeft.OfGroup(lab.Timing.LastMemberQueryTime, leave));
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                await lab.ExpectGroup(lab.G1, None);
            }) { Timing = usual => usual with { LastMemberQueryCount = 3 } },
        new RouterTest(
            "block-ends-source-after-lmqt", ["V3-R-8.10-01", "V3-R-6.4.2-51"],
            "A source that nobody wants any more is deleted in INCLUDE mode the Last Member Query Time after the block; the others stay.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2));

                await lab.Step("A host blocks a source, and nobody answers");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
                await lab.Asked(lab.G1, block);
                await lab.ExpectShown(
                    lab.G1, Include(lab.S1, lab.S2), TimerLeft.Of(lab.S1, lab.Timing.LastMemberQueryTime, block));
                await lab.PassUntil(block, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                await lab.ExpectGroup(lab.G1, Include(lab.S2));
            }) { Timing = usual => usual with { LastMemberQueryCount = 3 } },
        new RouterTest(
            "block-in-exclude-mode-ends-in-a-blocked-source", ["V3-R-6.4.2-52"],
            "A source that nobody wants any more is blocked in EXCLUDE mode when the Last Member Query Time is over; the group stays.",
            async lab =>
            {
                await lab.StartQuerier();
                foreach (var group in (Address[])[lab.G1, lab.G2])
                    await lab.Bring(group, Exclude([lab.S1]));

                await lab.Step("A host blocks the source; members for the rest of the group are heard");
                var block = await lab.ReportAlike(lab.Host1, Block(lab.G1, lab.S1), lab.G2);
                await lab.Asked(lab.G1, block);
                await lab.ReportAlike(lab.Host2, IsExclude(lab.G1, lab.S1), lab.G2);
                await lab.PassUntil(block, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                await lab.ExpectGroups(lab.G1, lab.G2, Exclude(blocked: [lab.S1]));
            }),
        new RouterTest(
            "leave-of-group-that-was-answered-for", ["V3-R-6.4.2-45"],
            "A leave of a group that was reported again and again, as after General Queries, is asked about without naming any source, and "
                + "nothing is left of the group.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("The only member answers two queries");
                for (var i = 0; i < 2; i++)
                {
                    await lab.Pass(lab.Timing.QueryInterval / 2);
                    await lab.Host1.Report(IsExclude(lab.G1));
                }

                await lab.Settle();

                await lab.Step("It leaves, and nobody answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                lab.ExpectQueries(Query(lab.G1).WithoutSuppression(), since: leave);
                lab.ExpectNone(
                    QueriesAbout(lab.G1).Where("about sources", frame => frame.Query!.Sources.Count > 0).From(lab.Device).On(Bench.Lan),
                    leave, atOnce: true);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.G1, None);
            }),
        new RouterTest(
            "block-after-leave-prolongs-nothing", ["V3-R-6.4.2-50"],
            "A block in a group that is about to end gives its sources what is left of the group timer, and the group ends when it would "
                + "have.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves, and then another blocks a source");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Asked(lab.G1, leave);
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryInterval * 0.8);
                await lab.Host2.Report(Block(lab.G1, lab.S1));
                await lab.Settle();
                await lab.ExpectShown(
                    lab.G1, Exclude([lab.S1]), TimerLeft.Of(lab.S1, lab.Timing.LastMemberQueryTime, leave),
                    TimerLeft.OfGroup(lab.Timing.LastMemberQueryTime, leave));
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                await lab.ExpectGroup(lab.G1, None);
            }) { Timing = WithAnIntervalToSpare },
        new RouterTest(
            "repeated-leave-prolongs-nothing", ["V3-R-6.4.2-09"],
            "The repetition of a leave does not prolong it: the group ends when it would have after the first.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves, and says so twice");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Asked(lab.G1, leave);
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryInterval * 0.8);
                await lab.Host1.Report(ToInclude(lab.G1));
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                await lab.ExpectGroup(lab.G1, None);
            }) { Timing = WithAnIntervalToSpare },
        new RouterTest(
            "repeated-block-prolongs-nothing", ["V3-R-6.4.2-09"],
            "The repetition of a block does not prolong it: the source ends when it would have after the first.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2));

                await lab.Step("A host blocks a source, and says so twice");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
                await lab.Asked(lab.G1, block);
                await lab.PassUntil(block, lab.Timing.LastMemberQueryInterval * 0.8);
                await lab.Host1.Report(Block(lab.G1, lab.S1));
                await lab.PassUntil(block, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                await lab.ExpectGroup(lab.G1, Include(lab.S2));
            }) { Timing = WithAnIntervalToSpare },
        .. Forwarded,
    ];

    private static IEnumerable<ConformanceTest> Forwarded =>
    [
        StreamTest(
            "leave-forwards-while-asked", ["V3-R-6.4.2-04", "V3-R-6.1-03"],
            "While a leave is asked about, the group is forwarded.",
            lab => lab.G1, Exclude(), Leave, async (lab, stream, leave) =>
            {
                lab.Expect(stream.On(Bench.Lan).HasNoGap());
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryTime - lab.Tolerance);
            }),
        StreamTest(
            "block-forwards-while-asked", ["V3-R-6.4.2-04", "V3-R-6.1-03"],
            "While a block is asked about in INCLUDE mode, the source is forwarded.",
            lab => lab.Ssm, null, BlockOne, async (lab, stream, block) =>
            {
                lab.Expect(stream.On(Bench.Lan).HasNoGap());
                await lab.PassUntil(block, lab.Timing.LastMemberQueryTime - lab.Tolerance);
            }),
        StreamTest(
            "block-in-exclude-mode-forwards-while-asked", ["V3-R-6.4.2-04"],
            "While a block is asked about in EXCLUDE mode, the source is forwarded.",
            lab => lab.G1, Exclude(), BlockOne, async (lab, stream, block) =>
            {
                lab.Expect(stream.On(Bench.Lan).HasNoGap());
                await lab.PassUntil(block, lab.Timing.LastMemberQueryTime - lab.Tolerance);
            }),
        StreamTest(
            "leave-ends-stream-after-lmqt", ["V3-R-8.10-01"],
            "What nobody wants any more is forwarded until the Last Member Query Time after the leave, and no longer.",
            lab => lab.G1, Exclude(), Leave, (lab, stream, leave) =>
            {
                lab.Expect(stream.On(Bench.Lan).Stops(after: lab.Timing.LastMemberQueryTime, of: leave));
                return Task.CompletedTask;
            }),
        StreamTest(
            "block-ends-stream-after-lmqt", ["V3-R-8.10-01", "V3-R-6.4.2-51"],
            "A source that nobody wants any more in INCLUDE mode is forwarded until the Last Member Query Time after the block, and no "
                + "longer.",
            lab => lab.Ssm, null, BlockOne, (lab, stream, block) =>
            {
                lab.Expect(stream.On(Bench.Lan).Stops(after: lab.Timing.LastMemberQueryTime, of: block));
                return Task.CompletedTask;
            }),
        StreamTest(
            "repeated-leave-does-not-prolong-stream", ["V3-R-6.4.2-09"],
            "The repetition of a leave does not prolong the stream.",
            lab => lab.G1, Exclude(), Leave, async (lab, stream, leave) =>
            {
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryInterval * 0.8);
                await lab.Host1.Report(ToInclude(lab.G1));
                lab.Expect(stream.On(Bench.Lan).Stops(lab.Tolerance, lab.Timing.LastMemberQueryTime, of: leave));
            }),
        new RouterTest(
            "block-in-exclude-mode-ends-one-stream", ["V3-R-6.4.2-52"],
            "A block in EXCLUDE mode that nobody answers ends the forwarding of its source, and of no other.",
            async lab =>
            {
                var lasting = lab.Timing.LastMemberQueryTime + 2.Seconds() + (8 * lab.Tolerance);
                await lab.StartForwarder();
                await lab.Bring(lab.G1, Exclude([lab.S1]));
                var blocked = await lab.Flow(lab.S1, lab.G1, lasting + Streaming.Follows);
                var other = await lab.Flow(lab.S2, lab.G1, lasting);

                await lab.Step("A host blocks one source");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
                await lab.Asked(lab.G1, block);
                await lab.Host2.Report(IsExclude(lab.G1, lab.S1));
                lab.Expect(blocked.On(Bench.Lan).Stops(lab.Tolerance, lab.Timing.LastMemberQueryTime + Streaming.Follows, of: block));
                lab.Expect(other.On(Bench.Lan).HasNoGap());
            }) { Options = [Streaming.Option] },
    ];

    // So that what prolongs the time by less than the Last Member Query Interval is told from what does not, also by a state that is read
    // late.
    private static Timing WithAnIntervalToSpare(Timing usual) =>
        usual with { LastMemberQueryInterval = 3 * usual.LastMemberQueryInterval, LastMemberQueryCount = 2 };

    private static IEnumerable<ConformanceTest> AskedSoManyTimes(int count)
    {
        var times = string.Create(CultureInfo.InvariantCulture, $"asked-{count}-time{(count == 1 ? "" : "s")}");
        return
        [
            new RouterTest(
                $"leave-{times}", ["V3-R-6.4.2-05"],
                "A leave is asked about Last Member Query Count times, one Last Member Query Interval apart, the first time at once.",
                async lab =>
                {
                    await lab.StartQuerier();
                    await lab.Bring(lab.G1, Exclude());

                    await lab.Step("A host leaves, and nobody answers");
                    var leave = await lab.Host1.Report(ToInclude(lab.G1));
                    lab.ExpectQueries(Query(lab.G1), since: leave);
                    await lab.PassLastMemberQueryTime();
                })
            {
                Timing = usual => usual with { LastMemberQueryCount = count },
                Unfit = timing => Other(timing.LastMemberQueryCount, count),
            },
            new RouterTest(
                $"block-{times}", ["V3-R-6.4.2-05"],
                "A block is asked about Last Member Query Count times, one Last Member Query Interval apart, the first time at once.",
                async lab =>
                {
                    await lab.StartQuerier();
                    await lab.Bring(lab.G1, Include(lab.S1, lab.S2));

                    await lab.Step("A host blocks a source, and nobody answers");
                    var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
                    lab.ExpectQueries(Query(lab.G1, lab.S1), since: block);
                    await lab.PassLastMemberQueryTime();
                })
            {
                Timing = usual => usual with { LastMemberQueryCount = count },
                Unfit = timing => Other(timing.LastMemberQueryCount, count),
            },
        ];
    }

    private static string? Other(int has, int wanted) =>
        has == wanted ? null : string.Create(CultureInfo.InvariantCulture, $"the Last Member Query Count is {has} and not {wanted}");

    /// <summary>A stream that is forwarded, until a report that is asked about.</summary>
    /// <param name="name">The test's name.</param>
    /// <param name="requirements">Its requirements.</param>
    /// <param name="purpose">Its purpose.</param>
    /// <param name="groupOf">The group.</param>
    /// <param name="before">Its state before; null for INCLUDE with the stream's source.</param>
    /// <param name="change">The report's record, of group and source.</param>
    /// <param name="then">What is expected of the stream then.</param>
    private static RouterTest StreamTest(
        string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, Address> groupOf, GroupShape? before,
        Func<Address, Address, RecordContent> change, Func<RouterBench, DatagramStream, Moment, Task> then) =>
        new(name, requirements, purpose, async lab =>
        {
            var group = groupOf(lab);
            await lab.StartForwarder();
            await lab.Bring(group, before ?? Include(lab.S1));
            var stream = await lab.Flow(lab.S1, group, lab.Timing.LastMemberQueryTime + 1.Seconds() + (8 * lab.Tolerance));

            await lab.Step("A host gives it up, and nobody answers");
            var report = await lab.Host1.Report(change(group, lab.S1));
            await lab.Asked(group, report);
            await then(lab, stream, report);
        })
        {
            Options = [Streaming.Option],
            Timing = usual => usual with { LastMemberQueryInterval = 2 * usual.LastMemberQueryInterval },
        };

    private static RecordContent BlockOne(Address group, Address source) => Block(group, source);

    private static RecordContent Leave(Address group, Address source) => ToInclude(group);
}
