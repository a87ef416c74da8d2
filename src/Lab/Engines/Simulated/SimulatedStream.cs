using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A stream of numbered datagrams from a port, one now and one per interval, until it is disposed.</summary>
internal sealed class SimulatedStream : IAsyncDisposable
{
    private readonly EventQueue clock;
    private readonly SimulatedPort port;
    private readonly Address source;
    private readonly Address group;
    private readonly TimeSpan every;
    private long number;
    private bool ended;

    public SimulatedStream(EventQueue clock, SimulatedPort port, Address source, Address group, TimeSpan every)
    {
        (this.clock, this.port, this.source, this.group, this.every) = (clock, port, source, group, every);
        clock.At(clock.Now, Next);
    }

    public ValueTask DisposeAsync()
    {
        ended = true;
        return ValueTask.CompletedTask;
    }

    private void Next()
    {
        if (ended)
            return;
        port.Send(Frames.Datagram(number++, clock.Now, source, group, port.Mac));
        clock.At(clock.Now + every, Next);
    }
}
