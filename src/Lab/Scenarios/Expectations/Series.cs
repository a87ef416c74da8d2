using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>
/// So many frames, the first at a certain time after a moment, the others spaced. No other frame of the kind may fall into the window.
/// </summary>
public sealed class Series : Expectation
{
    private readonly FramePattern pattern;
    private readonly Moment since;
    private readonly TimeSpan after;
    private readonly TimeSpan within;
    private readonly Times times;
    private readonly Spacing? every;
    private bool goesOn;

    internal Series(FramePattern pattern, Moment since, TimeSpan after, TimeSpan within, Times times, Spacing? every)
    {
        if (times.AtMost > 1 && every is null)
            throw new ArgumentException($"How far apart are the {times.AtMost} frames of '{pattern}'?", nameof(every));
        (this.pattern, this.since, this.after, this.within, this.times, this.every) = (pattern, since, after, within, times, every);
    }

    /// <inheritdoc/>
    public override string Text
    {
        get
        {
            var start = (after > TimeSpan.Zero, within > TimeSpan.Zero) switch
            {
                (true, true) => $"{after.InWords()} to {(after + within).InWords()} after {since}",
                (true, false) => $"{after.InWords()} after {since}",
                (false, true) => $"within {within.InWords()} of {since}",
                (false, false) => $"as soon as {since}",
            };
            return $"{pattern}, {times}{(goesOn ? " and on" : "")}{(every is { } spacing ? $", {spacing}" : "")}, {start}";
        }
    }

    /// <summary>More of them follow, as far apart: only the first so many are judged.</summary>
    public Series AndOn()
    {
        goesOn = true;
        return this;
    }

    internal override bool IsOptional => times.AtLeast == 0;

    internal override int? ExactCount => times.AtLeast == times.AtMost ? times.AtLeast : null;

    internal override Instant? Closes(TimeSpan tolerance) => Closes(tolerance, tolerance);

    // Each of them may be late, and puts off the next.
    private Instant Closes(TimeSpan first, TimeSpan next) =>
        since.Done + after + within + first + ((times.AtMost - 1) * ((every?.AtMost ?? TimeSpan.Zero) + next));

    private protected override void Examine(Record record)
    {
        var prompt = record.ToleranceOf(after + within, since);
        var closes = Closes(prompt, record.Tolerance);
        var all = record.Messages.Where(frame => frame.At >= since.At && pattern.Matches(frame)).ToList();
        var found = all.Where(frame => frame.At <= closes).Take(goesOn ? times.AtMost : int.MaxValue).ToList();
        // One that is too late is told so, rather than missed.
        if (found.Count == 0 && times.AtLeast > 0 && all.Find(frame => frame.At <= Closes(record.Tolerance)) is { } late)
            found.Add(late);
        found.ForEach(Claim);
        if (!times.Allow(found.Count))
            Fail(string.Create(CultureInfo.InvariantCulture, $"seen {found.Count} times"), found);
        NoteMissing(found, prompt);
        if (found.Count == 0)
            return;

        if (found[0].At < since.At + after - record.Tolerance || found[0].At > since.Done + after + within + prompt)
            Fail($"the first came after {(found[0].At - since.At).InWords()}", found[0]);
        if (every is not { } spacing)
            return;
        for (var i = 1; i < found.Count; i++)
        {
            var gap = found[i].At - found[i - 1].At;
            if (gap < spacing.AtLeast - record.Tolerance || gap > spacing.AtMost + record.Tolerance)
                Fail($"{gap.InWords()} apart", found[i - 1], found[i]);
        }
    }

    private void NoteMissing(List<SeenFrame> found, TimeSpan tolerance)
    {
        var (number, gap) = (found.Count, every?.AtMost ?? TimeSpan.Zero);
        var due = since.Done + after + within;
        if (found.Count > 0 && found[0].At > due + tolerance)
        {
            Miss(pattern, due);
            number++;
        }

        for (due = found.Count > 0 ? found[^1].At + gap : due; number < times.AtLeast; number++, due += gap)
            Miss(pattern, due);
    }
}
