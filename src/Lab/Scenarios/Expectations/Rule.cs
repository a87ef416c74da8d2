using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>Something that holds for every message of a kind in the whole run.</summary>
public sealed class Rule : Expectation
{
    private readonly FramePattern pattern;
    private readonly string what;
    private readonly Func<SeenFrame, bool> holds;

    internal Rule(FramePattern pattern, string what, Func<SeenFrame, bool> holds) => (this.pattern, this.what, this.holds) = (pattern, what, holds);

    /// <inheritdoc/>
    public override string Text => $"{pattern} has {what}";

    internal override bool OutlivesStep => true;

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        foreach (var frame in record.Messages.Where(frame => pattern.Matches(frame) && !holds(frame)))
            Fail($"frame {frame.Number} has not", frame);
    }
}
