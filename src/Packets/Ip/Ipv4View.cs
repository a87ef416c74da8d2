using System.Buffers.Binary;

namespace MulticastLab.Packets.Ip;

/// <summary>An IPv4 packet whose header was checked, read in place.</summary>
/// <remarks>
/// RFC 791 §3.1:
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+-------+---------------+-------------------------------+
/// |Version|  IHL  |Type of Service|         Total Length          |
/// +-------+-------+---------------+-----+-------------------------+
/// |        Identification         |0 D M|     Fragment Offset     |
/// +---------------+---------------+-----+-------------------------+
/// | Time to Live  |   Protocol    |        Header Checksum        |
/// +---------------+---------------+-------------------------------+
/// |                        Source Address                         |
/// +---------------------------------------------------------------+
/// |                      Destination Address                      |
/// +---------------------------------------------------------------+
/// |                  Options, 0 to 40 bytes …                     |
/// +---------------------------------------------------------------+
/// </code>
/// </remarks>
public readonly ref struct Ipv4View
{
    /// <summary>The length of a header without options.</summary>
    public const int MinimumHeaderLength = 20;

    internal const int TypeOfServiceAt = 1;
    internal const int TotalLengthAt = 2;
    internal const int IdentificationAt = 4;
    internal const int FragmentAt = 6;
    internal const int TimeToLiveAt = 8;
    internal const int ProtocolAt = 9;
    internal const int ChecksumAt = 10;
    internal const int SourceAt = 12;
    internal const int DestinationAt = 16;

    internal const ushort DontFragmentBit = 0x4000;
    internal const ushort MoreFragmentsBit = 0x2000;
    internal const ushort FragmentOffsetBits = 0x1FFF;

    private readonly ReadOnlySpan<byte> packet;

    private Ipv4View(ReadOnlySpan<byte> packet, int headerLength, bool routerAlert)
    {
        this.packet = packet;
        HeaderLength = headerLength;
        HasRouterAlert = routerAlert;
    }

    /// <summary>Checks version, lengths, header checksum and options. Fragments are accepted: see <see cref="IsFragment"/>.</summary>
    /// <param name="bytes">The packet from its first byte on; bytes after its total length are padding and ignored.</param>
    /// <param name="view">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    public static PacketError TryRead(ReadOnlySpan<byte> bytes, out Ipv4View view)
    {
        view = default;
        if (bytes.Length < MinimumHeaderLength)
            return PacketError.Ipv4TooShort;
        if (bytes[0] >> 4 != 4)
            return PacketError.Ipv4Version;
        var headerLength = (bytes[0] & 0xF) * 4;
        if (headerLength < MinimumHeaderLength || headerLength > bytes.Length)
            return PacketError.Ipv4HeaderLength;
        var totalLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[TotalLengthAt..]);
        if (totalLength < headerLength)
            return PacketError.Ipv4TotalLength;
        if (totalLength > bytes.Length)
            return PacketError.Ipv4Truncated;
        var header = bytes[..headerLength];
        if (!InternetChecksum.IsValid(header))
            return PacketError.Ipv4HeaderChecksum;
        if (!Ipv4Option.TryWalk(header[MinimumHeaderLength..], out var routerAlert))
            return PacketError.Ipv4Options;
        view = new Ipv4View(bytes[..totalLength], headerLength, routerAlert);
        return PacketError.None;
    }

    /// <summary>The header length in bytes, options included: 20 to 60.</summary>
    public int HeaderLength { get; }

    /// <summary>Whether a Router Alert of value 0 is among the options (RFC 2113).</summary>
    public bool HasRouterAlert { get; }

    /// <summary>Type of Service: DSCP and ECN. IGMP is sent with 0xC0 (RFC 9776 §4).</summary>
    public byte TypeOfService => packet[TypeOfServiceAt];

    /// <summary>The length of header and payload in bytes.</summary>
    public int TotalLength => packet.Length;

    /// <summary>The identification, which matters in fragments only (RFC 6864).</summary>
    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(packet[IdentificationAt..]);

    /// <summary>The Don't Fragment bit.</summary>
    public bool DontFragment => (FragmentWord & DontFragmentBit) != 0;

    /// <summary>Whether this is a fragment of a packet: More Fragments is set or the offset is not 0.</summary>
    public bool IsFragment => (FragmentWord & (MoreFragmentsBit | FragmentOffsetBits)) != 0;

    /// <summary>The time to live.</summary>
    public byte TimeToLive => packet[TimeToLiveAt];

    /// <summary>The protocol number of the payload: <see cref="IpProtocol"/> has those known here.</summary>
    public byte Protocol => packet[ProtocolAt];

    /// <summary>The header checksum, which is right.</summary>
    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(packet[ChecksumAt..]);

    /// <summary>The source address.</summary>
    public Address Source => Address.FromV4(BinaryPrimitives.ReadUInt32BigEndian(packet[SourceAt..]));

    /// <summary>The destination address.</summary>
    public Address Destination => Address.FromV4(BinaryPrimitives.ReadUInt32BigEndian(packet[DestinationAt..]));

    /// <summary>The options, padding included.</summary>
    public ReadOnlySpan<byte> Options => packet[MinimumHeaderLength..HeaderLength];

    /// <summary>The payload: what the total length leaves after the header.</summary>
    public ReadOnlySpan<byte> Payload => packet[HeaderLength..];

    private ushort FragmentWord => BinaryPrimitives.ReadUInt16BigEndian(packet[FragmentAt..]);
}
