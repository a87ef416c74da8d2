using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>A set of virtual interfaces (VIFs), numbered 0 to 31.</summary>
/// <param name="Bits">Bit n stands for VIF n.</param>
public readonly record struct VifSet(uint Bits)
{
    /// <summary>No VIF.</summary>
    public static readonly VifSet None;

    /// <summary>How many there are.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>Whether the VIF is one of them.</summary>
    public bool Contains(int vif) => (Bits >> vif & 1) != 0;

    /// <summary>The same and this one.</summary>
    public VifSet With(int vif) => new(Bits | 1U << vif);
}

/// <summary>What the kernel asks or tells the multicast router: an upcall.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Vif">The VIF that the packet came in on.</param>
/// <param name="Source">The packet's source.</param>
/// <param name="Group">The packet's group.</param>
public readonly record struct Upcall(UpcallKind Kind, int Vif, Address Source, Address Group);

/// <summary>The kinds of <see cref="Upcall"/> (linux/mroute.h).</summary>
public enum UpcallKind
{
    /// <summary>IGMPMSG_NOCACHE: there is no entry for this source and group; the packet waits for one.</summary>
    NoEntry = 1,

    /// <summary>IGMPMSG_WRONGVIF: the packet came in on another VIF than the entry's.</summary>
    WrongVif = 2,

    /// <summary>IGMPMSG_WHOLEPKT: a whole packet, for a PIM register.</summary>
    WholePacket = 3,
}

/// <summary>
/// The kernel's IPv4 multicast forwarding of one network namespace (ip_mroute): interfaces are added as VIFs, and every (source, group)
/// gets an entry that says where its packets come in and where they go out. Needs CAP_NET_ADMIN; one per namespace.
/// </summary>
/// <remarks>
/// On the same socket the kernel would deliver every IGMP message of the namespace, as old routing daemons read them here. A filter keeps
/// them out: this socket carries upcalls only. Closing it takes down all VIFs and entries.
/// </remarks>
public sealed unsafe class MulticastRoutingSocket : IDisposable
{
    /// <summary>How many VIFs there can be: MAXVIFS.</summary>
    public const int MaxVifs = 32;

    private const int Init = 200; // MRT_INIT
    private const int AddVifOption = 202; // MRT_ADD_VIF
    private const int DeleteVifOption = 203; // MRT_DEL_VIF
    private const int AddEntryOption = 204; // MRT_ADD_MFC
    private const int DeleteEntryOption = 205; // MRT_DEL_MFC
    private const int AssertOption = 207; // MRT_ASSERT
    private const nuint GetEntryCounts = 0x89E1; // SIOCGETSGCNT
    private const byte UseInterfaceIndex = 8; // VIFF_USE_IFINDEX
    private const int UpcallLength = 20; // sizeof(struct igmpmsg)

    private const int IgmpProtocol = 2;

    // ldb [9]; accept when zero: the protocol field of an IPv4 header, which an upcall has as zero.
    private static readonly PacketFilter UpcallsOnly = new(
        new FilterInstruction(0x30, 0, 0, 9), new FilterInstruction(0x15, 0, 1, 0), new FilterInstruction(0x06, 0, 0, 0x4_0000), new FilterInstruction(0x06, 0, 0, 0));

    private readonly byte[] buffer = new byte[2048];

