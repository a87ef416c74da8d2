using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>So many frames of a kind from a moment until the step ends, however far apart.</summary>
public sealed class Tally : Expectation
{
    private readonly FramePattern pattern;
    private readonly Moment since;
    private readonly Times times;

    internal Tally(FramePattern pattern, Moment since, Times times) => (this.pattern, this.since, this.times) = (pattern, since, times);

    /// <inheritdoc/>
    public override string Text => $"{pattern}, {times}, since {since}";

    internal override bool IsOptional => times.AtLeast == 0;

    internal override int? ExactCount => times.AtLeast == times.AtMost ? times.AtLeast : null;

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        var found = record.Messages.Where(frame => frame.At >= since.At && pattern.Matches(frame)).ToList();
        found.ForEach(Claim);
        if (!times.Allow(found.Count))
            Fail(string.Create(CultureInfo.InvariantCulture, $"seen {found.Count} times"), found);
    }
}
