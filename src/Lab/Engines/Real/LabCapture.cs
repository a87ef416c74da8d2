using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>Captures every frame of a lab once. One socket sees all the LANs, so the kernel's timestamps give one order.</summary>
internal sealed class LabCapture : IDisposable
{
    // Enough for a burst of 10,000 reports and more while the reader is away.
    private const int BufferBytes = 32 << 20;
    private const int LongestFrame = 9216;

    private readonly PacketSocket socket;
    private readonly PacketBatch batch = new(capacity: 64, packetLength: LongestFrame);
    private readonly FrameOrigins originOf;
    private readonly EventLoop loop;
    private readonly LoopTimer publish;
    private readonly FrameLog log = new();
    private readonly Action changed;
    private readonly Lock gate = new();
    private long cut;

    /// <summary>Starts capturing.</summary>
    /// <param name="socket">A socket of <see cref="OpenInFabric"/> or <see cref="OpenOn"/>.</param>
    /// <param name="originOf">Where a packet comes from.</param>
    /// <param name="loop">Where it runs; not running yet.</param>
    /// <param name="changed">Called on the loop when frames were published.</param>
    internal LabCapture(PacketSocket socket, FrameOrigins originOf, EventLoop loop, Action changed)
    {
        this.socket = socket;
        this.originOf = originOf;
        this.loop = loop;
        this.changed = changed;
        publish = loop.AddTimer(Publish);
        loop.Watch(socket.Descriptor, Drain);
    }

    /// <summary>The frames so far.</summary>
    internal IReadOnlyList<LabFrame> Frames => log.Frames;

    /// <summary>
    /// Opens a socket for what comes from the nodes into the fabric, before the bridge copies it; to be called by a thread in the fabric's
    /// network namespace.
    /// </summary>
    // A bridge hands multicast frames up to itself as well; only the ports' indexes are this high.
    internal static PacketSocket OpenInFabric() => Open(
        ignoreOutgoing: true, FilterInstruction.IfAtLeast(Fabric.FirstPort, 0, 1), FilterInstruction.Take(LongestFrame));

    /// <summary>Opens a socket for what comes and goes on interfaces of the thread's network namespace.</summary>
    /// <param name="interfaces">Their indexes, at most 100.</param>
    internal static PacketSocket OpenOn(IReadOnlyList<int> interfaces) => Open(
        ignoreOutgoing: false,
        [
            .. interfaces.Select((each, i) => IfInterface(each, comparisonsLeft: interfaces.Count - 1 - i)),
            FilterInstruction.Take(LongestFrame),
        ]);

    // What is behind the comparisons takes the packet; what is behind that does not.
    private static FilterInstruction IfInterface(int index, int comparisonsLeft) =>
        FilterInstruction.IfEqual((uint)index, comparisonsLeft, comparisonsLeft == 0 ? 1 : 0);

    private static PacketSocket Open(bool ignoreOutgoing, params ReadOnlySpan<FilterInstruction> byIndex) =>
        PacketSocket.OpenOnAll(new PacketSocketOptions
        {
            ReceiveBufferBytes = BufferBytes,
            IgnoreOutgoing = ignoreOutgoing,
            Filter = new PacketFilter(
                [FilterInstruction.LoadWord(FilterInstruction.InterfaceIndex), .. byIndex, FilterInstruction.Take(0)]),
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
                var (lan, node, name) = originOf(packet);
                log.Add(new LabFrame(0, packet.At, lan, node, name, packet.Bytes.ToArray()));
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
