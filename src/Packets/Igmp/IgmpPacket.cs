using System.Buffers.Binary;
using MulticastLab.Packets.Ip;
using static MulticastLab.Packets.Igmp.IgmpLayout;

namespace MulticastLab.Packets.Igmp;

/// <summary>A received IPv4 packet that holds one valid IGMP message: checked once, then read in place.</summary>
/// <remarks>
/// Lenient where RFC 9776 says so: bytes after the message count in the checksum and are otherwise ignored (§4.1.10, §4.2.12), reserved
/// fields and unknown flags are ignored (§4.1.4, §4.2.1, §4.2.3), auxiliary data are skipped (§4.2.11), records of an unknown type are
/// handed on for the protocol core to skip (§4.2.13). TTL, TOS and Router Alert are policy and not looked at here.
/// </remarks>
public readonly ref struct IgmpPacket
{
    private readonly Ipv4View ip;
    private readonly ReadOnlySpan<byte> message;

    private IgmpPacket(Ipv4View ip, ReadOnlySpan<byte> message)
    {
        this.ip = ip;
        this.message = message;
    }

    /// <summary>Checks and views an IPv4 packet (no link-layer header; bytes after the IP total length are ignored).</summary>
    /// <param name="ipPacket">The packet, from its IPv4 header on.</param>
    /// <param name="packet">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    /// <returns>The first thing that is wrong, in the order of the layers.</returns>
    public static PacketError TryRead(ReadOnlySpan<byte> ipPacket, out IgmpPacket packet)
    {
        packet = default;
        var error = Ipv4View.TryRead(ipPacket, out var ip);
        if (error != PacketError.None)
            return error;
        if (ip.Protocol != IpProtocol.Igmp)
            return PacketError.NotIgmp;
        if (ip.IsFragment)
            return PacketError.Ipv4Fragment;

        // The length of the message is what the IP header leaves, not what the frame has (RFC 9776 §4.1.10).
        var message = ip.Payload;
        error = Check(message);
        if (error == PacketError.None)
            packet = new IgmpPacket(ip, message);
        return error;
    }

    /// <summary>Checks an IGMP message without its IP header, in the order length, checksum, type, contents.</summary>
    public static PacketError Check(ReadOnlySpan<byte> message)
    {
        if (message.Length < FixedLength)
            return PacketError.IgmpTooShort;
        if (!InternetChecksum.IsValid(message))
            return PacketError.IgmpChecksum;
        return (IgmpType)message[0] switch
        {
            IgmpType.MembershipQuery => CheckQuery(message),
            IgmpType.V3MembershipReport => CheckReport(message),
            IgmpType.V1MembershipReport or IgmpType.V2MembershipReport or IgmpType.V2LeaveGroup => PacketError.None,
            _ => PacketError.IgmpUnknownType,
        };
    }

    /// <summary>Source, destination, TTL and Router Alert.</summary>
    public Envelope Envelope => new(ip.Source, ip.Destination, ip.TimeToLive, ip.HasRouterAlert);

    /// <summary>The IPv4 header around the message.</summary>
    public Ipv4View Ip => ip;

    /// <summary>The bytes of the message, those that follow it included.</summary>
    public ReadOnlySpan<byte> Message => message;

    /// <summary>The message type: always one of the known ones.</summary>
    public IgmpType Type => (IgmpType)message[0];

    /// <summary>The group of a version 1 or 2 report or leave, as sent: not necessarily a multicast address.</summary>
    public Address Group => Address.FromV4(BinaryPrimitives.ReadUInt32BigEndian(message[GroupAt..]));

    /// <summary>The query; only for <see cref="IgmpType.MembershipQuery"/>.</summary>
    /// <remarks>
    /// Its version is that of its form (RFC 9776 §7.1). A version 1 query is a General Query whatever its group field says: the field is
    /// "ignored when received" (RFC 1112, Appendix I).
    /// </remarks>
    public Query Query
    {
        get
        {
            if (message.Length >= QueryV3Length)
            {
                var sourceBytes = BinaryPrimitives.ReadUInt16BigEndian(message[QuerySourceCountAt..]) * AddressLength;
                return new Query
                {
                    Version = 3,
                    MaxResponseTime = TimeCode.Decode(message[CodeAt], ResponseTimeUnit),
                    Group = Group,
                    SuppressRouterSideProcessing = (message[QueryFlagsAt] & SuppressBit) != 0,
                    RobustnessVariable = message[QueryFlagsAt] & RobustnessBits,
                    QueryInterval = TimeCode.Decode(message[QueryIntervalCodeAt], QueryIntervalUnit),
                    Sources = new SourceList(message.Slice(QueryV3Length, sourceBytes), AddressLength),
                };
            }

            return message[CodeAt] == 0
                ? new Query { Version = 1, MaxResponseTime = Version1ResponseTime, Group = Address.AnyV4 }
                : new Query { Version = 2, MaxResponseTime = message[CodeAt] * ResponseTimeUnit, Group = Group };
        }
    }

    /// <summary>The report; only for <see cref="IgmpType.V3MembershipReport"/>.</summary>
    public Report Report =>
        new(message[FixedLength..], BinaryPrimitives.ReadUInt16BigEndian(message[ReportRecordCountAt..]), AddressLength);

    private static PacketError CheckQuery(ReadOnlySpan<byte> message)
    {
        if (message.Length == FixedLength)
            return PacketError.None;
        if (message.Length < QueryV3Length)
            return PacketError.IgmpQueryLength;
        var sources = BinaryPrimitives.ReadUInt16BigEndian(message[QuerySourceCountAt..]);
        return QueryV3Length + (sources * AddressLength) <= message.Length ? PacketError.None : PacketError.IgmpQuerySources;
    }

    // The whole report is dropped when any record is cut: a record must never be applied with garbage sources.
    private static PacketError CheckReport(ReadOnlySpan<byte> message)
    {
        var rest = message[FixedLength..];
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message[ReportRecordCountAt..]); left > 0; left--)
        {
            if (rest.Length < RecordFixedLength)
                return PacketError.IgmpReportRecords;
            var length = RecordFixedLength + (BinaryPrimitives.ReadUInt16BigEndian(rest[RecordSourceCountAt..]) * AddressLength);
            if (length > rest.Length)
                return PacketError.IgmpRecordSources;
            length += rest[RecordAuxiliaryLengthAt] * 4;
            if (length > rest.Length)
                return PacketError.IgmpRecordAuxiliaryData;
            rest = rest[length..];
        }

        return PacketError.None;
    }
}
