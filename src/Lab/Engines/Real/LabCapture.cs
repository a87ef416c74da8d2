using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>
/// Captures every frame of a lab once: where it comes from its node into the fabric, before the bridge copies it. One socket sees all the
/// LANs, so the kernel's timestamps give one order.
/// </summary>
internal sealed class LabCapture : IDisposable
{
    // Enough for a burst of 10,000 reports and more while the reader is away.
    private const int BufferBytes = 32 << 20;
    private const int LongestFrame = 9216;

    private readonly PacketSocket socket;
    private readonly PacketBatch batch = new(capacity: 64, packetLength: LongestFrame);
    private readonly Func<int, FabricPort> portOf;
    private readonly EventLoop loop;
    private readonly LoopTimer publish;
    private readonly FrameLog log = new();
    private readonly Action changed;
    private readonly Lock gate = new();
    private long cut;

    /// <summary>Starts capturing.</summary>
    /// <param name="socket">A socket of <see cref="Open"/>.</param>
    /// <param name="portOf">The port of an interface index from <see cref="Fabric.FirstPort"/> on.</param>
    /// <param name="loop">Where it runs; not running yet.</param>
    /// <param name="changed">Called on the loop when frames were published.</param>
    internal LabCapture(PacketSocket socket, Func<int, FabricPort> portOf, EventLoop loop, Action changed)
    {
        this.socket = socket;
        this.portOf = portOf;
        this.loop = loop;
        this.changed = changed;
        publish = loop.AddTimer(Publish);
        loop.Watch(socket.Descriptor, Drain);
    }

    /// <summary>The frames so far.</summary>
    internal IReadOnlyList<LabFrame> Frames => log.Frames;

    /// <summary>Opens the socket; to be called by a thread in the fabric's network namespace.</summary>
    internal static PacketSocket Open() => PacketSocket.OpenOnAll(new PacketSocketOptions
    {
        ReceiveBufferBytes = BufferBytes,
        IgnoreOutgoing = true,
        // A bridge hands multicast frames up to itself as well; only the ports' indexes are this high.
        Filter = new PacketFilter(
            FilterInstruction.LoadWord(FilterInstruction.InterfaceIndex),
            FilterInstruction.IfAtLeast(Fabric.FirstPort, 0, 1),
            FilterInstruction.Take(LongestFrame),
            FilterInstruction.Take(0)),
    });

    /// <summary>Frames that were lost, or cut because they are longer than 9216 bytes.</summary>
    internal long CountLost()
    {
        lock (gate)
            return socket.ReadStatistics().Dropped + cut;
    }

    /// <summary>Takes in what has arrived and publishes it, without holding anything back.</summary>
    internal void Flush()
    {
        lock (gate)
        {
            TakeIn();
            if (log.PublishUntil(Instant.Never))
                changed();
        }
    }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        loop.Unwatch(socket.Descriptor);
        publish.Dispose();
        socket.Dispose();
        batch.Dispose();
    }

    private void Drain()
    {
        lock (gate)
        {
            TakeIn();
            Publish();
        }
    }

    private void TakeIn()
    {
        while (socket.Receive(batch) > 0)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var packet = batch[i];
                if (packet.OriginalLength > packet.Bytes.Length)
                    cut++;
                var port = portOf(packet.InterfaceIndex);
                log.Add(new LabFrame(0, packet.At, port.Lan, port.Node, port.Interface, packet.Bytes.ToArray()));
            }
        }
    }

    private void Publish()
    {
        lock (gate)
        {
            if (log.PublishUntil(KernelClock.RealTime - FrameLog.HoldBack))
                changed();
            if (log.FirstWaiting != Instant.Never)
                publish.Set(KernelClock.Monotonic + FrameLog.HoldBack);
        }
    }
}
