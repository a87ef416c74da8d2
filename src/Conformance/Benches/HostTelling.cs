using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>Has a host say what it has to say, and expects it to be just that.</summary>
internal static class HostTelling
{
    /// <summary>Every message of the device, valid or not.</summary>
    internal static FramePattern Sent(this HostBench lab) => AnyMessage().From(lab.Device);

    /// <summary>Every message of the device about a group.</summary>
    internal static FramePattern SentAbout(this HostBench lab, Address group) => Naming(group).From(lab.Device);

    /// <summary>How long it takes to send a report of a change RV times (RFC 9776 §5.1), the first one at once.</summary>
    internal static TimeSpan SeriesTime(this HostBench lab) =>
        (lab.Timing.RobustnessVariable - 1) * (lab.Timing.UnsolicitedReportInterval + lab.Tolerance);

    /// <summary>A report with these records of the group, each in no more than one, and no others of it.</summary>
    internal static FramePattern Reporting(Address group, params RecordContent[] records) => new(
        $"{string.Join(" and ", records.Select(FrameText.Of))} in one report",
        frame => RecordsOf(frame, group) is { } sent && sent.Count == records.Length
            && records.All(each => sent.Any(one => Same(one, each))));

    /// <summary>A report with a record of this type of the group, and this source in it.</summary>
    internal static FramePattern Reporting(RecordType type, Address group, Address source) => new(
        $"{type.ShortName()}({group}, {{… {source} …}})",
        frame => RecordsOf(frame, group) is { } sent && sent.Any(each => each.Type == type && each.Sources.Contains(source)));

    /// <summary>
    /// Expects that a change is reported: not later than one Unsolicited Report Interval after it, by these records of the group in one
    /// report, and by nothing else while it may be repeated. When exactly and how often is left to other tests.
    /// </summary>
    internal static Together ExpectReported(this HostBench lab, Moment since, params RecordContent[] records)
    {
        var group = records[0].Group;
        var right = Reporting(group, records);
        var (longest, last) = (lab.Timing.UnsolicitedReportInterval, since.Done + lab.Timing.UnsolicitedReportInterval + lab.Tolerance);
        return lab.ExpectTogether(lab.SentAbout(group), since, longest + lab.SeriesTime(), $"is {right}", frames => frames switch
        {
            [] => "nothing was reported",
            [var first, ..] when first.At > last => $"the first came after {(first.At - since.At).InWords()}",
            _ => frames.FirstOrDefault(each => !right.Matches(each)) is { } other ? $"frame {other.Number} is another" : null,
        });
    }

    /// <summary>
    /// Expects that a command leads to nothing of a kind, not even at once. Nothing of the kind may be left over from before: see
    /// <see cref="Hush"/>.
    /// </summary>
    internal static Together ExpectNothing(this HostBench lab, FramePattern pattern, Moment since) =>
        lab.ExpectTogether(
            pattern, since, lab.Timing.UnsolicitedReportInterval + lab.SeriesTime(), "is not seen",
            frames => frames.Count == 0 ? null : "seen");

    /// <summary>Expects that the device says something, and never names this group.</summary>
    internal static Rule ExpectNeverSaid(this HostBench lab, Address group) =>
        lab.ExpectAlways(lab.Sent(), $"another group than {group}", frame => !Naming(group).Matches(frame));

    /// <summary>Waits until the device has stopped repeating itself, however often and far apart it does that.</summary>
    internal static async Task Hush(this HostBench lab, Address group)
    {
        const int MostTimes = 20;
        var longest = 2 * lab.Timing.UnsolicitedReportInterval;
        for (var times = 0; times < MostTimes; times++)
        {
            if (await lab.Seen(lab.SentAbout(group), lab.Now, longest) is null)
                return;
        }

        throw Bench.CannotBegin($"The device does not stop reporting {group}");
    }

    /// <summary>Lets a change be reported and repeated, as <see cref="ExpectReported"/> expects it.</summary>
    internal static Task PassReports(this HostBench lab) =>
        lab.Pass(lab.Timing.UnsolicitedReportInterval + lab.SeriesTime() + lab.Tolerance);

    /// <summary>
    /// Brings a group of the device to a filter, and lets that be reported; one that is there already is not changed by that.
    /// </summary>
    internal static Task<Moment> Bring(this HostBench lab, HostSocket socket, Address group, SourceFilter filter)
    {
        Address[] sources = [.. filter.Sources];
        return filter.Mode == FilterMode.Include
            ? lab.Settled(socket.Include(group, sources), Allow(group, sources))
            : lab.Settled(socket.Exclude(group, sources), ToExclude(group, sources));
    }

    /// <summary>Sets the filter of a socket.</summary>
    internal static Task<Moment> Set(this HostSocket socket, Address group, SourceFilter filter)
    {
        Address[] sources = [.. filter.Sources];
        return filter.Mode == FilterMode.Include ? socket.Include(group, sources) : socket.Exclude(group, sources);
    }

    /// <summary>Gives a command to the device that it may refuse.</summary>
    /// <returns>When it was given, and why it is refused, without a full stop; null when it is not.</returns>
    internal static async Task<(Moment Given, string? Refused)> Try(this HostBench lab, Func<Task<Moment>> command)
    {
        var before = lab.Now.At;
        try
        {
            return (await command(), null);
        }
        catch (NodeRefusedException refused)
        {
            return (new Moment(before, "the device refuses a command") { Done = lab.Now.At }, refused.Message.TrimEnd('.'));
        }
    }

    /// <summary>
    /// Gives a command, waits until the device has said something of the group since, and goes on while that is to be repeated.
    /// </summary>
    /// <returns>When the command was given.</returns>
    internal static async Task<Moment> Begun(this HostBench lab, Task<Moment> command, Address group)
    {
        var moment = await command;
        if (await lab.Seen(lab.SentAbout(group), moment, lab.Timing.UnsolicitedReportInterval) is null)
            throw Bench.CannotBegin($"The device does not report {group}");
        return moment;
    }

    /// <summary>Gives a command while a report of the command before it is still to be repeated.</summary>
    /// <returns>When it was given.</returns>
    internal static async Task<Moment> Meanwhile(this HostBench lab, Func<Task<Moment>> command, Address group, Moment first)
    {
        await lab.Pass(100.Milliseconds());
        await lab.Step("While that is being repeated, the device is given another command");
        var moment = await command();
        var before = lab.All(lab.SentAbout(group), first).Count(each => each.At < moment.At);
        return before < lab.Timing.RobustnessVariable
            ? moment
            : throw Bench.CannotBegin("The device had repeated its report before it could be given the next command");
    }

    /// <summary>The records of a group in a report; null when it is none, or goes somewhere else.</summary>
    internal static IReadOnlyList<RecordContent>? RecordsOf(SeenFrame frame, Address group) =>
        frame.Report is { } report && frame.Envelope.Destination == frame.Dialect.ReportDestination
            ? [.. report.Records.Where(each => each.Group == group)]
            : null;

    /// <summary>Whether two records say the same.</summary>
    internal static bool Same(RecordContent one, RecordContent other) =>
        one.Type == other.Type && one.Group == other.Group && one.Sources.Count == other.Sources.Count
        && one.Sources.ToHashSet().SetEquals(other.Sources);
}
