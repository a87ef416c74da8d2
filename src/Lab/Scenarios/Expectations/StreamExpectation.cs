using System.Globalization;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Expectations;

/// <summary>
/// The fate of each datagram of a stream at one place. A datagram is judged by when it was sent, and found again by its payload, which
/// carries its number.
/// </summary>
public sealed class StreamExpectation : Expectation
{
    private const int DatagramsBefore = 5;
    private const int DatagramsAfter = 3;

    private readonly StreamView view;
    private readonly string what;
    private readonly Moment flips;
    private readonly TimeSpan earliest;
    private readonly TimeSpan latest;
    private readonly bool arrivesBefore;
    private readonly bool arrivesAfter;

    /// <summary>
    /// From a little before <paramref name="flips"/> until <paramref name="earliest"/> after <paramref name="flips"/> it is one way, from
    /// <paramref name="latest"/> after it the other.
    /// </summary>
    internal StreamExpectation(
        StreamView view, string what, Moment flips, TimeSpan earliest, TimeSpan latest, bool arrivesBefore, bool arrivesAfter) =>
        (this.view, this.what, this.flips, this.earliest, this.latest, this.arrivesBefore, this.arrivesAfter) =
        (view, what, flips, earliest, latest, arrivesBefore, arrivesAfter);

    /// <inheritdoc/>
    public override string Text => $"{view} {what}";

    // A datagram just after the change proves nothing, one just before the end may still be on its way.
    internal override Instant? Closes(TimeSpan tolerance) => flips.Done + latest + (2 * tolerance) + (DatagramsAfter * view.Stream.Every);

    private protected override void Examine(Record record)
    {
        var copies = record.Frames.Where(view.IsHere).ToLookup(frame => Key(frame));
        var (before, after) = (0, 0);
        // For a change, it must have been different before.
        var since = arrivesBefore == arrivesAfter ? flips.At : flips.At - record.Tolerance - (DatagramsBefore * view.Stream.Every);
        foreach (var sent in record.Frames.Where(view.Stream.IsSent))
        {
            // Near its end the window may not have seen the copy yet.
            if (sent.At < since || sent.At > record.Now - record.Tolerance)
                continue;
            if (sent.At <= flips.At + earliest - record.Tolerance)
            {
                before++;
                Examine(sent, copies[Key(sent)].ToList(), arrivesBefore);
            }
            else if (sent.At >= flips.Done + latest + record.Tolerance)
            {
                after++;
                Examine(sent, copies[Key(sent)].ToList(), arrivesAfter);
            }
        }

        if (after == 0)
            Fail("no datagram was sent after that: nothing is shown");
        if (before == 0 && arrivesBefore != arrivesAfter)
            Fail("no datagram was sent before that: nothing is shown");
    }

    private void Examine(SeenFrame sent, List<SeenFrame> copies, bool arrives)
    {
        var late = (sent.At - flips.At).InWords();
        if (arrives && copies.Count == 0)
        {
            Fail($"the datagram sent {late} after {flips} did not arrive", sent);
            Miss(new MissingFrame($"datagram of {view.Stream}", null, view.Lan, sent.At));
        }
        else if (arrives && copies.Count > 1)
            Fail(
                string.Create(CultureInfo.InvariantCulture, $"the datagram sent {late} after {flips} arrived {copies.Count} times"),
                copies);
        else if (!arrives && copies.Count > 0)
            Fail($"the datagram sent {late} after {flips} arrived", copies);
    }

    private static string Key(SeenFrame frame) => Convert.ToHexString(frame.Datagram!.Value.Span);
}
