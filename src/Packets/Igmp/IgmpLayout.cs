namespace MulticastLab.Packets.Igmp;

/// <summary>Where the fields of IGMP messages are (RFC 9776 §4.1, §4.2), and the units of their times.</summary>
/// <remarks>
/// Version 1 and 2, every type; a query of version 3 begins in the same way:
/// <code>
/// |     Type      | Max Resp Code |           Checksum            |
/// |                         Group Address                         |
/// </code>
/// Query of version 3, after that:
/// <code>
/// | Flags |S| QRV |     QQIC      |     Number of Sources (N)     |
/// |              Source Address [1] … Source Address [N]          |
/// </code>
/// Report of version 3:
/// <code>
/// |  Type = 0x22  |   Reserved    |           Checksum            |
/// |             Flags             |  Number of Group Records (M)  |
/// |                 Group Record [1] … Group Record [M]           |
/// </code>
/// Group record:
/// <code>
/// |  Record Type  | Aux Data Len  |     Number of Sources (N)     |
/// |                       Multicast Address                       |
/// |       Source Address [1] … Source Address [N]                 |
/// |            Auxiliary Data, 4 · Aux Data Len bytes             |
/// </code>
/// </remarks>
internal static class IgmpLayout
{
    public const int CodeAt = 1;
    public const int ChecksumAt = 2;
    public const int GroupAt = 4;
    public const int FixedLength = 8;

    public const int QueryFlagsAt = 8;
    public const int QueryIntervalCodeAt = 9;
    public const int QuerySourceCountAt = 10;
    public const int QueryV3Length = 12;
    public const int SuppressBit = 0x08;
    public const int RobustnessBits = 0x07;

    public const int ReportFlagsAt = 4;
    public const int ReportRecordCountAt = 6;
    public const int RecordAuxiliaryLengthAt = 1;
    public const int RecordSourceCountAt = 2;
    public const int RecordGroupAt = 4;
    public const int RecordFixedLength = 8;

    public const int AddressLength = 4;

    /// <summary>The unit of Max Resp Code.</summary>
    public static readonly TimeSpan ResponseTimeUnit = TimeSpan.FromMilliseconds(100);

    /// <summary>The unit of QQIC.</summary>
    public static readonly TimeSpan QueryIntervalUnit = TimeSpan.FromSeconds(1);
}
