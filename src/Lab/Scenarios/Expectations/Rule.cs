using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>Something that holds for every message of a kind in the whole run.</summary>
public sealed class Rule : Expectation
{
    private readonly FramePattern pattern;
    private readonly string what;
    private readonly Func<SeenFrame, bool> holds;

    internal Rule(FramePattern pattern, string what, Func<SeenFrame, bool> holds) =>
        (this.pattern, this.what, this.holds) = (pattern, what, holds);

    /// <inheritdoc/>
    public override string Text => $"{pattern} has {what}";

    internal override bool OutlivesStep => true;

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        var frames = record.Messages.Where(pattern.Matches).ToList();
        if (frames.Count == 0)
            Fail($"{pattern} was not seen: nothing is shown");
        foreach (var frame in frames.Where(frame => !holds(frame)))
            Fail($"frame {frame.Number} has not", frame);
    }
}
