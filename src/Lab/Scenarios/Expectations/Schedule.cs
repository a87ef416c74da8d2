using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>
/// Frames that go on: the first at a certain time after a moment, a few at a lead spacing, then one per period until told otherwise,
/// or until the run ends.
/// </summary>
public sealed class Schedule : Expectation
{
    private readonly FramePattern pattern;
    private readonly Moment since;
    private readonly TimeSpan after;
    private readonly int leadCount;
    private readonly TimeSpan leadSpacing;
    private readonly TimeSpan every;
    private Moment? until;

    internal Schedule(FramePattern pattern, Moment since, TimeSpan after, int leadCount, TimeSpan leadSpacing, TimeSpan every) =>
        (this.pattern, this.since, this.after, this.leadCount, this.leadSpacing, this.every) = (
            pattern, since, after, leadCount, leadSpacing, every);

    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            var lead = leadCount > 0 ? $"first {leadCount} times every {leadSpacing.InWords()}, then " : "";
            var start = after > TimeSpan.Zero ? $"from {after.InWords()} after {since}" : $"as soon as {since}";
            return $"{pattern}, {lead}every {every.InWords()}, {start}{(until is null ? "" : $", until {until}")}";
        }
    }

    /// <summary>Ends the schedule: what was due before this moment must have come, and nothing comes after it.</summary>
    public Schedule Until(Moment moment)
    {
        until = moment;
        return this;
    }

    internal override bool OutlivesStep => until is null;

    internal override Instant? Closes(TimeSpan tolerance) => until?.At + tolerance;

    private protected override void Examine(Record record)
    {
        var end = until?.At ?? record.Now;
        var (previous, known) = (since.At, since.Done);
        var gap = after;
        var count = 0;
        foreach (var frame in record.Messages)
        {
            if (frame.At < since.At || frame.At > end + record.Tolerance || !pattern.Matches(frame))
                continue;
            Claim(frame);
            if (frame.At < previous + gap - record.Tolerance || frame.At > known + gap + record.Tolerance)
                Fail(
                    $"number {count + 1} came {(frame.At - previous).InWords()} after {(count == 0 ? since.Name : "the one before")}, not "
                        + $"{gap.InWords()}",
                    frame);
            if (frame.At > known + gap + record.Tolerance)
                Miss(pattern, known + gap);
            previous = known = frame.At;
            count++;
            gap = count < leadCount ? leadSpacing : every;
        }

        // One tolerance is the frame's, one that of the moment at which the schedule was ended.
        if (known + gap + record.Tolerance + record.Tolerance >= end)
            return;
        Fail(
            $"number {count + 1} did not come: it was due {gap.InWords()} after {(count == 0 ? since.Name : "the one before")}",
            Claimed.TakeLast(1));
        Miss(pattern, known + gap);
    }
}
