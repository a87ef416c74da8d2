using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>A frame of a kind within a time of a moment; others may come too.</summary>
public sealed class Presence : Expectation
{
    private readonly FramePattern pattern;
    private readonly Moment since;
    private readonly TimeSpan within;

    internal Presence(FramePattern pattern, Moment since, TimeSpan within) =>
        (this.pattern, this.since, this.within) = (pattern, since, within);

    /// <inheritdoc/>
    public override string Text => $"{pattern}, within {within.InWords()} of {since}";

    internal override Instant? Closes(TimeSpan tolerance) => since.Done + within + tolerance;

    private protected override void Examine(Record record)
    {
        var closes = Closes(record.ToleranceOf(within, since))!.Value;
        if (record.Messages.FirstOrDefault(frame => frame.At >= since.At && frame.At <= closes && pattern.Matches(frame)) is { } found)
            Claim(found);
        else
            Fail("it did not come");
    }
}
