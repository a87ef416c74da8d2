using System.Runtime.InteropServices;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>
/// A packet socket (AF_PACKET) on one interface or on all of them: whole frames in and out, with the kernel's nanosecond timestamps. It
/// belongs to the network namespace in which it was opened, whichever thread uses it later. Needs CAP_NET_RAW there.
/// </summary>
public sealed unsafe class PacketSocket : IDisposable
{
    private const int AddMembership = 1; // PACKET_ADD_MEMBERSHIP
    private const int Statistics = 6; // PACKET_STATISTICS
    private const int IgnoreOutgoingOption = 23; // PACKET_IGNORE_OUTGOING
    private const ushort PromiscuousMembership = 1; // PACKET_MR_PROMISC
    private const ushort AllMulticastMembership = 2; // PACKET_MR_ALLMULTI

    private readonly int interfaceIndex;
    private long received;
    private long dropped;
    private PacketRing? ring;
    private PacketBatchReader? batchReader;

    private PacketSocket(FileDescriptor descriptor, string about, int interfaceIndex)
    {
        Descriptor = descriptor;
        About = about;
        this.interfaceIndex = interfaceIndex;
    }

    /// <summary>The descriptor, to be watched by an <see cref="EventLoop"/>; never blocks.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>
    /// The receive buffer's size as the kernel counts: twice what was asked for, less where the limit could not be lifted.
    /// </summary>
    public int ReceiveBufferBytes { get; private set; }

    private string About { get; }

    /// <summary>Opens a socket on one interface of the thread's network namespace.</summary>
    /// <exception cref="LinuxException">No such interface, or no privilege.</exception>
    public static PacketSocket Open(string interfaceName, PacketSocketOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        return Open(LinkInfo.Read(interfaceName).Index, interfaceName, options ?? new PacketSocketOptions());
    }

    /// <summary>
    /// Opens a socket on all interfaces, present and future, of the thread's network namespace. <see cref="Send(ReadOnlySpan{byte})"/>
    /// cannot be used on it.
    /// </summary>
    /// <exception cref="LinuxException">No privilege.</exception>
    public static PacketSocket OpenOnAll(PacketSocketOptions? options = null) =>
        Open(0, "all interfaces", options ?? new PacketSocketOptions());

    /// <summary>
    /// What reads the packets: the ring, where the socket was opened with one, otherwise batches. It is the socket's and closed with it.
    /// </summary>
    /// <param name="packetLength">How many bytes of each packet are needed: a reader for more replaces one for fewer. A ring has all of
    /// them.</param>
    public IPacketReader Reader(int packetLength = 2048)
    {
        if (ring is not null)
            return ring;
        if (batchReader is null || batchReader.PacketLength < packetLength)
        {
            batchReader?.Dispose();
            batchReader = new PacketBatchReader(this, packetLength);
        }

        return batchReader;
    }

    /// <summary>
    /// Takes the packets that are there, as many as the batch has room for, without waiting. For sockets without
    /// <see cref="PacketSocketOptions.Ring"/>.
    /// </summary>
    /// <returns>How many there were; 0 when there was none.</returns>
    /// <exception cref="LinuxException"><see cref="Errno.NetworkDown"/> once after the interface has gone down; the socket stays
    /// usable.</exception>
    public int Receive(PacketBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Receive(Descriptor);
    }

    /// <summary>Waits until a packet is there.</summary>
    /// <returns>False when there was none in time.</returns>
    public bool WaitForPacket(TimeSpan timeout) => Descriptor.WaitUntilReadable(timeout);

    /// <summary>Sends one frame with its Ethernet header. For sockets with <see cref="PacketSocketOptions.LinkHeader"/>.</summary>
    /// <exception cref="LinuxException"><see cref="Errno.NetworkDown"/>, <see cref="Errno.NoBufferSpace"/> …</exception>
    public void Send(ReadOnlySpan<byte> frame)
    {
        var address = new LinkAddress(interfaceIndex, 0);
        Send(frame, &address);
    }

    /// <summary>
    /// Sends frames of a sequence in their order, many with one system call. Where the send buffer is full it busy-waits for room. For
    /// sockets with
    /// <see cref="PacketSocketOptions.LinkHeader"/>.
    /// </summary>
    /// <param name="frames">The frames.</param>
    /// <param name="first">The index of the first one to send.</param>
    /// <param name="count">How many to send: 0 up to all that follow.</param>
    /// <exception cref="LinuxException"><see cref="Errno.NetworkDown"/>, <see cref="Errno.NoBufferSpace"/> …; some may have been
    /// sent.</exception>
    public void Send(FrameSequence frames, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(frames);
        frames.Send(Descriptor, new LinkAddress(interfaceIndex, 0), About, first, count);
    }

