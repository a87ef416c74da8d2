using System.Buffers.Binary;

namespace MulticastLab.Packets;

/// <summary>One group record of a report, read in place (RFC 9776 §4.2.4 to §4.2.13).</summary>
public readonly ref struct GroupRecord
{
    /// <summary>The record type; numbers outside 1 to 6 occur and are to be skipped (RFC 9776 §4.2.13).</summary>
    public required RecordType Type { get; init; }

    /// <summary>The group, as sent: not necessarily a multicast address.</summary>
    public required Address Group { get; init; }

    /// <summary>The sources.</summary>
    public SourceList Sources { get; init; }
}

/// <summary>
/// A received state report (IGMPv3 or MLDv2), read in place: its group records, already checked to lie within the message.
/// <see cref="ReportContent"/> is the same as a value to send.
/// </summary>
/// <remarks>
/// A record is
/// <code>
/// | Type | Aux Data Len | Number of Sources (N) | Group (w bytes) | Source 1 … N (w bytes each) | Auxiliary Data (4·Aux bytes) |
/// </code>
/// with w = 4 in IGMPv3 and 16 in MLDv2 (RFC 9776 §4.2, RFC 9777 §5.2). Auxiliary data are skipped.
/// </remarks>
public readonly ref struct Report
{
    private readonly ReadOnlySpan<byte> records;
    private readonly int width;

    /// <summary>Views <paramref name="recordCount"/> records that were checked to lie within <paramref name="records"/>.</summary>
    public Report(ReadOnlySpan<byte> records, int recordCount, int addressLength)
    {
        this.records = records;
        RecordCount = recordCount;
        width = addressLength;
    }

    /// <summary>How many group records there are; 0 is allowed.</summary>
    public int RecordCount { get; }

    /// <summary>The same as a value that outlives the bytes; auxiliary data are left out.</summary>
    public ReportContent ToContent()
    {
        var content = new List<RecordContent>(RecordCount);
        foreach (var record in this)
            content.Add(new RecordContent(record.Type, record.Group, record.Sources.ToArray()));
        return new ReportContent(content);
    }

    /// <summary>Enumerates the records in the order of the wire, unknown types included.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the records of a <see cref="Report"/>.</summary>
    public ref struct Enumerator
    {
        private readonly int width;
        private ReadOnlySpan<byte> rest;
        private int left;

        internal Enumerator(Report report)
        {
            width = report.width;
            rest = report.records;
            left = report.RecordCount;
            Current = default;
        }

        /// <summary>The present record.</summary>
        public GroupRecord Current { get; private set; }

        /// <summary>Goes to the next record; false after the last.</summary>
        public bool MoveNext()
        {
            if (left-- <= 0)
                return false;
            var sourcesAt = 4 + width;
            var auxiliaryAt = sourcesAt + (BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) * width);
            Current = new GroupRecord
            {
                Type = (RecordType)rest[0],
                Group = Address.Read(rest.Slice(4, width)),
                Sources = new SourceList(rest[sourcesAt..auxiliaryAt], width),
            };
            rest = rest[(auxiliaryAt + (rest[1] * 4))..];
            return true;
        }
    }
}

/// <summary>One group record to send.</summary>
/// <param name="Type">The record type.</param>
/// <param name="Group">The group.</param>
/// <param name="Sources">The sources, in the order of the wire.</param>
public sealed record RecordContent(RecordType Type, Address Group, IReadOnlyList<Address> Sources);

/// <summary>A state report to send (IGMPv3 or MLDv2): one message, already split to fit the MTU.</summary>
/// <param name="Records">The group records, in the order of the wire.</param>
public sealed record ReportContent(IReadOnlyList<RecordContent> Records);
