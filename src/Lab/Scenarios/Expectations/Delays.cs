using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>Each question is answered within a time, and the delays of the answers show something together.</summary>
public sealed class Delays : Expectation
{
    private readonly IReadOnlyList<(Moment Asked, FramePattern Answer)> questions;
    private readonly TimeSpan longest;
    private readonly string what;
    private readonly Func<IReadOnlyList<TimeSpan>, TimeSpan, string?> wrong;

    internal Delays(
        IReadOnlyList<(Moment Asked, FramePattern Answer)> questions, TimeSpan longest, string what,
        Func<IReadOnlyList<TimeSpan>, TimeSpan, string?> wrong) =>
        (this.questions, this.longest, this.what, this.wrong) = (questions, longest, what, wrong);

    /// <inheritdoc/>
    public override string Text =>
        FormattableString.Invariant($"{questions.Count} queries are answered within {longest.InWords()} each, {what}");

    internal override Instant? Closes(TimeSpan tolerance) => null;

    private protected override void Examine(Record record)
    {
        var delays = new List<TimeSpan>();
        foreach (var (asked, answer) in questions)
        {
            var last = asked.Done + longest + record.Tolerance;
            // An answer answers one question.
            if (record.Messages.FirstOrDefault(frame =>
                    frame.At >= asked.At && frame.At <= last && answer.Matches(frame) && !Claimed.Contains(frame)) is { } found)
            {
                Claim(found);
                delays.Add(found.At - asked.At);
            }
            else
            {
                Fail($"no answer like {answer} within {longest.InWords()} of when {asked}");
            }
        }

        if (Problems.Count == 0 && wrong(delays, record.Tolerance) is { } instead)
            Fail(instead, Claimed);
    }
}
