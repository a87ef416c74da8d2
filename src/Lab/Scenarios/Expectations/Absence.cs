using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>No frame of a kind from a moment until the step ends.</summary>
public sealed class Absence : Expectation
{
    private readonly FramePattern pattern;
    private readonly Moment since;

    internal Absence(FramePattern pattern, Moment since) => (this.pattern, this.since) = (pattern, since);

    /// <inheritdoc/>
    public override string Text => $"never {pattern}, since {since}";

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        // What was already in flight at that moment does not count.
        foreach (var frame in record.Messages.Where(frame => frame.At > since.At + record.Tolerance && pattern.Matches(frame)))
            Fail("seen", frame);
    }
}
