using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>Calls a core whenever its next timer is due, until it is stopped.</summary>
internal sealed class Alarm(NodeClock clock, Action ring)
{
    private Instant set = Instant.Never;
    private int generation;

    /// <summary>Sets the alarm to this instant instead of the one before; <see cref="Instant.Never"/> switches it off.</summary>
    public void Set(Instant due)
    {
        if (due == set)
            return;
        set = due;
        var mine = ++generation;
        if (due != Instant.Never)
            clock.At(due, () => Ring(mine));
    }

    private void Ring(int mine)
    {
        if (mine != generation)
            return;
        set = Instant.Never;
        ring();
    }
}
