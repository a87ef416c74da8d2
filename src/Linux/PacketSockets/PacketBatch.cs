using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>How a packet came to this host (packet(7): sll_pkttype).</summary>
public enum PacketType : byte
{
    /// <summary>Sent to this host's link-layer address.</summary>
    Host = 0,

    /// <summary>A link-layer broadcast.</summary>
    Broadcast = 1,

    /// <summary>A link-layer multicast.</summary>
    Multicast = 2,

    /// <summary>Sent to another host, and seen by an interface in promiscuous mode.</summary>
    OtherHost = 3,

    /// <summary>Sent by this host.</summary>
    Outgoing = 4,
}

/// <summary>One received packet, read in place: valid until its batch is filled again.</summary>
public readonly ref struct ReceivedPacket
{
    /// <summary>The bytes; at most the batch's packet length.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>The length on the wire, which is more than that of <see cref="Bytes"/> when the packet was cut.</summary>
    public required int OriginalLength { get; init; }

    /// <summary>When the kernel received it from the interface, on <see cref="KernelClock.RealTime"/>.</summary>
    public required Instant At { get; init; }

    /// <summary>How it was addressed.</summary>
    public required PacketType Type { get; init; }

    /// <summary>The index of the interface it came in on.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>The EtherType.</summary>
    public required ushort Protocol { get; init; }

    /// <summary>The sender's link-layer address.</summary>
    public required MacAddress Sender { get; init; }
}

/// <summary>
/// Room for several packets to be received with one system call (recvmmsg). Reusable; reading allocates nothing.
/// </summary>
/// <param name="capacity">How many packets: 1 to 1024.</param>
/// <param name="packetLength">How many bytes of each packet are kept.</param>
public sealed class PacketBatch(int capacity = 64, int packetLength = 2048) : IDisposable
{
    private readonly MessageBatch messages = new(capacity, packetLength, Unsafe.SizeOf<LinkAddress>());

    /// <summary>How many bytes of each packet are kept.</summary>
    public int PacketLength => packetLength;

    /// <summary>How many packets there is room for.</summary>
    public int Capacity => messages.Capacity;

    /// <summary>How many packets the last receive has put here.</summary>
    public int Count => messages.Count;

    /// <summary>The packet at <paramref name="index"/>, from 0.</summary>
    public ReceivedPacket this[int index]
    {
        get
        {
            ref readonly var sender = ref messages.Name<LinkAddress>(index);
            return new ReceivedPacket
            {
                Bytes = messages.Bytes(index),
                OriginalLength = messages.OriginalLength(index),
                At = messages.Stamp(index),
                Type = (PacketType)sender.PacketType,
                InterfaceIndex = sender.InterfaceIndex,
                Protocol = BinaryPrimitives.ReverseEndianness(sender.Protocol),
                Sender = sender.Mac,
            };
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => messages.Dispose();

    internal int Receive(FileDescriptor socket) => messages.Receive(socket);
}
