using System.Buffers.Binary;

namespace MulticastLab.Packets;

/// <summary>Why the group records of a report cannot be walked.</summary>
internal enum RecordFault
{
    None,

    /// <summary>A record begins beyond the end.</summary>
    Records,

    /// <summary>The sources of a record reach beyond the end.</summary>
    Sources,

    /// <summary>The auxiliary data of a record reach beyond the end.</summary>
    AuxiliaryData,
}

/// <summary>
/// The records of reports on the wire, in the one form that IGMPv3 and MLDv2 have for them but for the length of an address (RFC 9776
/// §4.2.4 to §4.2.13, RFC 9777 §5.2.4 to §5.2.12).
/// </summary>
/// <remarks>
/// <code>
/// |  Record Type  | Aux Data Len  |     Number of Sources (N)     |
/// |             Multicast Address, 4 or 16 bytes                  |
/// |       Source Address [1] … Source Address [N]                 |
/// |            Auxiliary Data, 4 · Aux Data Len bytes             |
/// </code>
/// </remarks>
internal static class RecordCodec
{
    public const int AuxiliaryLengthAt = 1;
    public const int SourceCountAt = 2;
    public const int GroupAt = 4;

    /// <summary>The length of a record with so many sources and no auxiliary data.</summary>
    public static int Length(int sources, int addressLength) => GroupAt + ((sources + 1) * addressLength);

    /// <summary>The length of all records of a report.</summary>
    public static int Length(ReportContent report, int addressLength)
    {
        var length = 0;
        for (var i = 0; i < report.Records.Count; i++)
            length += Length(report.Records[i].Sources.Count, addressLength);
        return length;
    }

    /// <summary>Checks that all records lie within the bytes: none may ever be applied with garbage as its sources.</summary>
    /// <param name="bytes">The records, and perhaps more after them.</param>
    /// <param name="count">The number that the field claims.</param>
    /// <param name="addressLength">4 or 16.</param>
    /// <param name="length">How many of the bytes they take; up to the error when there is one.</param>
    public static RecordFault Check(ReadOnlySpan<byte> bytes, int count, int addressLength, out int length)
    {
        length = 0;
        for (; count > 0; count--)
        {
            var rest = bytes[length..];
            if (rest.Length < GroupAt + addressLength)
                return RecordFault.Records;
            var record = Length(BinaryPrimitives.ReadUInt16BigEndian(rest[SourceCountAt..]), addressLength);
            if (record > rest.Length)
                return RecordFault.Sources;
            record += rest[AuxiliaryLengthAt] * 4;
            if (record > rest.Length)
                return RecordFault.AuxiliaryData;
            length += record;
        }

        return RecordFault.None;
    }

    /// <summary>Writes the count of records and the records after it.</summary>
    /// <param name="countAt">Where the count stands, its two bytes before the records.</param>
    /// <param name="report">The report.</param>
    /// <param name="addressLength">4 or 16.</param>
    public static void Write(Span<byte> countAt, ReportContent report, int addressLength)
    {
        if (report.Records.Count > ushort.MaxValue)
            throw new ArgumentException($"A report carries at most 65535 records, not {report.Records.Count}.", nameof(report));
        BinaryPrimitives.WriteUInt16BigEndian(countAt, (ushort)report.Records.Count);
        var rest = countAt[sizeof(ushort)..];
        for (var i = 0; i < report.Records.Count; i++)
            rest = Write(rest, report.Records[i], addressLength);
    }

    private static Span<byte> Write(Span<byte> destination, RecordContent record, int addressLength)
    {
        destination[0] = (byte)record.Type;
        destination[AuxiliaryLengthAt] = 0;
        record.Group.Write(destination[GroupAt..], addressLength);
        return SourceCodec.Write(destination[SourceCountAt..], destination[(GroupAt + addressLength)..], record.Sources, addressLength);
    }
}
