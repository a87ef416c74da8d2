using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>No frame of a kind from a moment until the step ends.</summary>
public sealed class Absence : Expectation
{
    private readonly FramePattern pattern;
    private readonly Moment since;
    private readonly bool atOnce;

    internal Absence(FramePattern pattern, Moment since, bool atOnce = false) =>
        (this.pattern, this.since, this.atOnce) = (pattern, since, atOnce);

    /// <inheritdoc/>
    public override string Text => $"never {pattern}, since {since}";

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        // What was already in flight at that moment does not count.
        var from = atOnce ? since.At : since.At + record.Tolerance;
        foreach (var frame in record.Messages.Where(frame => frame.At > from && pattern.Matches(frame)))
            Fail("seen", frame);
    }
}
