using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>What the messages of a kind in a window show together.</summary>
public sealed class Together : Expectation
{
    private readonly FramePattern pattern;
    private readonly Moment since;
    private readonly TimeSpan after;
    private readonly TimeSpan within;
    private readonly string what;
    private readonly Func<IReadOnlyList<SeenFrame>, string?> wrong;

    internal Together(
        FramePattern pattern, Moment since, TimeSpan after, TimeSpan within, string what, Func<IReadOnlyList<SeenFrame>, string?> wrong) =>
        (this.pattern, this.since, this.after, this.within, this.what, this.wrong) = (pattern, since, after, within, what, wrong);

    /// <inheritdoc/>
    public override string Text => $"{pattern} {what}, {after.InWords()} to {(after + within).InWords()} after {since}";

    internal override Instant? Closes(TimeSpan tolerance) => since.Done + after + within + tolerance;

    private protected override void Examine(Record record)
    {
        var closes = Closes(record.Tolerance)!.Value;
        var found = record.Messages
            .Where(frame => frame.At >= since.At + after && frame.At <= closes && pattern.Matches(frame))
            .ToList();
        found.ForEach(Claim);
        if (wrong(found) is { } instead)
            Fail(instead, found);
    }
}
