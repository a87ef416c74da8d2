using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>
/// What a host has to report of one group when it is changed again before it has said the change before often enough (RFC 9776 §5.1),
/// worked out record by record from what was done, and not by the host's own core.
/// </summary>
/// <param name="group">The group.</param>
/// <param name="robustness">The Robustness Variable in force.</param>
/// <param name="before">What the host wants of it so far, all of it said; nothing when not given.</param>
public sealed class ChangeReports(Address group, int robustness, SourceFilter? before = null)
{
    private readonly List<(Moment Command, SourceFilter Filter)> changes = [];

    /// <summary>How often each change is to be reported.</summary>
    internal int Robustness => robustness;

    /// <summary>When it was first changed.</summary>
    internal Moment First => changes[0].Command;

    /// <summary>When it was last changed.</summary>
    internal Moment Last => changes[^1].Command;

    /// <summary>Notes a change.</summary>
    /// <param name="command">When it was commanded.</param>
    /// <param name="mode">The filter mode from then on.</param>
    /// <param name="sources">The sources from then on.</param>
    public void Changed(Moment command, FilterMode mode, params Address[] sources) =>
        changes.Add((command, SourceFilter.Of(mode, sources)));

    /// <summary>What is wrong with the host's reports, in words; null when nothing is.</summary>
    internal string? Wrong(IReadOnlyList<SeenFrame> frames, TimeSpan interval, TimeSpan tolerance)
    {
        var (owed, next) = (new Owed(before ?? SourceFilter.None), 0);
        for (var i = 0; i < frames.Count; i++)
        {
            var frame = frames[i];
            if (next < changes.Count && frame.At >= changes[next].Command.At)
            {
                // While a change is being made, a repetition of the one before may still go out.
                var changed = owed.Changed(changes[next].Filter, robustness);
                if (Same(frame.Report!.Records, changed.Records(group)))
                {
                    if (frame.At > changes[next].Command.Done + tolerance)
                        return $"frame {frame.Number} came late after {changes[next].Command}";
                    (owed, next) = (changed.Sent(), next + 1);
                    continue;
                }
            }

            if (!Same(frame.Report!.Records, owed.Records(group)))
                return $"frame {frame.Number} should be {Text(owed.Records(group))}";
            if (frame.At - frames[i - 1].At > interval + tolerance)
                return $"frame {frame.Number} came {(frame.At - frames[i - 1].At).InWords()} after the one before";
            owed = owed.Sent();
        }

        return next < changes.Count ? $"nothing was reported when {changes[next].Command}"
            : owed.Records(group).Count > 0 ? $"{Text(owed.Records(group))} did not follow"
            : null;
    }

    private static string Text(List<RecordContent> records) =>
        records.Count == 0 ? "none" : string.Join(", ", records.Select(FrameText.Of));

    private static bool Same(IReadOnlyList<RecordContent> sent, List<RecordContent> expected) =>
        sent.Count > 0 && sent.Select(FrameText.Of).Order(StringComparer.Ordinal)
            .SequenceEqual(expected.Select(FrameText.Of).Order(StringComparer.Ordinal));

    /// <summary>What is still to be reported.</summary>
    private sealed record Owed(SourceFilter State)
    {
        // How many reports of the mode are left, and in how many each source is still to be.
        private int Modes { get; init; }

        private Dictionary<Address, int> Sources { get; init; } = [];

        public Owed Changed(SourceFilter filter, int robustness)
        {
            var sources = new Dictionary<Address, int>(Sources);
            var flips = filter.Mode != State.Mode;
            var difference = flips
                ? filter.Sources
                : filter.Sources.Except(State.Sources).Concat(State.Sources.Except(filter.Sources));
            foreach (var source in difference)
                sources[source] = robustness;
            return new Owed(filter) { Modes = flips ? robustness : Modes, Sources = sources };
        }

        public List<RecordContent> Records(Address group)
        {
            if (Modes > 0)
                return [new(State.Mode == FilterMode.Include ? RecordType.ToInclude : RecordType.ToExclude, group, State.Sources)];
            var (allow, block) = (Sources.Keys.Where(State.Wants).ToList(), Sources.Keys.Where(each => !State.Wants(each)).ToList());
            var records = new List<RecordContent>();
            if (allow.Count > 0)
                records.Add(new(RecordType.Allow, group, allow));
            if (block.Count > 0)
                records.Add(new(RecordType.Block, group, block));
            return records;
        }

        public Owed Sent() => this with
        {
            Modes = Math.Max(0, Modes - 1),
            Sources = Sources.Where(each => each.Value > 1).ToDictionary(each => each.Key, each => each.Value - 1),
        };
    }
}

/// <summary>Expecting them.</summary>
public static class ChangeReportsExpected
{
    /// <summary>
    /// Expects that a host's reports are those, in that order: of each change at once, and again within the Unsolicited Report Interval
    /// until all is said as often as it must be. To be stated when the last change has been made.
    /// </summary>
    public static Together ExpectChangeReports(this LabRun lab, HostNode host, ChangeReports reports)
    {
        ArgumentNullException.ThrowIfNull(lab);
        ArgumentNullException.ThrowIfNull(reports);
        var interval = lab.Timing.UnsolicitedReportInterval;
        return lab.ExpectTogether(
            Messages.AnyReport().From(host),
            reports.First,
            reports.Last.Done - reports.First.Done + (reports.Robustness * (interval + lab.Tolerance)),
            string.Create(CultureInfo.InvariantCulture, $"are those of all its changes, {reports.Robustness} times each"),
            frames => reports.Wrong(frames, interval, lab.Tolerance));
    }
}
