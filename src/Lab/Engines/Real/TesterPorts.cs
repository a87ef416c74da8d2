using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The tester's own ports on the LANs, each made when it is first needed, and what is to be sent there and when.</summary>
internal sealed class TesterPorts : IDisposable
{
    private readonly Func<string, PacketSocket> open;
    private readonly EventLoop loop;
    private readonly LoopTimer timer;
    private readonly Lock gate = new();
    private readonly Dictionary<string, PacketSocket> sockets = [];
    private readonly PriorityQueue<Waiting, (Instant At, long Order)> waiting = new();
    private long order;

    /// <param name="open">Opens the port on a LAN.</param>
    /// <param name="loop">What sends the frames when they are due; not running yet.</param>
    internal TesterPorts(Func<string, PacketSocket> open, EventLoop loop)
    {
        this.open = open;
        this.loop = loop;
        timer = loop.AddTimer(SendDue);
    }

    /// <summary>Sends a frame at this instant of <see cref="KernelClock.RealTime"/>. For any thread.</summary>
    internal void Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation)
    {
        PacketSocket socket;
        lock (gate)
        {
            if (!sockets.TryGetValue(lan, out socket!))
                sockets.Add(lan, socket = open(lan));
        }

        loop.Post(() =>
        {
            waiting.Enqueue(new Waiting(socket, frame, cancellation), (at, ++order));
            SendDue();
        });
    }

    /// <summary>Forgets the frames that are still to be sent. For any thread.</summary>
    internal void Withdraw() => loop.Post(waiting.Clear);

    /// <summary>Closes the sockets. When the loop has stopped.</summary>
    public void Dispose()
    {
        timer.Dispose();
        foreach (var socket in sockets.Values)
            socket.Dispose();
    }

    private void SendDue()
    {
        while (waiting.TryPeek(out var next, out var due))
        {
            var left = due.At - KernelClock.RealTime;
            if (left > TimeSpan.Zero)
            {
                timer.Set(KernelClock.Monotonic + left);
                return;
            }

            waiting.Dequeue();
            if (!next.Cancellation.IsCancellationRequested)
                next.Socket.Send(next.Frame.Span);
        }
    }

    /// <param name="Socket">Where it is to be sent.</param>
    /// <param name="Frame">The frame.</param>
    /// <param name="Cancellation">Takes it back.</param>
    private readonly record struct Waiting(PacketSocket Socket, ReadOnlyMemory<byte> Frame, CancellationToken Cancellation);
}
