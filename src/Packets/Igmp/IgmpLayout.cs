namespace MulticastLab.Packets.Igmp;

/// <summary>Where the fields of IGMP messages are (RFC 9776 §4.1, §4.2), and the units of their times.</summary>
/// <remarks>
/// Version 1 and 2, every type; a query of version 3 begins in the same way:
/// <code>
/// |     Type      | Max Resp Code |           Checksum            |
/// |                         Group Address                         |
/// </code>
/// A query of version 3 has a <see cref="QueryTail"/> after that.
/// Report of version 3:
/// <code>
/// |  Type = 0x22  |   Reserved    |           Checksum            |
/// |             Flags             |  Number of Group Records (M)  |
/// |                 Group Record [1] … Group Record [M]           |
/// </code>
/// The group records are those of <see cref="RecordCodec"/>.
/// </remarks>
internal static class IgmpLayout
{
    public const int CodeAt = 1;
    public const int ChecksumAt = 2;
    public const int GroupAt = 4;
    public const int FixedLength = 8;

    public const int QueryTailAt = 8;
    public const int QueryV3Length = QueryTailAt + QueryTail.FixedLength;

    public const int ReportFlagsAt = 4;
    public const int ReportRecordCountAt = 6;

    public const int AddressLength = 4;

    /// <summary>The unit of Max Resp Code.</summary>
    public static readonly TimeSpan ResponseTimeUnit = TimeSpan.FromMilliseconds(100);
}
