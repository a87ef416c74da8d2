using System.Buffers.Binary;
using MulticastLab.Packets.Ip;
using static MulticastLab.Packets.Mld.MldLayout;

namespace MulticastLab.Packets.Mld;

/// <summary>
/// Writes MLD messages as whole IPv6 packets, the checksum, which covers both addresses, filled in. The header is that of RFC 9777 §5, hop
/// limit 1 and Router Alert, or one of one's own. Every method returns the packet's length; <see cref="ArgumentException"/> when the buffer
/// is too small or the message cannot be expressed in the form of its version.
/// </summary>
public static class MldWriter
{
    /// <summary>Writes a query in the form of its version.</summary>
    public static int WriteQuery(Span<byte> buffer, QueryContent query, Address source, Address destination) =>
        WriteQuery(buffer, query, Ipv6Header.ForMld(source, destination));

    /// <summary>Writes a query in the form of its version behind this header.</summary>
    public static int WriteQuery(Span<byte> buffer, QueryContent query, in Ipv6Header header)
    {
        var message = Message(buffer, header, QueryLength(query));
        var group = query.Group.IsUnspecified ? Address.AnyV6 : query.Group;
        switch (query.Generation)
        {
            case Generation.Leaves when query.Sources.Count > 0:
                throw new ArgumentException("A version 1 query cannot carry sources.", nameof(query));
            case Generation.Leaves:
                WriteFixedPart(message, MldType.Query, Version1Code(query.MaxResponseTime), group);
                break;
            case Generation.Sources:
                WriteFixedPart(message, MldType.Query, (ushort)TimeCode.SixteenBits.Encode(query.MaxResponseTime, ResponseTimeUnit), group);
                QueryTail.Write(message[QueryTailAt..], query, AddressLength);
                break;
            default:
                throw new ArgumentException($"There is no MLD version of {query.Generation}.", nameof(query));
        }

        return Finish(buffer, header, message);
    }

    /// <summary>Writes a version 2 report.</summary>
    public static int WriteReport(Span<byte> buffer, ReportContent report, Address source, Address destination) =>
        WriteReport(buffer, report, Ipv6Header.ForMld(source, destination));

    /// <summary>Writes a version 2 report behind this header.</summary>
    public static int WriteReport(Span<byte> buffer, ReportContent report, in Ipv6Header header)
    {
        var message = Message(buffer, header, ReportLength(report));
        message[..ReportFixedLength].Clear();
        message[0] = (byte)MldType.V2Report;
        RecordCodec.Write(message[ReportRecordCountAt..], report, AddressLength);
        return Finish(buffer, header, message);
    }

    /// <summary>Writes a version 1 report or done.</summary>
    public static int WriteGroupMessage(Span<byte> buffer, MldType type, Address group, Address source, Address destination) =>
        WriteGroupMessage(buffer, type, group, Ipv6Header.ForMld(source, destination));

    /// <summary>Writes a version 1 report or done behind this header.</summary>
    public static int WriteGroupMessage(Span<byte> buffer, MldType type, Address group, in Ipv6Header header)
    {
        if (type is not (MldType.V1Report or MldType.V1Done))
            throw new ArgumentException($"{type} is no report or done of version 1.", nameof(type));
        var message = Message(buffer, header, FixedLength);
        WriteFixedPart(message, type, responseCode: 0, group);
        return Finish(buffer, header, message);
    }

    /// <summary>The length of a query without its IPv6 headers: 24 bytes in version 1, otherwise 28 and 16 per source.</summary>
    public static int QueryLength(QueryContent query) =>
        query.Generation.HasSources ? QueryTailAt + QueryTail.Length(query.Sources.Count, AddressLength) : FixedLength;

    /// <summary>The length of a report without its IPv6 headers: 8 bytes, and 20 per record and 16 per source.</summary>
    public static int ReportLength(ReportContent report) => ReportFixedLength + RecordCodec.Length(report, AddressLength);

    private static Span<byte> Message(Span<byte> buffer, in Ipv6Header header, int length) => buffer.Length >= header.Length + length
        ? buffer.Slice(header.Length, length)
        : throw new ArgumentException($"The packet needs {header.Length + length} bytes; the buffer has {buffer.Length}.", nameof(buffer));

    private static void WriteFixedPart(Span<byte> message, MldType type, ushort responseCode, Address group)
    {
        message[..GroupAt].Clear();
        message[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(message[ResponseCodeAt..], responseCode);
        group.Write(message[GroupAt..], AddressLength);
    }

    private static int Finish(Span<byte> buffer, in Ipv6Header header, Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], 0);
        var checksum = PseudoHeader.Checksum(header.Source, header.Destination, header.Protocol, message);
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], checksum);
        return Ipv6Writer.WriteHeader(buffer, header, message.Length) + message.Length;
    }

    // Linear in milliseconds (RFC 2710 §3.4).
    private static ushort Version1Code(TimeSpan time) => (ushort)Math.Clamp(time.Ticks / ResponseTimeUnit.Ticks, 0, ushort.MaxValue);
}
