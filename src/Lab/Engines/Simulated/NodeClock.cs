using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>The clock of one node. It starts with the lab's and runs too fast or too slow, as real ones do.</summary>
internal sealed class NodeClock(EventQueue time)
{
    private const int Million = 1_000_000;

    /// <summary>
    /// By how many parts per million it is fast; negative when it is slow. Not to be changed while a daemon of the node runs.
    /// </summary>
    public int Drift { get; set; }

    /// <summary>The present by this clock.</summary>
    public Instant Now => new(Drift == 0 ? time.Now.Nanoseconds : (long)((Int128)time.Now.Nanoseconds * (Million + Drift) / Million));

    /// <summary>Schedules an event for when this clock shows the instant.</summary>
    public void At(Instant instant, Action happening) => time.At(Drift == 0 ? instant : InLabTime(instant), happening);

    // Rounded up: at that time this clock shows the instant or a nanosecond more.
    private Instant InLabTime(Instant instant) =>
        new((long)((((Int128)instant.Nanoseconds * Million) + Million + Drift - 1) / (Million + Drift)));
}
