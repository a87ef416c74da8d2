namespace MulticastLab.Packets.Mld;

/// <summary>Where the fields of MLD messages are (RFC 2710 §3, RFC 9777 §5.1, §5.2), and the unit of their times.</summary>
/// <remarks>
/// Version 1, every type; a query of version 2 begins in the same way:
/// <code>
/// |     Type      |     Code      |           Checksum            |
/// |    Maximum Response Code      |           Reserved            |
/// |                 Multicast Address, 16 bytes                   |
/// </code>
/// A query of version 2 has a <see cref="QueryTail"/> after that.
/// Report of version 2:
/// <code>
/// |  Type = 143   |   Reserved    |           Checksum            |
/// |             Flags             | Nr of Mcast Address Records   |
/// |      Multicast Address Record [1] … Record [M]                |
/// </code>
/// The multicast address records are those of <see cref="RecordCodec"/>.
/// </remarks>
internal static class MldLayout
{
    public const int CodeAt = 1;
    public const int ChecksumAt = 2;
    public const int ResponseCodeAt = 4;
    public const int GroupAt = 8;
    public const int FixedLength = GroupAt + AddressLength;

    public const int QueryTailAt = FixedLength;
    public const int QueryV2Length = QueryTailAt + QueryTail.FixedLength;

    public const int ReportRecordCountAt = 6;
    public const int ReportFixedLength = 8;

    public const int AddressLength = 16;

    /// <summary>The unit of the Maximum Response Code.</summary>
    public static readonly TimeSpan ResponseTimeUnit = TimeSpan.FromMilliseconds(1);
}
