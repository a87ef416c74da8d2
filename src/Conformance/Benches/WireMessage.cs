using System.Buffers.Binary;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>
/// An IGMP message as its bytes lie on the wire, read where RFC 791 and RFC 9776 §4 place the fields, whatever the rest looks like: for
/// requirements that are about bytes. What is not there is -1.
/// </summary>
internal readonly struct WireMessage
{
    private const int EthernetLength = 14;
    private const int FixedHeaderLength = 20;
    private const int Query = 0x11;
    private const int Version3Report = 0x22;

    private readonly ReadOnlyMemory<byte> frame;

    private WireMessage(ReadOnlyMemory<byte> frame) => this.frame = frame;

    /// <summary>The message of a frame that is IPv4.</summary>
    internal static WireMessage Of(SeenFrame frame) => new(frame.Frame.Bytes);

    /// <summary>The Ethernet destination.</summary>
    internal MacAddress EthernetDestination => MacAddress.Read(frame.Span);

    /// <summary>The IP header, as long as it says that it is.</summary>
    internal ReadOnlySpan<byte> Header => Packet[..Math.Min(Packet.Length, Math.Max(FixedHeaderLength, (Packet[0] & 0xF) * 4))];

    /// <summary>The IP version.</summary>
    internal int IpVersion => Packet[0] >> 4;

    /// <summary>The Type of Service.</summary>
    internal int TypeOfService => Packet[1];

    /// <summary>The length of the IP packet, as it says.</summary>
    internal int TotalLength => BinaryPrimitives.ReadUInt16BigEndian(Packet[2..]);

    /// <summary>Whether it is a fragment.</summary>
    internal bool IsFragment => (BinaryPrimitives.ReadUInt16BigEndian(Packet[6..]) & 0x3FFF) != 0;

    /// <summary>The TTL.</summary>
    internal int TimeToLive => Packet[8];

    /// <summary>The protocol in the IP header.</summary>
    internal int Protocol => Packet[9];

    /// <summary>The IP source.</summary>
    internal Address Source => Address.Read(Packet.Slice(12, 4));

    /// <summary>The IP destination.</summary>
    internal Address Destination => Address.Read(Packet.Slice(16, 4));

    /// <summary>The IP options.</summary>
    internal ReadOnlySpan<byte> Options => Header[FixedHeaderLength..];

    /// <summary>The message, as long as the IP header says that it is.</summary>
    internal ReadOnlySpan<byte> Body
    {
        get
        {
            var length = Math.Min(TotalLength, Packet.Length) - Header.Length;
            return length <= 0 ? [] : Packet.Slice(Header.Length, length);
        }
    }

    /// <summary>Whether it is a query of any version.</summary>
    internal bool IsQuery => At(0) == Query;

    /// <summary>Whether it is a report of version 3.</summary>
    internal bool IsReport => At(0) == Version3Report;

    /// <summary>Whether it is a query, report or leave of some version: other protocols have messages of IGMP's too.</summary>
    internal bool IsMembership => At(0) is Query or 0x12 or 0x16 or 0x17 or Version3Report;

    /// <summary>The group of a query; null when there is none.</summary>
    internal Address? Group => Body.Length < 8 ? null : Address.Read(Body.Slice(4, 4));

    /// <summary>Whether it is a query about this group: sent to it, or naming it.</summary>
    internal bool Asks(Address group) => IsQuery && (Destination == group || Group == group);

    /// <summary>A byte of the message.</summary>
    internal int At(int index) => index < Body.Length ? Body[index] : -1;

    /// <summary>Two bytes of the message, as a number.</summary>
    internal int Word(int index) => index + 1 < Body.Length ? BinaryPrimitives.ReadUInt16BigEndian(Body[index..]) : -1;

    /// <summary>
    /// The ones' complement sum of all 16-bit words, an odd byte as the high half of one: 0xFFFF where a checksum among them is right (RFC
    /// 1071).
    /// </summary>
    internal static int Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    /// <summary>The bytes of an address.</summary>
    internal static byte[] Bytes(Address address)
    {
        var four = new byte[4];
        address.Write(four, 4);
        return four;
    }

    private ReadOnlySpan<byte> Packet => frame.Span[EthernetLength..];
}
