using System.Buffers.Binary;

namespace MulticastLab.Packets.Ip;

/// <summary>A UDP datagram over IPv4, read in place.</summary>
/// <remarks>
/// RFC 768:
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |          Source Port          |       Destination Port        |
/// +-------------------------------+-------------------------------+
/// |            Length             |           Checksum            |
/// +-------------------------------+-------------------------------+
/// </code>
/// </remarks>
public readonly ref struct UdpView
{
    /// <summary>The length of the header.</summary>
    public const int HeaderLength = 8;

    internal const int DestinationPortAt = 2;
    internal const int LengthAt = 4;
    internal const int ChecksumAt = 6;

    private readonly ReadOnlySpan<byte> datagram;

    private UdpView(ReadOnlySpan<byte> datagram) => this.datagram = datagram;

    /// <summary>Checks and views the datagram in an IPv4 packet whose protocol is UDP and which is no fragment.</summary>
    /// <param name="ip">The packet.</param>
    /// <param name="view">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    /// <param name="checkChecksum">
    /// False where a packet socket saw the datagram before the sending device would have filled in its checksum, as on virtual links.
    /// </param>
    public static PacketError TryRead(Ipv4View ip, out UdpView view, bool checkChecksum = true)
    {
        view = default;
        var payload = ip.Payload;
        if (payload.Length < HeaderLength)
            return PacketError.UdpTooShort;
        var length = BinaryPrimitives.ReadUInt16BigEndian(payload[LengthAt..]);
        if (length < HeaderLength || length > payload.Length)
            return PacketError.UdpLength;
        var datagram = payload[..length];
        if (checkChecksum && BinaryPrimitives.ReadUInt16BigEndian(datagram[ChecksumAt..]) != 0
            && Checksum(ip.Source, ip.Destination, datagram) != 0)
            return PacketError.UdpChecksum;
        view = new UdpView(datagram);
        return PacketError.None;
    }

    /// <summary>The source port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(datagram);

    /// <summary>The destination port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(datagram[DestinationPortAt..]);

    /// <summary>The length of header and payload in bytes.</summary>
    public int Length => datagram.Length;

    /// <summary>The checksum field; 0 means that the sender computed none.</summary>
    public ushort ChecksumField => BinaryPrimitives.ReadUInt16BigEndian(datagram[ChecksumAt..]);

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload => datagram[HeaderLength..];

    /// <summary>The checksum over the pseudo header and the datagram; 0 when the datagram contains the right one.</summary>
    internal static ushort Checksum(Address source, Address destination, ReadOnlySpan<byte> datagram) =>
        PseudoHeader.Checksum(source, destination, IpProtocol.Udp, datagram);
}
