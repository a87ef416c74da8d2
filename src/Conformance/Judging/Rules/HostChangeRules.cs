using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging.Rules;

/// <summary>How a host repeats what it reports of changes (RFC 9776 §5.1).</summary>
internal static class HostChangeRules
{
    internal static IEnumerable<CaptureRule> All =>
    [
        new(
            "change-reported-robustness-variable-times", ["V3-H-5.1-09", "V3-H-5.1-10"],
            "A change is reported Robustness Variable times, the repetitions after at most one Unsolicited Report Interval each.",
            "changes", "a change that no other one follows at once", Series),
        new(
            "reports-changes-with-sources", ["V3-H-5.1-08"],
            "Records that allow or block sources name at least one.", "reports", "a report that allows or blocks sources", device =>
                CaptureCase.Always(
                    device,
                    Messages.AnyReport().From(device.Name).Where("that allows or blocks", frame =>
                        frame.Report!.Records.Any(each => each.Type is RecordType.Allow or RecordType.Block)),
                    "sources in these records", frame => frame.Report!.Records.Any(each =>
                        each is { Type: RecordType.Allow or RecordType.Block, Sources.Count: 0 }) ? "one without" : null)),
    ];

    private static IEnumerable<CaptureCase> Series(JudgedDevice device)
    {
        var changes = device.Sent.Where(each => each.Report is not null)
            .SelectMany(frame => frame.Report!.Records.Where(each => IsChange(each)), (frame, record) => (frame, record))
            .ToList();
        var interval = device.HeardTimers.Timing.UnsolicitedReportInterval;
        foreach (var group in changes.GroupBy(each => each.record.Group))
        {
            var all = group.ToList();
            for (var i = 0; i < all.Count; i++)
            {
                var (frame, record) = all[i];
                var count = RobustnessAt(device, frame.At);
                var lasts = ((count - 1) * interval) + (count * device.Tolerance);
                // Changes that come while others are pending are merged with them (RFC 9776 §5.1).
                var other = all.Where((each, at) =>
                    at != i && (at < i ? frame.At - each.frame.At <= lasts : each.frame.At - frame.At <= lasts));
                var isAlone = other.All(each => each.frame.At >= frame.At && Messages.Carrying(record).Matches(each.frame));
                if (!isAlone || FallsBack(device, frame, lasts))
                    continue;
                var series = new Series(
                    Messages.Carrying(record).From(device.Name), JudgedDevice.At(frame), TimeSpan.Zero, TimeSpan.Zero, count,
                    Spacing.UpTo(interval));
                yield return new CaptureCase(series, frame.At - lasts, frame.At + lasts, frame);
            }
        }
    }

    // An older query cancels what is pending (RFC 9776 §7.2.1).
    private static bool FallsBack(JudgedDevice device, SeenFrame frame, TimeSpan lasts) =>
        device.Between(frame.At - device.Tolerance, frame.At + lasts)
            .Any(each => each.Query is { Kind: QueryKind.General, Generation: not Generation.Sources });

    // The Robustness Variable of the querier, where it tells one (RFC 9776 §4.1.6).
    private static int RobustnessAt(JudgedDevice device, Instant at) => device.HeardTimers.Given.RobustnessVariable
        ?? device.Between(device.Start, at).Where(each => each.Sender != device.Name).Select(each => each.Query)
            .LastOrDefault(each => each is { Generation: Generation.Sources, RobustnessVariable: > 0 })?.RobustnessVariable
        ?? device.HeardTimers.Timing.RobustnessVariable;

    private static bool IsChange(RecordContent record) =>
        record.Type is RecordType.ToInclude or RecordType.ToExclude or RecordType.Allow or RecordType.Block;
}
