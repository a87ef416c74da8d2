using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Benchmarks;

/// <summary>Reports to feed to what is measured.</summary>
internal static class Reports
{
    public static readonly Address Reporter = Address.Parse("10.0.0.11");
    public static readonly Address Destination = Address.Parse("224.0.0.22");
    public static readonly Envelope Envelope = new(Reporter, Destination, 1, true);

    /// <summary>Groups 239.1.0.0, 239.1.0.1 ….</summary>
    public static Address[] Groups(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Address.FromV4((239u << 24) + (1u << 16) + (uint)i))];

    /// <summary>Sources 192.0.2.0, 192.0.2.1 ….</summary>
    public static Address[] Sources(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Address.FromV4(0xC000_0200 + (uint)i))];

    public static ReportContent Of(RecordType type, IEnumerable<Address> groups, int sources = 0)
    {
        var list = Sources(sources);
        return new ReportContent([.. groups.Select(group => new RecordContent(type, group, list))]);
    }

    /// <summary>One packet per group, ready to be read.</summary>
    public static byte[][] PacketsOf(RecordType type, IEnumerable<Address> groups, int sources = 0) =>
        [.. groups.Select(group => PacketOf(Of(type, [group], sources)))];

    /// <summary>One version 2 report per group, ready to be read.</summary>
    public static byte[][] Version2PacketsOf(IEnumerable<Address> groups) =>
        [.. groups.Select(group =>
        {
            var buffer = new byte[64];
            return buffer[..IgmpWriter.WriteGroupMessage(buffer, IgmpType.V2MembershipReport, group, Reporter, group)];
        })];

    public static byte[] PacketOf(ReportContent report)
    {
        var buffer = new byte[65_535];
        var length = IgmpWriter.WriteReport(buffer, report, Reporter, Destination);
        return buffer[..length];
    }
}
