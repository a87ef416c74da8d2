using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Linux.PacketSockets;

/// <summary>
/// A classic BPF program that picks packets in the kernel. Offsets are relative to the network header (SKF_NET_OFF), so that a program fits
/// sockets with and without link-layer header.
/// </summary>
public sealed class PacketFilter
{
    private const uint Ipv4EtherType = 0x0800;
    private const uint Ipv4Protocol = 9;
    private const uint Ipv4Destination = 16;
    private const uint Ipv6NextHeader = 6;
    private const uint Ipv6Header = 40;
    private const uint HopByHopOptions = 0;
    private const uint Udp = 17;

    private readonly FilterInstruction[] program;

    /// <summary>A custom program.</summary>
    public PacketFilter(params FilterInstruction[] program) => this.program = (FilterInstruction[])program.Clone();

    /// <summary>Accepts no packet: for a socket that only sends, or only counts.</summary>
    public static PacketFilter Nothing { get; } = new(FilterInstruction.Take(0));

    /// <summary>The instructions.</summary>
    public ReadOnlySpan<FilterInstruction> Program => program;

    /// <summary>What <see cref="IpFilter.Matches"/> says, done by the kernel.</summary>
    public static PacketFilter Of(IpFilter filter) => new([.. filter.AddressLength == 4 ? OfIpv4(filter) : OfIpv6(filter)]);

    /// <summary>IPv4 packets of these protocols: 2 is IGMP, 17 is UDP.</summary>
    /// <param name="protocols">1 to 200 protocol numbers.</param>
    public static PacketFilter Ipv4(params ReadOnlySpan<byte> protocols)
    {
        if (protocols.Length is 0 or > 200)
            throw new ArgumentException("A filter takes 1 to 200 protocols.", nameof(protocols));
        var ends = AnyOf(protocols.ToArray());
        return new(
        [
            FilterInstruction.LoadHalf(FilterInstruction.LinkProtocol),
            FilterInstruction.IfEqual(Ipv4EtherType, 0, ends.Count - 1),
            FilterInstruction.LoadByte(FilterInstruction.NetworkHeader + Ipv4Protocol),
            .. ends,
        ]);
    }

    /// <summary>IPv4 packets that carry UDP to this address, fragments included.</summary>
    public static PacketFilter UdpTo(Address destination) => new(
        FilterInstruction.LoadHalf(FilterInstruction.LinkProtocol),
        FilterInstruction.IfEqual(Ipv4EtherType, 0, 5),
        FilterInstruction.LoadByte(FilterInstruction.NetworkHeader + Ipv4Protocol),
        FilterInstruction.IfEqual(Udp, 0, 3),
        FilterInstruction.LoadWord(FilterInstruction.NetworkHeader + Ipv4Destination),
        FilterInstruction.IfEqual(destination.V4Bits, 0, 1),
        FilterInstruction.Take(FilterInstruction.WholePacket),
        FilterInstruction.Take(0));

    private static List<FilterInstruction> OfIpv4(IpFilter filter)
    {
        if (filter.Types.Count > 0)
            throw new ArgumentException("There are no types of IPv4 messages to pick.", nameof(filter));
        var ends = AnyOf([filter.Protocol]);
        return
        [
            FilterInstruction.LoadHalf(FilterInstruction.LinkProtocol),
            FilterInstruction.IfEqual(filter.EtherType, 0, ends.Count - 1),
            FilterInstruction.LoadByte(FilterInstruction.NetworkHeader + Ipv4Protocol),
            .. ends,
        ];
    }

    private static List<FilterInstruction> OfIpv6(IpFilter filter)
    {
        var ends = AnyOf(filter.Types);
        // To the last but one of the ends, where a packet is refused.
        var refused = ends.Count - 2;
        return
        [
            FilterInstruction.LoadHalf(FilterInstruction.LinkProtocol),
            FilterInstruction.IfEqual(filter.EtherType, 0, 11 + refused),
            FilterInstruction.LoadByte(FilterInstruction.NetworkHeader + Ipv6NextHeader),
            FilterInstruction.IfEqual(HopByHopOptions, 3, 0),
            FilterInstruction.IfEqual(filter.Protocol, 0, 8 + refused),
            FilterInstruction.LoadByte(FilterInstruction.NetworkHeader + Ipv6Header),
            FilterInstruction.Skip(6),
            // A Hop-by-Hop Options header: what follows it, and how many times 8 bytes after its first 8 (RFC 8200 §4.3).
            FilterInstruction.LoadByte(FilterInstruction.NetworkHeader + Ipv6Header),
            FilterInstruction.IfEqual(filter.Protocol, 0, 4 + refused),
            FilterInstruction.LoadByte(FilterInstruction.NetworkHeader + Ipv6Header + 1),
            FilterInstruction.ShiftLeft(3),
            FilterInstruction.ToIndex(),
            FilterInstruction.LoadByteAtIndex(FilterInstruction.NetworkHeader + Ipv6Header + 8),
            .. ends,
        ];
    }

    /// <summary>
    /// Ends with the packet when the accumulator is one of the numbers, or when there are none; the last instruction but one refuses it.
    /// </summary>
    private static List<FilterInstruction> AnyOf(IReadOnlyList<byte> numbers) =>
    [
        .. numbers.Select((number, i) => FilterInstruction.IfEqual(number, numbers.Count - i, 0)),
        .. numbers.Count == 0 ? [FilterInstruction.Skip(1)] : Array.Empty<FilterInstruction>(),
        FilterInstruction.Take(0),
        FilterInstruction.Take(FilterInstruction.WholePacket),
    ];

    internal unsafe void Attach(FileDescriptor socket)
    {
        fixed (FilterInstruction* start = program)
        {
            var value = new KernelProgram { Length = (ushort)program.Length, Instructions = start };
            socket.SetOption(SocketConstants.LevelSocket, SocketConstants.AttachFilter, value, "setsockopt(SO_ATTACH_FILTER)");
        }
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct KernelProgram
    {
        public ushort Length;
        public FilterInstruction* Instructions;
    }
}