    /// <summary>
    /// Sends one packet; the kernel puts the Ethernet header before it. For sockets without <see cref="PacketSocketOptions.LinkHeader"/>.
    /// </summary>
    /// <param name="packet">The packet, from its network header on.</param>
    /// <param name="protocol">The EtherType.</param>
    /// <param name="destination">The destination's link-layer address.</param>
    /// <exception cref="LinuxException"><see cref="Errno.NetworkDown"/>, <see cref="Errno.NoBufferSpace"/> …</exception>
    public void Send(ReadOnlySpan<byte> packet, ushort protocol, MacAddress destination)
    {
        var address = new LinkAddress(interfaceIndex, protocol, destination);
        Send(packet, &address);
    }

    /// <summary>
    /// How many packets passed the filter since the socket was opened, and how many of them were lost because the buffer was full.
    /// </summary>
    public (long Received, long Dropped) ReadStatistics()
    {
        // struct tpacket_stats; reading resets it.
        Span<uint> counters = stackalloc uint[2];
        var length = 2U * sizeof(uint);
        fixed (uint* start = counters)
        {
            LinuxException.ThrowIfFailed(
                Libc.GetSocketOption(Descriptor, SocketConstants.LevelPacket, Statistics, start, &length), "getsockopt(PACKET_STATISTICS)",
                About);
        }

        // tp_packets counts the dropped ones too.
        received += counters[0];
        dropped += counters[1];
        return (received, dropped + (ring?.Dropped ?? 0));
    }

    /// <summary>Closes the socket and its reader.</summary>
    public void Dispose()
    {
        // First: memory that is mapped keeps a closed socket receiving.
        ring?.Dispose();
        batchReader?.Dispose();
        Descriptor.Dispose();
    }

    /// <summary>Throws the socket's pending error, once.</summary>
    internal void ThrowPendingError()
    {
        int error;
        var length = (uint)sizeof(int);
        LinuxException.ThrowIfFailed(
            Libc.GetSocketOption(Descriptor, SocketConstants.LevelSocket, SocketConstants.PendingError, &error, &length),
            "getsockopt(SO_ERROR)", About);
        if (error != 0)
            throw new LinuxException("receive", error, About);
    }

    private static PacketSocket Open(int interfaceIndex, string about, PacketSocketOptions options)
    {
        // Protocol 0 receives nothing until bind: filter and options are in force before the first packet.
        var type = (options.LinkHeader ? SocketConstants.TypeRaw : SocketConstants.TypeDatagram) | SocketConstants.NonBlocking;
        var socket = SocketExtensions.OpenSocket(SocketConstants.FamilyPacket, type, 0, "socket(AF_PACKET)");
        var opened = new PacketSocket(socket, about, interfaceIndex);
        try
        {
            // A socket that only sends needs no stamps, and a ring's are made on arrival in any case.
            if (options.Protocol != 0 && options.Ring is null)
                ReceiveStamps.TurnOn(socket);
            var buffer = socket.SetReceiveBuffer(options.ReceiveBufferBytes);
            options.Filter?.Attach(socket);
            if (options.IgnoreOutgoing)
                socket.SetOption(SocketConstants.LevelPacket, IgnoreOutgoingOption, 1, "setsockopt(PACKET_IGNORE_OUTGOING)", about);
            if (options.AllMulticast)
                opened.Join(AllMulticastMembership);
            if (options.Promiscuous)
                opened.Join(PromiscuousMembership);
            opened.ReceiveBufferBytes = buffer;
            if (options.Ring is { } ring)
                opened.ring = PacketRing.Map(opened, ring);
            var address = new LinkAddress(interfaceIndex, options.Protocol);
            LinuxException.ThrowIfFailed(Libc.Bind(socket, &address, (uint)sizeof(LinkAddress)), "bind(AF_PACKET)", about);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private void Join(ushort type) => Descriptor.SetOption(
        SocketConstants.LevelPacket, AddMembership, new MembershipRequest { InterfaceIndex = interfaceIndex, Type = type },
        "setsockopt(PACKET_ADD_MEMBERSHIP)", About);

    private void Send(ReadOnlySpan<byte> bytes, LinkAddress* address)
    {
        fixed (byte* start = bytes)
        {
            while (Libc.SendTo(Descriptor, start, (nuint)bytes.Length, 0, address, (uint)sizeof(LinkAddress)) < 0)
            {
                if (Marshal.GetLastPInvokeError() != Errno.Interrupted)
                    throw LinuxException.Last("sendto", About);
            }
        }
    }

    /// <summary>struct packet_mreq.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MembershipRequest
    {
        public int InterfaceIndex;
        public ushort Type;
        public ushort AddressLength;
        public ulong Address;
    }
}
