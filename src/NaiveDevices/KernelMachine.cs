using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.NaiveDevices;

/// <summary>What a naive program has of a real machine: a packet socket on each interface, and the kernel's clock.</summary>
internal sealed class KernelMachine : ISimulatedMachine, IDisposable
{
    private readonly EventLoop loop;
    private readonly LoopTimer timer;
    private readonly Dictionary<string, PacketSocket> sockets = [];
    private readonly PriorityQueue<Action, (long At, long Sequence)> events = new();
    private ISimulatedProgram? program;
    private long sequence;

    /// <exception cref="LinuxException">An interface does not exist, or CAP_NET_RAW is missing.</exception>
    internal KernelMachine(EventLoop loop, IReadOnlyList<string> interfaces, IReadOnlyDictionary<string, string> variables)
    {
        this.loop = loop;
        Interfaces = interfaces;
        Variables = variables;
        timer = loop.AddTimer(RunDue);
        foreach (var name in interfaces)
        {
            sockets.Add(name, PacketSocket.Open(name, new PacketSocketOptions
            {
                Protocol = PacketSocketOptions.Ipv4, AllMulticast = true, IgnoreOutgoing = true,
            }));
        }
    }

    public IReadOnlyList<string> Arguments => [];

    public IReadOnlyDictionary<string, string> Variables { get; }

    public Instant Now => KernelClock.Monotonic;

    public IReadOnlyList<string> Interfaces { get; }

    public MacAddress MacOf(string interfaceName) => LinkInfo.Read(interfaceName).Mac;

    public Address? AddressOf(string interfaceName) => LinkInfo.Read(interfaceName).Address;

    public void Send(string interfaceName, ReadOnlyMemory<byte> frame)
    {
        try
        {
            sockets[interfaceName].Send(frame.Span);
        }
        catch (LinuxException lost) when (lost.Error is Errno.NetworkDown or Errno.MessageTooLong)
        {
            // As on a cable that is not plugged in, or for which it is too long.
        }
    }

    public void At(Instant when, Action what)
    {
        events.Enqueue(what, (when.Nanoseconds, sequence++));
        SetTimer();
    }

    /// <summary>Starts the program; it is called by the loop from then on.</summary>
    internal T Run<T>(Func<ISimulatedMachine, T> start)
        where T : ISimulatedProgram
    {
        var started = start(this);
        program = started;
        foreach (var (name, socket) in sockets)
            loop.Watch(socket.Descriptor, () => Read(name, socket.Reader()));
        return started;
    }

    public void Dispose()
    {
        timer.Dispose();
        foreach (var socket in sockets.Values)
        {
            loop.Unwatch(socket.Descriptor);
            socket.Dispose();
        }
    }

    private void Read(string name, IPacketReader reader)
    {
        try
        {
            for (var count = reader.Receive(); count > 0; count = reader.Receive())
            {
                for (var i = 0; i < count; i++)
                    program!.Receive(name, reader[i].Bytes.ToArray());
            }
        }
        catch (LinuxException down) when (down.Error == Errno.NetworkDown)
        {
            // The socket lives on, and receives again when the interface is up.
        }
    }

    private void RunDue()
    {
        while (events.TryPeek(out var what, out var due) && due.At <= Now.Nanoseconds)
        {
            events.Dequeue();
            what();
        }

        SetTimer();
    }

    private void SetTimer() => timer.Set(events.TryPeek(out _, out var due) ? new Instant(due.At) : Instant.Never);
}
