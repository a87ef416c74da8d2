using System.Runtime.InteropServices;
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

    /// <summary>Sent to another host, and seen by a card in promiscuous mode.</summary>
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

    /// <summary>When the kernel took it from the card, on <see cref="KernelClock.RealTime"/>.</summary>
    public required Instant At { get; init; }

    /// <summary>How it came here.</summary>
    public required PacketType Type { get; init; }

    /// <summary>The index of the interface it came in on.</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>The EtherType.</summary>
    public required ushort Protocol { get; init; }

    /// <summary>The sender's link-layer address.</summary>
    public required MacAddress Sender { get; init; }
}

/// <summary>Room for several packets to be received with one system call (recvmmsg). To be used again and again; reading allocates nothing.</summary>
public sealed unsafe class PacketBatch : IDisposable
{
    private const int ControlLength = 64; // one SCM_TIMESTAMPNS: 16 bytes of header, 16 of timespec; and room to spare

    private readonly int packetLength;
    private readonly byte* packets;
    private readonly byte* controls;
    private readonly LinkAddress* senders;
    private readonly IoVector* vectors;
    private bool disposed;

    /// <summary>Room for <paramref name="capacity"/> packets.</summary>
    /// <param name="capacity">1 to 1024.</param>
    /// <param name="packetLength">How many bytes of each packet are kept.</param>
    public PacketBatch(int capacity = 64, int packetLength = 2048)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1024);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(packetLength);
        Capacity = capacity;
        this.packetLength = packetLength;
        packets = (byte*)NativeMemory.Alloc((nuint)capacity, (nuint)packetLength);
        controls = (byte*)NativeMemory.AllocZeroed((nuint)capacity, ControlLength);
        senders = (LinkAddress*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(LinkAddress));
        vectors = (IoVector*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(IoVector));
        Messages = (MultiMessageHeader*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(MultiMessageHeader));
        for (var i = 0; i < capacity; i++)
        {
            vectors[i] = new IoVector { Base = packets + (i * (long)packetLength), Length = (nuint)packetLength };
            Messages[i].Header = new MessageHeader
            {
                Name = senders + i,
                Vectors = vectors + i,
                VectorCount = 1,
                Control = controls + (i * ControlLength),
            };
        }
    }

    /// <summary>Frees the memory of a batch that was not disposed.</summary>
    ~PacketBatch() => Free();

    /// <summary>How many packets there is room for.</summary>
    public int Capacity { get; }

    /// <summary>How many packets the last receive has put here.</summary>
    public int Count { get; private set; }

    internal MultiMessageHeader* Messages { get; }

    /// <summary>The packet at <paramref name="index"/>, from 0.</summary>
    public ReceivedPacket this[int index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            ref var message = ref Messages[index];
            ref var sender = ref senders[index];
            // With MSG_TRUNC asked for, the length is the packet's own.
            var length = (int)message.Length;
            return new ReceivedPacket
            {
                Bytes = new ReadOnlySpan<byte>(packets + (index * (long)packetLength), Math.Min(length, packetLength)),
                OriginalLength = length,
                At = Stamp(message.Header),
                Type = (PacketType)sender.PacketType,
                InterfaceIndex = sender.InterfaceIndex,
                Protocol = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(sender.Protocol),
                Sender = sender.Mac,
            };
        }
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    internal int Receive(FileDescriptor socket)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        for (var i = 0; i < Capacity; i++)
        {
            // The kernel writes back how much it has used.
            Messages[i].Header.NameLength = (uint)sizeof(LinkAddress);
            Messages[i].Header.ControlLength = ControlLength;
        }

        Count = 0;
        while (true)
        {
            var count = Libc.ReceiveMany(socket, Messages, (uint)Capacity, SocketConstants.DontWait | SocketConstants.Truncated, null);
            if (count >= 0)
                return Count = count;
            switch (Marshal.GetLastPInvokeError())
            {
                case Errno.Interrupted:
                    continue;
                case Errno.TryAgain:
                    return 0;
                default:
                    throw LinuxException.Last("recvmmsg");
            }
        }
    }

    private static Instant Stamp(in MessageHeader header)
    {
        var control = (byte*)header.Control;
        var at = 0;
        while (at + sizeof(ControlHeader) <= (int)header.ControlLength)
        {
            var found = (ControlHeader*)(control + at);
            if (found->Level == SocketConstants.LevelSocket && found->Type == SocketConstants.TimestampNanoseconds)
            {
                var time = (TimeSpecification*)(found + 1);
                return new Instant((time->Seconds * 1_000_000_000) + time->Nanoseconds);
            }

            at += Math.Max(((int)found->Length + 7) & ~7, sizeof(ControlHeader));
        }

        throw new InvalidOperationException("The kernel has given a packet no time stamp (SO_TIMESTAMPNS).");
    }

    private void Free()
    {
        if (disposed)
            return;
        disposed = true;
        NativeMemory.Free(packets);
        NativeMemory.Free(controls);
        NativeMemory.Free(senders);
        NativeMemory.Free(vectors);
        NativeMemory.Free(Messages);
    }
}
