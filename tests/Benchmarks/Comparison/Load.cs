using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>The frames that all the peers are offered.</summary>
internal static class Load
{
    private static readonly MacAddress Station = new(0x0200_0000_00AA);

    /// <summary>Groups 239.1.0.0, 239.1.0.1 …, from the one at <paramref name="first"/>.</summary>
    public static Address[] Groups(int count, int first = 0) => [.. Range(0xEF01_0000, count, first)];

    /// <summary>Groups 232.1.0.0, 232.1.0.1 …: the source-specific range.</summary>
    public static Address[] SourceSpecificGroups(int count, int first = 0) => [.. Range(0xE801_0000, count, first)];

    /// <summary>The source where one is enough.</summary>
    public static readonly Address Source = Address.Parse("10.1.0.2");

    /// <summary>Sources 10.1.1.0, 10.1.1.1 … on the sources' LAN.</summary>
    public static Address[] Sources(int count) => [.. Range(0x0A01_0100, count, 0)];

    /// <summary>Reports of <paramref name="records"/> records each, one for every group.</summary>
    public static FrameSequence Reports(RecordType type, IEnumerable<Address> groups, int records = 1) =>
        Frames(groups.Chunk(records).Select(some => new ReportContent([.. some.Select(group => new RecordContent(type, group, []))])));

    /// <summary>Reports of one record each: every group with the same sources, at most <paramref name="most"/> in a report.</summary>
    public static FrameSequence Reports(RecordType type, IEnumerable<Address> groups, Address[] sources, int most = 250) =>
        Frames(groups.SelectMany(group => sources.Chunk(most).Select(some => new ReportContent([new RecordContent(type, group, some)]))));

    /// <summary>A small datagram from each source to each group.</summary>
    public static FrameSequence Datagrams(IEnumerable<Address> groups, params Address[] sources) =>
        new([
            .. groups.SelectMany(group =>
                sources.Select(source =>
                {
                    var buffer = new byte[100];
                    return Frame(
                        buffer.AsSpan(0, UdpWriter.Write(buffer, Ipv4Header.ForUdp(source, group, 8), 5000, 5000, "comparison"u8)));
                })),
        ]);

    private static FrameSequence Frames(IEnumerable<ReportContent> reports)
    {
        var buffer = new byte[1_500];
        return new FrameSequence([
            .. reports.Select(report =>
                Frame(buffer.AsSpan(0, IgmpWriter.WriteReport(buffer, report, Benchmarks.Reports.Reporter, Benchmarks.Reports.Destination)))
            ),
        ]);
    }

    private static IEnumerable<Address> Range(uint start, int count, int first) =>
        Enumerable.Range(first, count).Select(i => Address.FromV4(start + (uint)i));

    private static byte[] Frame(ReadOnlySpan<byte> packet)
    {
        var buffer = new byte[EthernetView.HeaderLength + packet.Length];
        EthernetWriter.WriteIpv4(buffer, Station, packet);
        return buffer;
    }
}
