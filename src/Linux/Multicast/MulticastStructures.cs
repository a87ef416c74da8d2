using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Multicast;

/// <summary>The structures of RFC 3678 §5.1 in the layout of 64-bit Linux (linux/in.h): an address aligns to 8 bytes.</summary>
internal static class MulticastOptions
{
    public const int JoinGroup = 42; // MCAST_JOIN_GROUP
    public const int BlockSource = 43; // MCAST_BLOCK_SOURCE
    public const int UnblockSource = 44; // MCAST_UNBLOCK_SOURCE
    public const int LeaveGroup = 45; // MCAST_LEAVE_GROUP
    public const int JoinSourceGroup = 46; // MCAST_JOIN_SOURCE_GROUP
    public const int LeaveSourceGroup = 47; // MCAST_LEAVE_SOURCE_GROUP
    public const int SetFilter = 48; // MCAST_MSFILTER
    private const uint ExcludeMode = 0; // MCAST_EXCLUDE
    private const uint IncludeMode = 1; // MCAST_INCLUDE

    /// <summary>struct group_filter: interface, group, mode and number of sources; the sources follow.</summary>
    public static byte[] GroupFilter(int interfaceIndex, Address group, SourceFilter filter)
    {
        var header = new GroupFilterHeader
        {
            InterfaceIndex = interfaceIndex,
            Group = new SocketAddressStorage(group),
            Mode = filter.Mode == FilterMode.Include ? IncludeMode : ExcludeMode,
            SourceCount = (uint)filter.Sources.Count,
        };
        var bytes = new byte[Unsafe.SizeOf<GroupFilterHeader>() + (filter.Sources.Count * Unsafe.SizeOf<SocketAddressStorage>())];
        MemoryMarshal.Write(bytes, header);
        var list = MemoryMarshal.Cast<byte, SocketAddressStorage>(bytes.AsSpan(Unsafe.SizeOf<GroupFilterHeader>()));
        for (var i = 0; i < list.Length; i++)
            list[i] = new SocketAddressStorage(filter.Sources[i]);
        return bytes;
    }
}

/// <summary>struct sockaddr_storage that holds a struct sockaddr_in.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SocketAddressStorage
{
    /// <summary>sizeof(struct sockaddr_in).</summary>
    public const uint InetLength = 16;

    [FieldOffset(0)]
    private ushort family;

    [FieldOffset(2)]
    private ushort port;

    [FieldOffset(4)]
    private uint address;

    // Gives the structure its alignment of 8.
    [FieldOffset(8)]
    private ulong padding;

    public SocketAddressStorage(Address address, ushort port = 0)
    {
        if (!address.IsV4)
            throw new ArgumentException($"{address} is not an IPv4 address.", nameof(address));
        family = SocketConstants.FamilyInet;
        this.port = BinaryPrimitives.ReverseEndianness(port);
        this.address = BinaryPrimitives.ReverseEndianness(address.V4Bits);
    }

    /// <summary>The address.</summary>
    public readonly Address Address => Address.FromV4(BinaryPrimitives.ReverseEndianness(address));

    /// <summary>The port.</summary>
    public readonly ushort Port => BinaryPrimitives.ReverseEndianness(port);
}

/// <summary>struct group_req.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GroupRequest
{
    public int InterfaceIndex;
    public SocketAddressStorage Group;
}

/// <summary>struct group_source_req.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GroupSourceRequest
{
    public int InterfaceIndex;
    public SocketAddressStorage Group;
    public SocketAddressStorage Source;
}

/// <summary>struct group_filter without its list.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GroupFilterHeader
{
    public int InterfaceIndex;
    public SocketAddressStorage Group;
    public uint Mode;
    public uint SourceCount;
}
