namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A LAN: what one port sends, all others get after the propagation delay, unless the LAN or a port is impaired.</summary>
internal sealed class SimulatedLan(
    string name, EventQueue clock, Random random, Action<SimulatedLan, SimulatedPort?, ReadOnlyMemory<byte>> capture)
{
    /// <summary>The delay of a frame from port to port.</summary>
    public static readonly TimeSpan PropagationDelay = TimeSpan.FromMicroseconds(10);

    private readonly List<SimulatedPort> ports = [];

    public string Name => name;

    public Impairment Impairment { get; set; } = Impairment.None;

    public void Attach(SimulatedPort port) => ports.Add(port);

    /// <summary>Carries a frame; it is captured where it enters, so that a frame that every receiver misses is captured all the
    /// same.</summary>
    /// <param name="from">The port that sends it; null for the tester's, which is not impaired and reaches every side.</param>
    /// <param name="frame">The frame.</param>
    public void Transmit(SimulatedPort? from, ReadOnlyMemory<byte> frame)
    {
        if (from is { Impairment.Partitioned: true })
            return;
        capture(this, from, frame);
        if (Impairment.Partitioned)
            return;
        foreach (var to in ports)
        {
            if (to != from && !to.Impairment.Partitioned && (from is null || to.Impairment.Side == from.Impairment.Side))
                Carry(from?.Impairment ?? Impairment.None, to, frame);
        }
    }

    private void Carry(Impairment from, SimulatedPort to, ReadOnlyMemory<byte> frame)
    {
        if (Happens(from, to, each => each.Loss))
            return;
        var delay = PropagationDelay + Impairment.Delay + from.Delay + to.Impairment.Delay;
        foreach (var each in (ReadOnlySpan<Impairment>)[Impairment, from, to.Impairment])
        {
            if (Chance(each.Reordering))
                delay += each.ReorderingDelay;
        }

        Deliver(to, frame, delay);
        if (Happens(from, to, each => each.Duplication))
            Deliver(to, frame, delay);
    }

    private void Deliver(SimulatedPort to, ReadOnlyMemory<byte> frame, TimeSpan delay) =>
        clock.At(clock.Now + delay, () => to.Receive(frame));

    private bool Happens(Impairment from, SimulatedPort to, Func<Impairment, double> chance) =>
        Chance(chance(Impairment)) | Chance(chance(from)) | Chance(chance(to.Impairment));

    // Nothing is drawn for what cannot happen: a lab without impairments does not depend on the order of its deliveries.
    private bool Chance(double chance) => chance > 0 && random.NextDouble() < chance;
}
