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
        query.Version < 3 ? FixedLength : QueryV3Length + (query.Sources.Count * AddressLength);

    /// <summary>The length of a report without its IP header: 8 bytes, and 8 per record and 4 per source.</summary>
    public static int ReportLength(ReportContent report)
    {
        var length = FixedLength;
        for (var i = 0; i < report.Records.Count; i++)
            length += RecordFixedLength + (report.Records[i].Sources.Count * AddressLength);
        return length;
    }

    /// <summary>Writes a query without an IP header, for those who want another header around it than RFC 9776 does.</summary>
    public static int WriteQueryMessage(Span<byte> buffer, QueryContent query)
    {
        var length = QueryLength(query);
        switch (query.Version)
        {
            case 1 or 2 when query.Sources.Count > 0:
                throw new ArgumentException($"A version {query.Version} query cannot carry sources.", nameof(query));
            case 1 when query.Kind != QueryKind.General:
                throw new ArgumentException("Version 1 has General Queries only (RFC 1112, Appendix I).", nameof(query));
            case 1:
                return WriteFixedPart(buffer, (byte)IgmpType.MembershipQuery, code: 0, Address.AnyV4);
            case 2:
                return WriteFixedPart(buffer, (byte)IgmpType.MembershipQuery, Version2Code(query.MaxResponseTime), GroupField(query));
            case 3:
                break;
            default:
                throw new ArgumentException($"There is no IGMP version {query.Version}.", nameof(query));
        }

        Require(buffer, length);
        if (query.Sources.Count > ushort.MaxValue)
            throw new ArgumentException($"A query carries at most 65535 sources, not {query.Sources.Count}.", nameof(query));
        var message = buffer[..length];
        var suppress = query.SuppressRouterSideProcessing ? SuppressBit : 0;
        // A robustness variable above 7 is told as 0 (RFC 9776 §4.1.6).
        var robustness = query.RobustnessVariable is >= 0 and <= RobustnessBits ? query.RobustnessVariable : 0;
        message[QueryFlagsAt] = (byte)(suppress | robustness);
        message[QueryIntervalCodeAt] = TimeCode.Encode(query.QueryInterval, QueryIntervalUnit);
        BinaryPrimitives.WriteUInt16BigEndian(message[QuerySourceCountAt..], (ushort)query.Sources.Count);
        WriteSources(message[QueryV3Length..], query.Sources);
        WriteStart(message, (byte)IgmpType.MembershipQuery, TimeCode.Encode(query.MaxResponseTime, ResponseTimeUnit), GroupField(query));
        return length;
    }

    /// <summary>Writes a version 3 report without an IP header.</summary>
    public static int WriteReportMessage(Span<byte> buffer, ReportContent report)
    {
        var length = ReportLength(report);
        Require(buffer, length);
        if (report.Records.Count > ushort.MaxValue)
            throw new ArgumentException($"A report carries at most 65535 records, not {report.Records.Count}.", nameof(report));
        var message = buffer[..length];
        message[0] = (byte)IgmpType.V3MembershipReport;
        message[CodeAt] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(message[ReportFlagsAt..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[ReportRecordCountAt..], (ushort)report.Records.Count);
        var rest = message[FixedLength..];
        for (var i = 0; i < report.Records.Count; i++)
            rest = WriteRecord(rest, report.Records[i]);
        WriteChecksum(message);
        return length;
    }

    private static Span<byte> WriteRecord(Span<byte> destination, RecordContent record)
    {
        if (record.Sources.Count > ushort.MaxValue)
            throw new ArgumentException($"A record carries at most 65535 sources, not {record.Sources.Count}.", nameof(record));
        destination[0] = (byte)record.Type;
        destination[RecordAuxiliaryLengthAt] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[RecordSourceCountAt..], (ushort)record.Sources.Count);
        Ipv4Writer.WriteAddress(destination[RecordGroupAt..], record.Group);
        return WriteSources(destination[RecordFixedLength..], record.Sources);
    }

    private static Span<byte> WriteSources(Span<byte> destination, IReadOnlyList<Address> sources)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            Ipv4Writer.WriteAddress(destination, sources[i]);
            destination = destination[AddressLength..];
        }

        return destination;
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
        Ipv4Writer.WriteAddress(message[GroupAt..], group);
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
