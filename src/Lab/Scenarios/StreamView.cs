using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;

namespace MulticastLab.Lab.Scenarios;

/// <summary>A stream as it is seen on one LAN.</summary>
public sealed class StreamView
{
    private readonly string place;

    internal StreamView(DatagramStream stream, string place, string lan) => (Stream, this.place, Lan) = (stream, place, lan);

    internal DatagramStream Stream { get; }

    internal string Lan { get; }

    /// <summary>Every datagram from now until the step ends arrives, exactly once.</summary>
    public StreamExpectation HasNoGap() => Always("has no gap", arrives: true);

    /// <summary>No datagram from now until the step ends arrives.</summary>
    public StreamExpectation IsSilent() => Always("is silent", arrives: false);

    /// <summary>No datagram arrived before the moment; all do that are sent this long after it.</summary>
    public StreamExpectation Starts(TimeSpan within, Moment of) =>
        Change($"starts within {within.InWords()} of {of}", of, TimeSpan.Zero, within, arrives: true);

    /// <summary>Every datagram arrives that is sent until this long after the moment, none that is sent later.</summary>
    public StreamExpectation Stops(TimeSpan after, Moment of) =>
        Change($"stops {after.InWords()} after {of}", of, after, after, arrives: false);

    /// <summary>Every datagram arrives that is sent until the one time after the moment, none that is sent later than the other.</summary>
    public StreamExpectation Stops(TimeSpan notBefore, TimeSpan atLast, Moment of) =>
        new(
            this, $"stops {notBefore.InWords()} to {atLast.InWords()} after {of}", of, notBefore, atLast, arrivesBefore: true,
            arrivesAfter: false);

    /// <summary>Where and what.</summary>
    public override string ToString() => $"{Stream} at {place}";

    internal bool IsHere(SeenFrame frame) => frame.Frame.Lan == Lan && Stream.IsOf(frame);

    private StreamExpectation Always(string what, bool arrives)
    {
        var now = Stream.Run.Now;
        return new StreamExpectation(this, what, now, TimeSpan.Zero, TimeSpan.Zero, arrives, arrives);
    }

    private StreamExpectation Change(string what, Moment of, TimeSpan earliest, TimeSpan latest, bool arrives) =>
        new(this, what, of, earliest, latest, !arrives, arrives);
}
