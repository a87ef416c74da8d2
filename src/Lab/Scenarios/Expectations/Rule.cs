using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>Something that holds for every message of a kind in the whole run.</summary>
public sealed class Rule : Expectation
{
    private readonly FramePattern pattern;
    private readonly string what;
    private readonly Func<SeenFrame, string?> wrong;
    private bool endsWithStep;

    internal Rule(FramePattern pattern, string what, Func<SeenFrame, string?> wrong) =>
        (this.pattern, this.what, this.wrong) = (pattern, what, wrong);

    /// <inheritdoc/>
    public override string Text => $"{pattern} has {what}";

    /// <summary>The same, judged when the step ends, by all that was seen until then.</summary>
    public Rule UntilStepEnds()
    {
        endsWithStep = true;
        return this;
    }

    internal override bool OutlivesStep => !endsWithStep;

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        var frames = record.Messages.Where(pattern.Matches).ToList();
        if (frames.Count == 0)
            Fail($"{pattern} was not seen: nothing is shown");
        foreach (var frame in frames)
        {
            if (wrong(frame) is { } instead)
                Fail($"frame {frame.Number} has {instead}", frame);
        }
    }
}
