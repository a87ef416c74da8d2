using System.Buffers.Binary;

namespace MulticastLab.Packets.Ip;

/// <summary>An IPv6 packet whose headers were checked up to the one of the upper layer, read in place.</summary>
/// <remarks>
/// RFC 8200 §3:
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+---------------+---------------------------------------+
/// |Version| Traffic Class |              Flow Label               |
/// +-------+---------------+-------+---------------+---------------+
/// |        Payload Length         |  Next Header  |   Hop Limit   |
/// +-------------------------------+---------------+---------------+
/// |                   Source Address, 16 bytes                    |
/// +---------------------------------------------------------------+
/// |                Destination Address, 16 bytes                  |
/// +---------------------------------------------------------------+
/// </code>
/// An extension header begins with the number of what follows it, and its own length in units of 8 bytes, the first 8 not counted (§4.3,
/// §4.4, §4.6), or in units of 4 bytes, the first 8 not counted (Authentication Header, RFC 4302 §2.2); a Fragment header has 8 bytes
/// (§4.5):
/// <code>
/// +---------------+---------------+-------------------------+---+-+
/// |  Next Header  |  Hdr Ext Len  |     Fragment Offset     |   |M|
/// +---------------+---------------+-------------------------+---+-+
/// </code>
/// </remarks>
public readonly ref struct Ipv6View
{
    /// <summary>The length of the header without extension headers.</summary>
    public const int HeaderLength = 40;

    internal const int PayloadLengthAt = 4;
    internal const int NextHeaderAt = 6;
    internal const int HopLimitAt = 7;
    internal const int SourceAt = 8;
    internal const int DestinationAt = 24;
    internal const int AddressLength = 16;

    private const int ShortestExtension = 8;
    private const int FragmentWordAt = 2;
    private const ushort FragmentBits = 0xFFF9; // Offset and M; the two bits between are reserved.

    private readonly ReadOnlySpan<byte> packet;
    private readonly int payloadAt;

    private Ipv6View(ReadOnlySpan<byte> packet, Extensions extensions)
    {
        this.packet = packet;
        payloadAt = extensions.Length + HeaderLength;
        Protocol = extensions.Protocol;
        HasRouterAlert = extensions.RouterAlert;
        IsFragment = extensions.IsFragment;
    }

    /// <summary>Checks version, length and extension headers. Fragments are accepted: see <see cref="IsFragment"/>.</summary>
    /// <param name="bytes">The packet from its first byte on; bytes after its payload are padding and ignored.</param>
    /// <param name="view">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    public static PacketError TryRead(ReadOnlySpan<byte> bytes, out Ipv6View view)
    {
        view = default;
        if (bytes.Length < HeaderLength)
            return PacketError.Ipv6TooShort;
        if (bytes[0] >> 4 != 6)
            return PacketError.Ipv6Version;
        var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[PayloadLengthAt..]);
        if (length > bytes.Length)
            return PacketError.Ipv6Truncated;
        var packet = bytes[..length];
        var error = Walk(packet[HeaderLength..], packet[NextHeaderAt], out var extensions);
        if (error == PacketError.None)
            view = new Ipv6View(packet, extensions);
        return error;
    }

    /// <summary>The traffic class: DSCP and ECN.</summary>
    public byte TrafficClass => (byte)(BinaryPrimitives.ReadUInt16BigEndian(packet) >> 4);

    /// <summary>The length of headers and payload in bytes.</summary>
    public int TotalLength => packet.Length;

    /// <summary>The number of what comes right after the IPv6 header: an extension header or the upper layer.</summary>
    public byte NextHeader => packet[NextHeaderAt];

    /// <summary>The hop limit.</summary>
    public byte HopLimit => packet[HopLimitAt];

    /// <summary>The source address.</summary>
    public Address Source => Address.Read(packet.Slice(SourceAt, AddressLength));

    /// <summary>The destination address.</summary>
    public Address Destination => Address.Read(packet.Slice(DestinationAt, AddressLength));

    /// <summary>The number of the payload, after all extension headers: <see cref="IpProtocol"/> has those known here.</summary>
    public byte Protocol { get; }

    /// <summary>Whether a Router Alert of value 0 stands in a Hop-by-Hop Options header (RFC 2711).</summary>
    public bool HasRouterAlert { get; }

    /// <summary>Whether this is a fragment of a packet. A Fragment header around a whole packet (an atomic fragment) does not make it one
    /// (RFC 8200 §4.5).</summary>
    public bool IsFragment { get; }

    /// <summary>What comes after the extension headers; of a fragment, after its Fragment header.</summary>
    public ReadOnlySpan<byte> Payload => packet[payloadAt..];

    private static PacketError Walk(ReadOnlySpan<byte> rest, byte nextHeader, out Extensions extensions)
    {
        extensions = new Extensions { Protocol = nextHeader };
        for (var isFirst = true; IsExtension(extensions.Protocol); isFirst = false)
        {
            if (rest.Length < ShortestExtension || (extensions.Protocol == IpProtocol.HopByHopOptions && !isFirst))
                return PacketError.Ipv6ExtensionHeader;
            var length = extensions.Protocol switch
            {
                IpProtocol.Fragment => ShortestExtension,
                IpProtocol.Authentication => (rest[1] + 2) * 4,
                _ => (rest[1] + 1) * 8,
            };
            if (rest.Length < length)
                return PacketError.Ipv6ExtensionHeader;
            if (extensions.Protocol is IpProtocol.HopByHopOptions or IpProtocol.DestinationOptions)
            {
                var error = Ipv6Option.Walk(rest[2..length], out var routerAlert);
                if (error != PacketError.None)
                    return error;
                extensions.RouterAlert |= routerAlert && isFirst && extensions.Protocol == IpProtocol.HopByHopOptions;
            }

            extensions.IsFragment = extensions.Protocol == IpProtocol.Fragment
                && (BinaryPrimitives.ReadUInt16BigEndian(rest[FragmentWordAt..]) & FragmentBits) != 0;
            extensions.Protocol = rest[0];
            extensions.Length += length;
            rest = rest[length..];
            // A later fragment does not begin with a header.
            if (extensions.IsFragment)
                break;
        }

        return PacketError.None;
    }

    private static bool IsExtension(byte protocol) => protocol is IpProtocol.HopByHopOptions or IpProtocol.Routing or IpProtocol.Fragment
        or IpProtocol.Authentication or IpProtocol.DestinationOptions;

    private struct Extensions
    {
        public int Length;
        public byte Protocol;
        public bool RouterAlert;
        public bool IsFragment;
    }
}
