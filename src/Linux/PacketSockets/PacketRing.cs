using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>
/// The memory into which the kernel writes what a packet socket receives (PACKET_RX_RING, TPACKET_V2): a ring of slots, each with one
/// packet. Reading it needs no system call.
/// </summary>
/// <remarks>
/// A slot is handed over as soon as its packet is written. (TPACKET_V3 hands over blocks of packets, when they are full or after
/// milliseconds.) A packet that is longer than its slot waits whole in the socket's receive buffer besides (PACKET_COPY_THRESH), and is
/// handed over alone, in its turn.
/// </remarks>
internal sealed unsafe class PacketRing : IPacketReader, IDisposable
{
    private const int ReceiveRing = 5; // PACKET_RX_RING
    private const int CopyThreshold = 7; // PACKET_COPY_THRESH
    private const int VersionOption = 10; // PACKET_VERSION
    private const int Version2 = 1; // TPACKET_V2

    private const uint OfKernel = 0; // TP_STATUS_KERNEL
    private const uint OfUser = 1; // TP_STATUS_USER
    private const uint Copied = 2; // TP_STATUS_COPY

    private const int ReadAndWrite = 3; // PROT_READ | PROT_WRITE
    private const int Shared = 1; // MAP_SHARED
    private static readonly void* Failed = (void*)-1; // MAP_FAILED

    private const int BlockLength = 128 << 10;
    private const int LongestPacket = 65_536;
    private const int SenderOffset = 32; // TPACKET_ALIGN(sizeof(struct tpacket2_hdr))

    private readonly PacketSocket socket;
    private readonly int slotLength;
    private readonly int slots;
    private readonly byte* start;
    private byte* longPacket;
    private int first;
    private int count;
    private bool disposed;

    private PacketRing(PacketSocket socket, PacketRingOptions options, byte* start)
    {
        this.socket = socket;
        this.start = start;
        slotLength = options.SlotLength;
        slots = options.Slots;
    }

    ~PacketRing() => Unmap();

    /// <inheritdoc/>
    public int Capacity => 64;

    /// <summary>Packets that were longer than their slot, and for which the receive buffer had no room.</summary>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    public ReceivedPacket this[int index]
    {
        get
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
            var slot = Slot(first + index);
            var header = (Header*)slot;
            var sender = (LinkAddress*)(slot + SenderOffset);
            var bytes = (header->Status & Copied) != 0 ? longPacket : slot + header->Offset;
            return new ReceivedPacket
            {
                Bytes = new ReadOnlySpan<byte>(bytes, (int)header->KeptLength),
                OriginalLength = (int)header->Length,
                At = new Instant((header->Seconds * 1_000_000_000L) + header->Nanoseconds),
                Type = (PacketType)sender->PacketType,
                InterfaceIndex = sender->InterfaceIndex,
                Protocol = BinaryPrimitives.ReverseEndianness(sender->Protocol),
                Sender = sender->Mac,
            };
        }
    }

    /// <inheritdoc/>
    public int Receive()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var goesOn = count > 0;
        GiveBack();
        while (count < Capacity)
        {
            var header = (Header*)Slot(first + count);
            // The kernel writes the status last.
            var status = Volatile.Read(ref header->Status);
            if ((status & OfUser) == 0)
                break;
            if (header->KeptLength == header->Length)
            {
                count++;
                continue;
            }

            // It is handed over alone: there is room for one, and those before it come first.
            if (count > 0)
                break;
            if ((status & Copied) != 0 && TakeLong(header))
            {
                count = 1;
                break;
            }

            Dropped++;
            count = 1;
            GiveBack();
        }

        // Woken without a packet: there is a pending error, which keeps the descriptor readable until it is read.
        if (count == 0 && !goesOn)
            socket.ThrowPendingError();
        return count;
    }

    /// <summary>Returns the memory to the kernel. After that the socket receives nothing.</summary>
    public void Dispose()
    {
        Unmap();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sets up a ring on a socket that is not bound yet.</summary>
    /// <exception cref="ArgumentException">The kernel does not accept these dimensions.</exception>
    /// <exception cref="LinuxException">There is no memory for it.</exception>
    internal static PacketRing Map(PacketSocket socket, PacketRingOptions options)
    {
        if (!BitOperations.IsPow2(options.SlotLength) || options.SlotLength is < 128 or > LongestPacket)
            throw new ArgumentException(
                $"The length of a slot is a power of two from 128 to {LongestPacket}, not {options.SlotLength}.", nameof(options));
        if (options.Slots <= 0 || options.Slots % (BlockLength / 128) != 0)
            throw new ArgumentException($"The number of slots is a multiple of {BlockLength / 128}, not {options.Slots}.", nameof(options));
        var descriptor = socket.Descriptor;
        descriptor.SetOption(SocketConstants.LevelPacket, VersionOption, Version2, "setsockopt(PACKET_VERSION)");
        descriptor.SetOption(SocketConstants.LevelPacket, CopyThreshold, 1, "setsockopt(PACKET_COPY_THRESH)");
        var length = (long)options.Slots * options.SlotLength;
        var request = new RingRequest
        {
            BlockLength = BlockLength,
            Blocks = (uint)(length / BlockLength),
            SlotLength = (uint)options.SlotLength,
            Slots = (uint)options.Slots,
        };
        descriptor.SetOption(SocketConstants.LevelPacket, ReceiveRing, request, "setsockopt(PACKET_RX_RING)");
        var memory = Libc.Map(null, (nuint)length, ReadAndWrite, Shared, descriptor, 0);
        return memory == Failed ? throw LinuxException.Last("mmap(PACKET_RX_RING)") : new PacketRing(socket, options, (byte*)memory);
    }

    private byte* Slot(int index) => start + ((index < slots ? index : index - slots) * (long)slotLength);

    private void GiveBack()
    {
        for (; count > 0; count--)
        {
            // Read to the end before the kernel may write again.
            Volatile.Write(ref ((Header*)Slot(first))->Status, OfKernel);
            first = first + 1 < slots ? first + 1 : 0;
        }
    }

    private bool TakeLong(Header* header)
    {
        if (longPacket is null)
            longPacket = (byte*)NativeMemory.Alloc(LongestPacket);
        nint length;
        do
        {
            length = Libc.Receive(socket.Descriptor, longPacket, LongestPacket, SocketConstants.DontWait | SocketConstants.Truncated);
        }
        while (length < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        if (length < 0 || length > LongestPacket)
            return false;
        header->KeptLength = header->Length = (uint)length;
        return true;
    }

    private void Unmap()
    {
        if (disposed)
            return;
        disposed = true;
        Libc.Unmap(start, (nuint)slots * (nuint)slotLength);
        NativeMemory.Free(longPacket);
        longPacket = null;
    }

    /// <summary>struct tpacket2_hdr; at <see cref="SenderOffset"/> follows a sockaddr_ll.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public uint Status;
        public uint Length;
        public uint KeptLength;
        public ushort Offset;
        public ushort NetworkOffset;
        public uint Seconds;
        public uint Nanoseconds;
    }

    /// <summary>struct tpacket_req.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RingRequest
    {
        public uint BlockLength;
        public uint Blocks;
        public uint SlotLength;
        public uint Slots;
    }
}
