using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Netlink;
using MulticastLab.Packets;

namespace MulticastLab.Linux.MulticastRouting;

/// <summary>An entry as the kernel reports it by netlink: by interfaces, not by the numbers of VIFs.</summary>
public sealed record KernelMulticastRoute
{
    internal const ushort GetRoute = 26; // RTM_GETROUTE
    private const int FixedLength = 12; // struct rtmsg
    private const int TicksPerSecond = 100; // USER_HZ

    /// <summary>The table.</summary>
    public uint Table { get; init; }

    /// <summary>The source; 0.0.0.0 stands for all.</summary>
    public Address Source { get; init; } = Address.AnyV4;

    /// <summary>The group; 0.0.0.0 stands for all.</summary>
    public Address Group { get; init; } = Address.AnyV4;

    /// <summary>The index of the interface where packets come in; 0 as long as the entry is unresolved.</summary>
    public int IncomingInterface { get; init; }

    /// <summary>The interfaces where packets go out.</summary>
    public IReadOnlyList<OutgoingInterface> Outgoing { get; init; } = [];

    /// <summary>What it has seen.</summary>
    public MfcCounts Counts { get; init; }

    /// <summary>How long ago the last packet came, in steps of 10 ms.</summary>
    public TimeSpan Idle { get; init; }

    /// <summary>Whether it is resolved.</summary>
    public bool IsResolved { get; init; }

    /// <summary>Whether it was set independently of the router, and stays when the router goes.</summary>
    public bool IsStatic { get; init; }

    internal static ReadOnlySpan<byte> DumpHeader => [MulticastRoutingView.Family, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    internal static KernelMulticastRoute? Read(ReadOnlySpan<byte> body)
    {
        const byte SetByRouter = 17; // RTPROT_MROUTED
        const uint UnresolvedFlag = 32; // RTNH_F_UNRESOLVED
        if (body.Length < FixedLength || body[0] != MulticastRoutingView.Family)
            return null;
        var unresolved = (BinaryPrimitives.ReadUInt32LittleEndian(body[8..]) & UnresolvedFlag) != 0;
        var route = new KernelMulticastRoute
        {
            Table = body[4],
            IsResolved = !unresolved,
            IsStatic = !unresolved && body[5] != SetByRouter,
        };
        foreach (var attribute in new NetlinkAttributes(body[FixedLength..]))
        {
            route = attribute.Type switch
            {
                1 => route with { Group = Address.Read(attribute.Value) }, // RTA_DST
                2 => route with { Source = Address.Read(attribute.Value) }, // RTA_SRC
                3 => route with { IncomingInterface = (int)attribute.Number }, // RTA_IIF
                9 => route with { Outgoing = ReadHops(attribute.Value) }, // RTA_MULTIPATH
                15 => route with { Table = attribute.Number }, // RTA_TABLE
                17 => route with { Counts = ReadCounts(attribute.Value) }, // RTA_MFC_STATS
                23 => route with { Idle = TimeSpan.FromSeconds((double)attribute.Count / TicksPerSecond) }, // RTA_EXPIRES
                _ => route,
            };
        }

        return route;
    }

    // struct rta_mfc_stats: packets, bytes, wrong interface.
    private static MfcCounts ReadCounts(ReadOnlySpan<byte> value)
    {
        var numbers = MemoryMarshal.Cast<byte, long>(value);
        return new MfcCounts(numbers[0] - numbers[2], numbers[1], numbers[2]);
    }

    // struct rtnexthop: length, flags, the TTL threshold where others have hops, interface index.
    private static List<OutgoingInterface> ReadHops(ReadOnlySpan<byte> value)
    {
        var hops = new List<OutgoingInterface>();
        while (value.Length >= 8)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(value);
            if (length < 8 || length > value.Length)
                break;
            hops.Add(new OutgoingInterface(BinaryPrimitives.ReadInt32LittleEndian(value[4..]), value[3]));
            value = value[Math.Min((length + 3) & ~3, value.Length)..];
        }

        return hops;
    }
}

/// <summary>An interface where an entry's packets go out.</summary>
/// <param name="InterfaceIndex">The interface.</param>
/// <param name="Threshold">Packets go out when their TTL is above it.</param>
public readonly record struct OutgoingInterface(int InterfaceIndex, byte Threshold);