    private MulticastRoutingSocket(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>The descriptor, to be watched by an <see cref="EventLoop"/>.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Becomes the multicast router of the thread's network namespace.</summary>
    /// <exception cref="LinuxException">No privilege, or (<see cref="Errno.AddressInUse"/>) another program is it already.</exception>
    public static MulticastRoutingSocket Open()
    {
        var socket = SocketExtensions.OpenSocket(SocketConstants.FamilyInet, SocketConstants.TypeRaw | SocketConstants.NonBlocking, IgmpProtocol, "socket(SOCK_RAW, IGMP)");
        try
        {
            UpcallsOnly.Attach(socket);
            socket.SetReceiveBuffer(4 << 20);
            socket.SetOption(SocketConstants.LevelIp, Init, 1, "setsockopt(MRT_INIT)");
            // Without it the kernel says nothing of packets on the wrong interface.
            socket.SetOption(SocketConstants.LevelIp, AssertOption, 1, "setsockopt(MRT_ASSERT)");
            return new MulticastRoutingSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Lets an interface take part.</summary>
    /// <param name="vif">0 to 31, not in use.</param>
    /// <param name="interfaceIndex">The interface.</param>
    /// <exception cref="LinuxException">The interface is gone, or the number is in use.</exception>
    public void AddVif(int vif, int interfaceIndex)
    {
        var control = new VifControl { Vif = (ushort)vif, Flags = UseInterfaceIndex, Threshold = 1, InterfaceIndex = interfaceIndex };
        Set(AddVifOption, control, "setsockopt(MRT_ADD_VIF)");
    }

    /// <summary>Takes an interface out. One that the kernel has removed with its interface is no error.</summary>
    public void DeleteVif(int vif)
    {
        try
        {
            Set(DeleteVifOption, new VifControl { Vif = (ushort)vif }, "setsockopt(MRT_DEL_VIF)");
        }
        catch (LinuxException gone) when (gone.Error == Errno.AddressNotAvailable)
        {
            // The kernel was faster.
        }
    }

    /// <summary>Sets the entry of a source and group; packets that wait for it go out.</summary>
    /// <param name="source">The source.</param>
    /// <param name="group">The group.</param>
    /// <param name="incoming">The VIF on which packets are taken.</param>
    /// <param name="outgoing">Where they go out, if their TTL is above 1; none drops them in the kernel.</param>
    public void SetEntry(Address source, Address group, int incoming, VifSet outgoing)
    {
        var control = Entry(source, group, incoming);
        for (var vif = 0; vif < MaxVifs; vif++)
            control.TtlThresholds[vif] = outgoing.Contains(vif) ? (byte)1 : (byte)0;
        Set(AddEntryOption, control, "setsockopt(MRT_ADD_MFC)");
    }

    /// <summary>Removes an entry: the next packet leads to an upcall.</summary>
    public void DeleteEntry(Address source, Address group, int incoming)
    {
        try
        {
            Set(DeleteEntryOption, Entry(source, group, incoming), "setsockopt(MRT_DEL_MFC)");
        }
        catch (LinuxException gone) when (gone.Error == Errno.NoSuchFile)
        {
            // Not there: what was asked for.
        }
    }

    /// <summary>How many packets an entry has taken from the right interface and from wrong ones; null when the kernel has no such entry.</summary>
    public (long Packets, long WrongVif)? ReadCounts(Address source, Address group)
    {
        var request = new CountRequest { Source = NetworkOrder(source), Group = NetworkOrder(group) };
        if (Libc.Ioctl(Descriptor, GetEntryCounts, &request) < 0)
        {
            return Marshal.GetLastPInvokeError() == Errno.AddressNotAvailable ? null : throw LinuxException.Last("ioctl(SIOCGETSGCNT)", $"({source}, {group})");
        }

        // The kernel counts a packet before it looks where it came from.
        return ((long)(request.Packets - request.WrongVif), (long)request.WrongVif);
    }

    /// <summary>Takes the next upcall, if there is one.</summary>
    public bool TryReceive(out Upcall upcall)
    {
        upcall = default;
        while (true)
        {
            nint length;
            fixed (byte* first = buffer)
                length = Libc.Receive(Descriptor, first, (nuint)buffer.Length, SocketConstants.DontWait);
            if (length < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.Interrupted or Errno.NoBufferSpace:
                        continue;
                    case Errno.TryAgain:
                        return false;
                    default:
                        throw LinuxException.Last("recv(MRT upcall)");
                }
            }

            // struct igmpmsg lies where the IPv4 header would, with the protocol zero.
            if (length < UpcallLength || buffer[9] != 0)
                continue;
            upcall = new Upcall((UpcallKind)buffer[8], buffer[10] | buffer[11] << 8, Address.Read(buffer.AsSpan(12, 4)), Address.Read(buffer.AsSpan(16, 4)));
            return true;
        }
    }

    /// <summary>Ends multicast routing in the namespace.</summary>
    public void Dispose() => Descriptor.Dispose();

    private static EntryControl Entry(Address source, Address group, int incoming) =>
        new() { Source = NetworkOrder(source), Group = NetworkOrder(group), Incoming = (ushort)incoming };

    private static uint NetworkOrder(Address address) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(address.V4Bits) : address.V4Bits;

    private void Set<T>(int option, T value, string call)
        where T : unmanaged =>
        Descriptor.SetOption(SocketConstants.LevelIp, option, value, call);

    /// <summary>struct vifctl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct VifControl
    {
        public ushort Vif;
        public byte Flags;
        public byte Threshold;
        public uint RateLimit;
        public int InterfaceIndex;
        public uint RemoteAddress;
    }

    /// <summary>struct mfcctl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct EntryControl
    {
        public uint Source;
        public uint Group;
        public ushort Incoming;
        public fixed byte TtlThresholds[MaxVifs];
        public uint PacketCount;
        public uint ByteCount;
        public uint WrongVif;
        public int Expire;
    }

    /// <summary>struct sioc_sg_req.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct CountRequest
    {
        public uint Source;
        public uint Group;
        public nuint Packets;
        public nuint Bytes;
        public nuint WrongVif;
    }
}
