using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.HostTelling;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Hosts;

/// <summary>How often a change is reported, how far apart, and what becomes of that when there is another change (RFC 9776 §5.1).</summary>
internal static class RepetitionTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        Count(1),
        Count(2),
        Count(3),
        Count(7),
        new HostTest(
            "repetitions-come-at-random-within-uri", ["V3-H-5.1-10"],
            "A report is repeated after random times of up to the Unsolicited Report Interval.",
            async lab =>
            {
                // Of 18 times in (0, U] the longest and the shortest differ by less than U/4 once in 10⁹ runs: 18 × (1/4)¹⁷.
                const int Groups = 3;
                var longest = lab.Timing.UnsolicitedReportInterval;
                await lab.Start();
                var start = lab.Now;
                for (var number = 1; number <= Groups; number++)
                {
                    await lab.Device.Join(lab.G(number));
                    await lab.PassReports();
                }

                lab.ExpectTogether(lab.Sent(), start, lab.Now.At - start.Done, $"comes at random within {longest.InWords()}", frames =>
                {
                    var gaps = Enumerable.Range(1, Groups).SelectMany(number => Gaps(frames, lab.G(number))).ToList();
                    if (gaps.Count < Groups * (lab.Timing.RobustnessVariable - 1) / 2)
                        return "there are not enough repetitions";
                    if (gaps.Max() > longest + lab.Tolerance)
                        return $"two are {gaps.Max().InWords()} apart";
                    return gaps.Max() - gaps.Min() < longest / 4
                        ? $"all are {gaps.Min().InWords()} to {gaps.Max().InWords()} apart"
                        : null;
                });
            })
        {
            Timing = usual => usual with { RobustnessVariable = 7 },
            Unfit = t => t.RobustnessVariable < 7 ? "too few repetitions for their times to be random or not" : null,
        },
        new HostTest(
            "repetition-within-default-uri", ["V3-H-8.11-01"],
            "A report of version 3 is repeated within a second.",
            lab => Repeats(lab, 1.Seconds()))
        {
            Timing = usual => usual with { UnsolicitedReportInterval = 1.Seconds() },
            Unfit = t => OnlyOnce(t) ?? (t.UnsolicitedReportInterval != 1.Seconds() ? "it is set to another interval" : null),
        },
        new HostTest(
            "v2-repetition-within-default-uri", ["V3-H-8.11-01"],
            "A report of version 2 is repeated within ten seconds.",
            lab => Repeats(lab, 10.Seconds())) { Version = 2, Unfit = OnlyOnce },
        new HostTest(
            "new-change-is-reported-at-once", ["V3-H-5.1-11"],
            "A change that comes while the one before is still being repeated is reported at once too.",
            async lab =>
            {
                await lab.Start();
                var first = await lab.Begun(lab.Device.Include(lab.G1, lab.S1), lab.G1);
                var second = await lab.Meanwhile(() => lab.Device.Include(lab.G1, lab.S1, lab.S2), lab.G1, first);
                lab.ExpectSome(Reporting(RecordType.Allow, lab.G1, lab.S2).From(lab.Device), second, within: TimeSpan.Zero);
            }) { Timing = LongSeries, Unfit = OnlyOnce },
        new HostTest(
            "new-change-is-merged", ["V3-H-5.1-12"],
            "The report of a new change repeats what is left of the one before, and each source is reported RV times.",
            async lab =>
            {
                await lab.Start();
                var first = await lab.Begun(lab.Device.Include(lab.G1, lab.S1), lab.G1);
                var second = await lab.Meanwhile(() => lab.Device.Include(lab.G1, lab.S1, lab.S2), lab.G1, first);
                var (before, after) = (Reporting(RecordType.Allow, lab.G1, lab.S1), Reporting(RecordType.Allow, lab.G1, lab.S2));
                ExpectSince(lab, first, second, "reports each source RV times, both together at first", frames =>
                {
                    var merged = frames.FirstOrDefault(after.Matches);
                    if (merged is null)
                        return $"{lab.S2} is not allowed";
                    var times = lab.Timing.RobustnessVariable;
                    var told = frames.Where(before.Matches).ToList();
                    if (told.Count(each => each.At < merged.At) < times && !before.Matches(merged))
                        return $"frame {merged.Number} leaves out {lab.S1}";
                    return Counted(lab.S2, frames.Count(after.Matches), times)
                        // To repeat it as often as the new source is more than enough.
                        ?? (told.Count < times ? Counted(lab.S1, told.Count, times) : null);
                });
            }) { Timing = LongSeries, Unfit = OnlyOnce },
        new HostTest(
            "new-change-cancels-the-one-before", ["V3-H-5.1-13"],
            "A source that is blocked while it is still being allowed is blocked RV times, and not allowed any more.",
            async lab =>
            {
                await lab.Start();
                var first = await lab.Begun(lab.Device.Include(lab.G1, lab.S1, lab.S2), lab.G1);
                var second = await lab.Meanwhile(() => lab.Device.Include(lab.G1, lab.S2), lab.G1, first);
                var (allow, block) = (Reporting(RecordType.Allow, lab.G1, lab.S1), Reporting(RecordType.Block, lab.G1, lab.S1));
                ExpectSince(lab, first, second, $"blocks {lab.S1} RV times, and allows it no more", frames =>
                    Late(frames, second, lab, allow)
                    ?? Counted(lab.S1, frames.Count(block.Matches), lab.Timing.RobustnessVariable));
            }) { Timing = LongSeries, Unfit = OnlyOnce },
        new HostTest(
            "mode-change-comes-before-source-changes", ["V3-H-5.1-14"],
            "After a change of the mode the next RV reports say so, whatever sources change meanwhile.",
            async lab =>
            {
                var (first, second) = await ModeThenSources(lab);
                ExpectSince(
                    lab, first, second, "says TO_EX RV times, with the sources of the moment",
                    frames => ModeReports(lab, frames, second));
            }) { Timing = LongSeries, Unfit = OnlyOnce },
        new HostTest(
            "source-change-is-reported-after-mode-change", ["V3-H-5.1-15"],
            "When a change of the mode was reported RV times, the sources that changed meanwhile go on until they were reported RV times.",
            async lab =>
            {
                var (first, second) = await ModeThenSources(lab);
                await lab.Pass(2 * SeriesOf(lab));
                var frames = lab.All(lab.SentAbout(lab.G1), first);
                if (ModeReports(lab, frames, second) is { } wrong)
                    throw Bench.CannotBegin($"The device does not report the change of the mode as it should: {wrong}");
                var times = lab.Timing.RobustnessVariable;
                var block = Reporting(lab.G1, Block(lab.G1, lab.S2));
                lab.ExpectTogether(
                    lab.SentAbout(lab.G1), first, lab.Now.At - first.Done, $"goes on with {block} until {lab.S2} was reported RV times",
                    all => all.Skip(times).FirstOrDefault(each => !block.Matches(each)) is { } other
                        ? $"frame {other.Number} is another"
                        : Counted(
                            lab.S2, all.Count(each => RecordsOf(each, lab.G1)!.Any(record => record.Sources.Contains(lab.S2))), times));
            }) { Timing = LongSeries, Unfit = OnlyOnce },
        new HostTest(
            "mode-change-is-turned", ["V3-H-5.1-16"],
            "When the mode changes while a change of it is being repeated, only the present one is reported, RV times.",
            async lab =>
            {
                await lab.Start();
                var first = await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
                var second = await lab.Meanwhile(() => lab.Device.Include(lab.G1, lab.S1), lab.G1, first);
                var right = Reporting(lab.G1, ToInclude(lab.G1, lab.S1));
                ExpectSince(lab, first, second, $"is {right} RV times, and nothing else any more", frames =>
                    LateBut(frames, second, lab, right)
                    ?? Counted(lab.G1, frames.Count(right.Matches), lab.Timing.RobustnessVariable));
            }) { Timing = LongSeries, Unfit = OnlyOnce },
        new HostTest(
            "leave-and-join-end-joined", ["V3-H-5.1-17"],
            "A join that comes while a leave is being repeated is the last that is said.",
            async lab =>
            {
                await lab.Start();
                await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
                await lab.Pass(SeriesOf(lab));
                await lab.Step("The group is left");
                var first = await lab.Begun(lab.Device.Leave(lab.G1), lab.G1);
                var second = await lab.Meanwhile(() => lab.Device.Join(lab.G1), lab.G1, first);
                var right = Reporting(lab.G1, ToExclude(lab.G1));
                ExpectSince(lab, first, second, $"is {right} at last, and nothing else any more", frames =>
                    frames.FirstOrDefault(right.Matches) is not { } joined
                        ? "the join is not reported"
                        : frames.FirstOrDefault(each => each.At > joined.At && !right.Matches(each)) is { } other
                            ? $"frame {other.Number} is another"
                            : null);
            }) { Timing = ShortSeries, Unfit = OnlyOnce },
        new HostTest(
            "leave-and-include-is-a-mode-change", ["V3-H-5.1-14"],
            "A source that is included while a leave is being repeated is reported with the change of the mode.",
            async lab =>
            {
                await lab.Start();
                await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
                await lab.Pass(SeriesOf(lab));
                await lab.Step("The group is left");
                var first = await lab.Begun(lab.Device.Leave(lab.G1), lab.G1);
                var second = await lab.Meanwhile(() => lab.Device.Include(lab.G1, lab.S1), lab.G1, first);
                var right = Reporting(lab.G1, ToInclude(lab.G1, lab.S1));
                ExpectSince(lab, first, second, $"is {right} once the source is wanted", frames =>
                    frames.FirstOrDefault(each => Mentions(each, lab.G1, lab.S1)) is not { } told
                        ? $"{lab.S1} is not reported"
                        : right.Matches(told) ? null : $"frame {told.Number} is another");
            }) { Timing = ShortSeries, Unfit = OnlyOnce },
        new HostTest(
            "mode-change-names-all-sources", ["V3-H-5.1-18"],
            "A change of the mode that is being repeated names all sources of the moment, not only those that are new.",
            async lab =>
            {
                await lab.Start();
                await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
                await lab.Pass(SeriesOf(lab));
                await lab.Step("The mode changes");
                var first = await lab.Begun(lab.Device.Include(lab.G1, lab.S(1), lab.S(2), lab.S(3)), lab.G1);
                var second = await lab.Meanwhile(
                    () => lab.Device.Include(lab.G1, lab.S(1), lab.S(2), lab.S(3), lab.S(4)), lab.G1, first);
                var right = Reporting(lab.G1, ToInclude(lab.G1, lab.S(1), lab.S(2), lab.S(3), lab.S(4)));
                ExpectSince(lab, first, second, $"is {right} once the new source is wanted", frames =>
                    frames.FirstOrDefault(each => Mentions(each, lab.G1, lab.S(4))) is not { } told
                        ? $"{lab.S(4)} is not reported"
                        : right.Matches(told) ? null : $"frame {told.Number} is another");
            }) { Timing = ShortSeries, Unfit = OnlyOnce },
        new HostTest(
            "groups-are-repeated-independently", ["V3-H-5.1-19"],
            "A join that comes while another group's is being repeated changes nothing about how often that is reported.",
            async lab =>
            {
                await lab.Start();
                var first = await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
                var second = await lab.Meanwhile(() => lab.Device.Join(lab.G2), lab.G1, first);
                ExpectRepeated(lab, ToExclude(lab.G1), first, (second.Done - first.Done) + (2 * SeriesOf(lab)));
                ExpectRepeated(lab, ToExclude(lab.G2), second, 2 * SeriesOf(lab));
            }) { Timing = LongSeries, Unfit = OnlyOnce },
    ];

    /// <summary>
    /// Long enough that a second command comes before the first one's repetitions are over, however slowly it is given: four of them within
    /// half a second happen in less than one run of 2000, and then the test says nothing.
    /// </summary>
    private static Timing LongSeries(Timing usual) =>
        usual with { RobustnessVariable = 5, UnsolicitedReportInterval = TimeSpan.FromSeconds(1.5) };

    private static Timing ShortSeries(Timing usual) => usual with { RobustnessVariable = 4, UnsolicitedReportInterval = 1.Seconds() };

    private static string? OnlyOnce(ExpectedTiming timing) => timing.RobustnessVariable == 1 ? "nothing is repeated" : null;

    private static HostTest Count(int times) => new(
        string.Create(CultureInfo.InvariantCulture, $"change-is-reported-rv-times-{times}"), ["V3-H-5.1-09"],
        string.Create(CultureInfo.InvariantCulture, $"With a Robustness Variable of {times} a change is reported {times} times in all."),
        async lab =>
        {
            await lab.Start();
            var join = await lab.Device.Join(lab.G1);
            // How far apart is left to another test.
            ExpectRepeated(lab, ToExclude(lab.G1), join, 2 * (SeriesOf(lab) + lab.Timing.UnsolicitedReportInterval));
        })
    {
        Timing = usual => usual with { RobustnessVariable = times },
        Unfit = t => t.RobustnessVariable == times ? null : "the Robustness Variable is another",
    };

    private static TimeSpan SeriesOf(HostBench lab) => lab.SeriesTime() + lab.Tolerance;

    private static async Task<(Moment First, Moment Second)> ModeThenSources(HostBench lab)
    {
        await lab.Start();
        var first = await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
        return (first, await lab.Meanwhile(() => lab.Device.Exclude(lab.G1, lab.S2), lab.G1, first));
    }

    // The first RV reports: the mode as it is, with the sources as they are at the time.
    private static string? ModeReports(HostBench lab, IReadOnlyList<SeenFrame> frames, Moment second)
    {
        var times = lab.Timing.RobustnessVariable;
        var (before, after) = (Reporting(lab.G1, ToExclude(lab.G1)), Reporting(lab.G1, ToExclude(lab.G1, lab.S2)));
        foreach (var frame in frames.Take(times))
        {
            var right = after.Matches(frame) && frame.At >= second.At
                || before.Matches(frame) && frame.At <= second.Done + lab.Tolerance;
            if (!right)
                return $"frame {frame.Number} is another";
        }

        return frames.Count(each => before.Matches(each) || after.Matches(each)) < times ? Counted(lab.G1, frames.Count, times) : null;
    }

    /// <summary>
    /// What is said of the first group since the first command, until all of the second was said. How far apart is left to another test.
    /// </summary>
    private static void ExpectSince(
        HostBench lab, Moment first, Moment second, string what, Func<IReadOnlyList<SeenFrame>, string?> wrong) =>
        lab.ExpectTogether(lab.SentAbout(lab.G1), first, (second.Done - first.Done) + (2 * SeriesOf(lab)), what, wrong);

    private static void ExpectRepeated(HostBench lab, RecordContent record, Moment since, TimeSpan within) =>
        lab.ExpectTogether(
            Carrying(record).From(lab.Device), since, within, "is seen RV times",
            frames => Counted(record.Group, frames.Count, lab.Timing.RobustnessVariable));

    private static async Task Repeats(HostBench lab, TimeSpan within)
    {
        await lab.Start();
        var join = await lab.Begun(lab.Device.Join(lab.G1), lab.G1);
        lab.ExpectTogether(
            lab.SentAbout(lab.G1), join, within + lab.Tolerance, $"is repeated within {within.InWords()}",
            frames => frames.Count > 1 && frames[1].At - frames[0].At <= within + lab.Tolerance ? null : "it is not");
    }

    private static string? Late(IReadOnlyList<SeenFrame> frames, Moment second, HostBench lab, FramePattern not) =>
        frames.FirstOrDefault(each => each.At > second.Done + lab.Tolerance && not.Matches(each)) is { } late
            ? $"frame {late.Number} still is {not}"
            : null;

    private static string? LateBut(IReadOnlyList<SeenFrame> frames, Moment second, HostBench lab, FramePattern right) =>
        frames.FirstOrDefault(each => each.At > second.Done + lab.Tolerance && !right.Matches(each)) is { } late
            ? $"frame {late.Number} is another"
            : null;

    private static bool Mentions(SeenFrame frame, Address group, Address source) =>
        RecordsOf(frame, group) is { } records && records.Any(each => each.Sources.Contains(source));

    private static IEnumerable<TimeSpan> Gaps(IReadOnlyList<SeenFrame> frames, Address group)
    {
        var about = frames.Where(Naming(group).Matches).ToList();
        return about.Zip(about.Skip(1), (one, next) => next.At - one.At);
    }

    private static string? Counted(Address what, int seen, int times) => seen == times
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{what} was reported {seen} times, not {times}");
}
