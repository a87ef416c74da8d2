using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>Leaves and blocks that another member answers: what it still wants goes on (RFC 9776 §6.4.2, §6.5).</summary>
internal static class AnswerTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        Answered(
            "answered-block-keeps-source", ["V3-R-6.4.2-01"],
            "A source that somebody names in answer to a block stays, with a new source timer.",
            lab => Include(lab.S1, lab.S2), lab => Block(lab.G1, lab.S1), lab => IsInclude(lab.G1, lab.S1),
            lab => Include(lab.S1, lab.S2), lab => lab.S1),
        Answered(
            "answered-block-in-exclude-mode-keeps-source", ["V3-R-6.4.2-01", "V3-R-6.4.2-53"],
            "A source that a host blocks in EXCLUDE mode and another names in its answer stays forwarded, with a new source timer.",
            _ => Exclude(), lab => Block(lab.G1, lab.S1), lab => IsInclude(lab.G1, lab.S1), lab => Exclude([lab.S1]), lab => lab.S1),
        Answered(
            "answered-leave-keeps-group", ["V3-R-6.4.2-02"],
            "An answer in EXCLUDE mode to the query after a leave keeps the group, with a new group timer.",
            _ => Exclude(), lab => ToInclude(lab.G1), lab => IsExclude(lab.G1), _ => Exclude(), _ => null),
        Answered(
            "include-answer-does-not-keep-exclude-mode", ["V3-R-6.4.2-03"],
            "An answer in INCLUDE mode to the query after a leave saves its sources, and not the EXCLUDE mode.",
            _ => Exclude(), lab => ToInclude(lab.G1), lab => IsInclude(lab.G1, lab.S(5)), lab => Include(lab.S(5)), lab => lab.S(5)),
        Answered(
            "include-listener-survives-leave", ["V3-R-6.5-04"],
            "When the last member in EXCLUDE mode has left, the group goes on in INCLUDE mode for the sources that others have named.",
            lab => Exclude([lab.S1]), lab => ToInclude(lab.G1), lab => IsInclude(lab.G1, lab.S1), lab => Include(lab.S1), lab => lab.S1),
        new RouterTest(
            "one-member-is-enough", ["V3-R-6-04"],
            "A group goes on for one of its members when the other leaves: its state is that of the network, not of a host.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(ToExclude(lab.G1));
                await lab.Host2.Report(ToExclude(lab.G1));
                await lab.Settle();

                await lab.Step("One of the two leaves, the other answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryInterval / 2);
                await lab.Host2.Report(IsExclude(lab.G1));
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryTime + (2 * lab.Tolerance));
                await lab.ExpectGroup(lab.G1, Exclude());
            }),
        new RouterTest(
            "forged-leaves-cost-a-member-nothing", ["V3-R-9.3-01"],
            "However often somebody else leaves and blocks, a member that answers keeps its group, and each leave causes no more "
                + "queries than one series.",
            async lab =>
            {
                const int Leaves = 10;
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("Leaves and blocks, each answered by a member");
                // A series for the group and one for the source, of two messages each.
                lab.ExpectTimes(
                    Times.Between(1, 3 * Leaves * lab.Timing.LastMemberQueryCount),
                    QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), lab.Now);
                for (var i = 0; i < Leaves; i++)
                {
                    var leave = await lab.Host1.Report(ToInclude(lab.G1), Block(lab.G1, lab.S1));
                    if (i == 0)
                        await lab.Asked(lab.G1, leave);
                    await lab.Host2.Report(IsExclude(lab.G1));
                    await lab.Pass(lab.Timing.LastMemberQueryInterval / 4);
                    await lab.ExpectShown(lab.G1, Exclude());
                }

                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.G1, Exclude());
            }),
        .. Forwarded,
    ];

    private static IEnumerable<ConformanceTest> Forwarded =>
    [
        Uninterrupted(
            "answered-leave-leaves-no-gap", ["V3-R-6.4.2-02", "V3-R-6-04"],
            "When the query after a leave is answered, the group is forwarded without a gap.",
            lab => Exclude(), lab => ToInclude(lab.G1), lab => IsExclude(lab.G1)),
        Uninterrupted(
            "answered-block-leaves-no-gap", ["V3-R-6.4.2-53"],
            "When the query after a block is answered in EXCLUDE mode, the source is forwarded without a gap.",
            lab => Exclude(), lab => Block(lab.G1, lab.S1), lab => IsInclude(lab.G1, lab.S1)),
        new RouterTest(
            "include-listener-keeps-its-stream", ["V3-R-6.5-04"],
            "When the last member in EXCLUDE mode has left, the sources that others have named are forwarded without a gap, and no "
                + "others.",
            async lab =>
            {
                var lasting = (2 * lab.Timing.LastMemberQueryTime) + 2.Seconds() + (8 * lab.Tolerance);
                await lab.StartForwarder();
                await lab.Bring(lab.G1, Exclude([lab.S1]));
                var named = await lab.Flow(lab.S1, lab.G1, lasting + Streaming.Follows);
                var other = await lab.Flow(lab.S2, lab.G1, lasting);

                await lab.Step("The member in EXCLUDE mode leaves, the other answers");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                await lab.Asked(lab.G1, leave);
                await lab.Host2.Report(IsInclude(lab.G1, lab.S1));
                lab.Expect(named.On(Bench.Lan).HasNoGap());
                lab.Expect(other.On(Bench.Lan).Stops(lab.Tolerance, lab.Timing.LastMemberQueryTime + Streaming.Follows, of: leave));
                await lab.PassUntil(leave, 2 * lab.Timing.LastMemberQueryTime);
            }) { Options = [Streaming.Option] },
    ];

    /// <summary>A change that is asked about, and an answer half an interval later: the state after the Last Member Query Time.</summary>
    private static RouterTest Answered(
        string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, GroupShape> before,
        Func<RouterBench, RecordContent> change, Func<RouterBench, RecordContent> answer, Func<RouterBench, GroupShape> after,
        Func<RouterBench, Address?> renewed) =>
        new(name, requirements, purpose, async lab =>
        {
            await lab.StartQuerier();
            await lab.Bring(lab.G1, before(lab));

            await lab.Step("A host gives something up, another answers");
            var report = await lab.Host1.Report(change(lab));
            await lab.Asked(lab.G1, report);
            await lab.PassUntil(report, lab.Timing.LastMemberQueryInterval / 2);
            var answered = await lab.Host2.Report(answer(lab));
            await lab.PassUntil(report, lab.Timing.LastMemberQueryTime + (2 * lab.Tolerance));
            await lab.ExpectGroup(lab.G1, after(lab), TimerLeft.Gmi(renewed(lab), lab.Timing, answered));
        });

    /// <summary>A change that is asked about and answered at once, while a stream is forwarded.</summary>
    private static RouterTest Uninterrupted(
        string name, IReadOnlyList<string> requirements, string purpose, Func<RouterBench, GroupShape> before,
        Func<RouterBench, RecordContent> change, Func<RouterBench, RecordContent> answer) =>
        new(name, requirements, purpose, async lab =>
        {
            await lab.StartForwarder();
            await lab.Bring(lab.G1, before(lab));
            var stream = await lab.Flow(lab.S1, lab.G1, (2 * lab.Timing.LastMemberQueryTime) + 1.Seconds());

            await lab.Step("A host gives it up, another answers");
            lab.Expect(stream.On(Bench.Lan).HasNoGap());
            var report = await lab.Host1.Report(change(lab));
            await lab.Asked(lab.G1, report);
            await lab.PassUntil(report, lab.Timing.LastMemberQueryInterval / 2);
            await lab.Host2.Report(answer(lab));
            await lab.PassUntil(report, 2 * lab.Timing.LastMemberQueryTime);
        }) { Options = [Streaming.Option] };
}
