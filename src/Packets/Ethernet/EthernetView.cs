using System.Buffers.Binary;

namespace MulticastLab.Packets.Ethernet;

/// <summary>An Ethernet frame without preamble and frame check sequence, read in place.</summary>
/// <remarks>
/// IEEE 802.3, RFC 894; VLAN tags of 4 bytes may stand in front of the EtherType:
/// <code>
/// +--------------------+--------------------+----------------+-----------+---------------
/// | Destination (6)    | Source (6)         | VLAN tags (4n) | Type (2)  | Payload …
/// +--------------------+--------------------+----------------+-----------+---------------
/// </code>
/// </remarks>
public readonly ref struct EthernetView
{
    /// <summary>The length of a header without VLAN tags.</summary>
    public const int HeaderLength = 14;

    internal const int SourceAt = 6;
    internal const int TypeAt = 12;
    internal const int VlanTagLength = 4;

    private readonly ReadOnlySpan<byte> frame;
    private readonly int payloadAt;

    private EthernetView(ReadOnlySpan<byte> frame, int payloadAt)
    {
        this.frame = frame;
        this.payloadAt = payloadAt;
    }

    /// <summary>Views a frame.</summary>
    /// <param name="frame">The frame from its destination address on.</param>
    /// <param name="view">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    public static PacketError TryRead(ReadOnlySpan<byte> frame, out EthernetView view)
    {
        view = default;
        var payloadAt = HeaderLength;
        if (frame.Length < payloadAt)
            return PacketError.EthernetTooShort;
        while (TypeBefore(frame, payloadAt) is Ethernet.EtherType.Vlan or Ethernet.EtherType.ServiceVlan or Ethernet.EtherType.StackedVlan)
        {
            payloadAt += VlanTagLength;
            if (frame.Length < payloadAt)
                return PacketError.EthernetTooShort;
        }

        view = new EthernetView(frame, payloadAt);
        return PacketError.None;
    }

    /// <summary>The destination address.</summary>
    public MacAddress Destination => MacAddress.Read(frame);

    /// <summary>The source address.</summary>
    public MacAddress Source => MacAddress.Read(frame[SourceAt..]);

    /// <summary>The EtherType after all VLAN tags; below 0x600 it is a length (IEEE 802.3).</summary>
    public ushort EtherType => TypeBefore(frame, payloadAt);

    /// <summary>The identifier of the first VLAN tag, 0 to 4095; null without a tag.</summary>
    public int? VlanId => payloadAt == HeaderLength ? null : BinaryPrimitives.ReadUInt16BigEndian(frame[HeaderLength..]) & 0xFFF;

    /// <summary>What follows the header, padding included.</summary>
    public ReadOnlySpan<byte> Payload => frame[payloadAt..];

    private static ushort TypeBefore(ReadOnlySpan<byte> frame, int payloadAt) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame[(payloadAt - 2)..]);
}
