using System.Buffers.Binary;
using MulticastLab.Packets.Ip;
using static MulticastLab.Packets.Igmp.IgmpLayout;

namespace MulticastLab.Packets.Igmp;

/// <summary>
/// Writes IGMP messages as whole IPv4 packets: TTL 1, TOS 0xC0, Router Alert (RFC 9776 §4), both checksums filled in.
/// Every method returns the packet's length; <see cref="ArgumentException"/> when the buffer is too small or the message cannot be
/// expressed in the form of its version.
/// </summary>
public static class IgmpWriter
{
    /// <summary>Writes a query in the form of its version.</summary>
    public static int WriteQuery(Span<byte> buffer, QueryContent query, Address source, Address destination)
    {
        var header = Ipv4Header.ForIgmp(source, destination);
        var length = WriteQueryMessage(Payload(buffer, header), query);
        return Ipv4Writer.WriteHeader(buffer, header, length) + length;
    }

    /// <summary>Writes a version 3 report.</summary>
    public static int WriteReport(Span<byte> buffer, ReportContent report, Address source, Address destination)
    {
        var header = Ipv4Header.ForIgmp(source, destination);
        var length = WriteReportMessage(Payload(buffer, header), report);
        return Ipv4Writer.WriteHeader(buffer, header, length) + length;
    }

    /// <summary>Writes a version 1 or 2 report or a leave.</summary>
    public static int WriteGroupMessage(Span<byte> buffer, IgmpType type, Address group, Address source, Address destination)
    {
        if (type is not (IgmpType.V1MembershipReport or IgmpType.V2MembershipReport or IgmpType.V2LeaveGroup))
            throw new ArgumentException($"{type} is no report or leave of version 1 or 2.", nameof(type));
        var header = Ipv4Header.ForIgmp(source, destination);
        var length = WriteFixedPart(Payload(buffer, header), (byte)type, code: 0, group);
        return Ipv4Writer.WriteHeader(buffer, header, length) + length;
    }

    /// <summary>The length of a query without its IP header: 8 bytes below version 3, otherwise 12 and 4 per source.</summary>
    public static int QueryLength(QueryContent query) =>
        query.Generation.HasSources ? QueryTailAt + QueryTail.Length(query.Sources.Count, AddressLength) : FixedLength;

    /// <summary>The length of a report without its IP header: 8 bytes, and 8 per record and 4 per source.</summary>
    public static int ReportLength(ReportContent report) => FixedLength + RecordCodec.Length(report, AddressLength);

    /// <summary>Writes a query without an IP header, for those who want another header around it than RFC 9776 does.</summary>
    public static int WriteQueryMessage(Span<byte> buffer, QueryContent query)
    {
        var length = QueryLength(query);
        switch (query.Generation)
        {
            case Generation.Reports or Generation.Leaves when query.Sources.Count > 0:
                throw new ArgumentException($"A version {(int)query.Generation + 1} query cannot carry sources.", nameof(query));
            case Generation.Reports when query.Kind != QueryKind.General:
                throw new ArgumentException("Version 1 has General Queries only (RFC 1112, Appendix I).", nameof(query));
            case Generation.Reports:
                return WriteFixedPart(buffer, (byte)IgmpType.MembershipQuery, code: 0, Address.AnyV4);
            case Generation.Leaves:
                return WriteFixedPart(buffer, (byte)IgmpType.MembershipQuery, Version2Code(query.MaxResponseTime), GroupField(query));
            case Generation.Sources:
                break;
            default:
                throw new ArgumentException($"There is no IGMP version {(int)query.Generation + 1}.", nameof(query));
        }

        Require(buffer, length);
        var message = buffer[..length];
        QueryTail.Write(message[QueryTailAt..], query, AddressLength);
        WriteStart(
            message, (byte)IgmpType.MembershipQuery, (byte)TimeCode.EightBits.Encode(query.MaxResponseTime, ResponseTimeUnit),
            GroupField(query));
        return length;
    }

    /// <summary>Writes a version 3 report without an IP header.</summary>
    public static int WriteReportMessage(Span<byte> buffer, ReportContent report)
    {
        var length = ReportLength(report);
        Require(buffer, length);
        var message = buffer[..length];
        message[0] = (byte)IgmpType.V3MembershipReport;
        message[CodeAt] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(message[ReportFlagsAt..], 0);
        RecordCodec.Write(message[ReportRecordCountAt..], report, AddressLength);
        WriteChecksum(message);
        return length;
    }

    private static int WriteFixedPart(Span<byte> buffer, byte type, byte code, Address group)
    {
        Require(buffer, FixedLength);
        WriteStart(buffer[..FixedLength], type, code, group);
        return FixedLength;
    }

    private static void WriteStart(Span<byte> message, byte type, byte code, Address group)
    {
        message[0] = type;
        message[CodeAt] = code;
        group.Write(message[GroupAt..], AddressLength);
        WriteChecksum(message);
    }

    private static void WriteChecksum(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[ChecksumAt..], InternetChecksum.Compute(message));
    }

    // Linear in tenths of a second; a code of 0 would make it a version 1 query (RFC 9776 §7.1).
    private static byte Version2Code(TimeSpan time) => (byte)Math.Clamp(time.Ticks / ResponseTimeUnit.Ticks, 1, byte.MaxValue);

    private static Address GroupField(QueryContent query) => query.Group.IsUnspecified ? Address.AnyV4 : query.Group;

    private static Span<byte> Payload(Span<byte> buffer, in Ipv4Header header)
    {
        Require(buffer, header.Length);
        return buffer[header.Length..];
    }

    private static void Require(Span<byte> buffer, int length)
    {
        if (buffer.Length < length)
            throw new ArgumentException($"The message needs {length} bytes; the buffer has {buffer.Length} left.", nameof(buffer));
    }
}
