using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// The virtual clock and the events scheduled on it: events run in the order of their time, those of one instant in the order in which
/// they were scheduled. Single-threaded, hence deterministic.
/// </summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long At, long Sequence)> events = new();
    private long sequence;

    /// <summary>The present virtual time: nanoseconds since the start of the run.</summary>
    public Instant Now { get; private set; }

    /// <summary>Schedules an event; one in the past happens now.</summary>
    public void At(Instant instant, Action happening) =>
        events.Enqueue(happening, (Math.Max(instant.Nanoseconds, Now.Nanoseconds), sequence++));

    /// <summary>Runs the next event if it is due at or before <paramref name="until"/>; otherwise time advances to it.</summary>
    /// <returns>Whether an event was run.</returns>
    public bool Step(Instant until)
    {
        if (events.TryPeek(out _, out var due) && due.At <= until.Nanoseconds)
        {
            var happening = events.Dequeue();
            Now = new Instant(due.At);
            happening();
            return true;
        }

        if (Now < until)
            Now = until;
        return false;
    }
}
