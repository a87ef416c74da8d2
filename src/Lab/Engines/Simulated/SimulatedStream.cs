using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A stream of numbered datagrams from a port, one now and one per interval, until it is disposed.</summary>
internal sealed class SimulatedStream : IAsyncDisposable
{
    private readonly EventQueue clock;
    private readonly SimulatedPort port;
    private readonly Address source;
    private readonly Address group;
    private readonly TimeSpan every;
    private readonly ulong stream;
    private ulong number;
    private bool ended;

    public SimulatedStream(EventQueue clock, SimulatedPort port, Address source, Address group, TimeSpan every, ulong stream)
    {
        (this.clock, this.port, this.source, this.group, this.every, this.stream) = (clock, port, source, group, every, stream);
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
        port.Send(DatagramFrame.Of(new StreamDatagram(stream, number++, clock.Now), source, group, port.Mac));
        clock.At(clock.Now + every, Next);
    }
}
