using System.Runtime.CompilerServices;
using MulticastLab.Linux.Multicast;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Datagrams;

/// <summary>One received datagram, read in place: valid until the next receive.</summary>
public readonly ref struct ReceivedDatagram
{
    /// <summary>The payload.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The source address.</summary>
    public required Address Source { get; init; }

    /// <summary>When the kernel received it, on <see cref="KernelClock.RealTime"/>.</summary>
    public required Instant At { get; init; }
}

/// <summary>A UDP socket that receives what is sent to one group and port, as far as its membership's source filter lets it pass.</summary>
public sealed unsafe class MulticastReceiver : IDisposable
{
    private const int MulticastAll = 49; // IP_MULTICAST_ALL
    private const int BufferBytes = 4 << 20;
    private const int BatchSize = 64;
    private const int PayloadLength = 2048;

    private readonly FileDescriptor socket;
    private readonly MessageBatch batch = new(BatchSize, PayloadLength, Unsafe.SizeOf<SocketAddressStorage>());

    private MulticastReceiver(FileDescriptor socket, int interfaceIndex, Address group)
    {
        this.socket = socket;
        Membership = new MulticastMembership(socket, interfaceIndex, group);
    }

    /// <summary>The membership; not joined at first.</summary>
    public MulticastMembership Membership { get; }

    /// <summary>The descriptor, to be watched by an <see cref="EventLoop"/>.</summary>
    public FileDescriptor Descriptor => socket;

    /// <summary>How many datagrams were lost because the socket's buffer was full; known when a later one has arrived.</summary>
    public long Dropped { get; private set; }

    /// <summary>Opens a socket in the thread's network namespace; others may listen on the same port.</summary>
    /// <exception cref="LinuxException">The port is not available.</exception>
    public static MulticastReceiver Open(int interfaceIndex, Address group, ushort port)
    {
        var socket = SocketExtensions.OpenSocket(
            SocketConstants.FamilyInet, SocketConstants.TypeDatagram | SocketConstants.NonBlocking, 0, "socket(AF_INET, SOCK_DGRAM)");
        try
        {
            socket.SetOption(SocketConstants.LevelSocket, SocketConstants.ReuseAddress, 1, "setsockopt(SO_REUSEADDR)");
            ReceiveStamps.TurnOn(socket);
            socket.SetOption(SocketConstants.LevelSocket, SocketConstants.ReceiveQueueOverflow, 1, "setsockopt(SO_RXQ_OVFL)");
            // Otherwise the memberships of other sockets would decide what this one gets.
            socket.SetOption(SocketConstants.LevelIp, MulticastAll, 0, "setsockopt(IP_MULTICAST_ALL)");
            socket.SetReceiveBuffer(BufferBytes);
            var address = new SocketAddressStorage(group, port);
            LinuxException.ThrowIfFailed(Libc.Bind(socket, &address, SocketAddressStorage.InetLength), "bind", $"{group}:{port}");
            return new MulticastReceiver(socket, interfaceIndex, group);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Handles the datagrams that are there, at most a few at a time, without waiting.</summary>
    /// <returns>How many there were; 0 when there was none.</returns>
    public int Receive(DatagramHandler handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        var count = batch.Receive(socket);
        for (var i = 0; i < count; i++)
        {
            // The kernel counts in 32 bits.
            if (batch.Dropped(i) is { } dropped)
                Dropped += unchecked(dropped - (uint)Dropped);
            handle(
                new ReceivedDatagram { Payload = batch.Bytes(i), Source = batch.Name<SocketAddressStorage>(i).Address, At = batch.Stamp(i) }
            );
        }

        return count;
    }

    /// <summary>Leaves the group by closing the socket.</summary>
    public void Dispose()
    {
        socket.Dispose();
        batch.Dispose();
    }
}

/// <summary>Takes one datagram.</summary>
public delegate void DatagramHandler(in ReceivedDatagram datagram);
