using FluentAssertions;
using FsCheck.Fluent;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Mld;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Mld;

/// <summary>tshark reads in MLD messages what we read, and takes the same checksums for right.</summary>
public sealed class MldTsharkTests
{
    private const string ChecksumStatus = "icmpv6.checksum.status";

    private static readonly string[] Fields =
    [
        "ipv6.src",
        "ipv6.dst",
        "ipv6.hlim",
        "icmpv6.type",
        ChecksumStatus,
        "icmpv6.mld.maximum_response_delay",
        "icmpv6.mld.maximum_response_code",
        "icmpv6.mld.multicast_address",
        "icmpv6.mld.flag.s",
        "icmpv6.mld.flag.qrv",
        "icmpv6.mld.qqi",
        "icmpv6.mld.nb_sources",
        "icmpv6.mld.source_address",
        "icmpv6.mldr.nb_mcast_records",
        "icmpv6.mldr.mar.record_type",
        "icmpv6.mldr.mar.nb_sources",
        "icmpv6.mldr.mar.multicast_address",
        "icmpv6.mldr.mar.source_address",
    ];

    // It reads a report to the end of the packet, whatever the count of records says; RFC 9777 §5.2.12 has what follows them ignored.
    [Fact]
    public void Tshark_agrees_on_every_vector() =>
        Agree([
            .. MldVector
                .All.Values.Where(each => each.Error == PacketError.None)
                .Select(each => each.Bytes)
                .Where(each => !HasMoreThanItsRecords(each)),
        ]);

    [Fact]
    public void Tshark_agrees_on_random_messages() =>
        Agree([
            .. MldGenerators
                .Queries.Sample(20, 100)
                .Select(query => Written(buffer => MldWriter.WriteQuery(buffer, query, Ipv6Packet.Source, Ipv6Packet.Destination))),
            .. MldGenerators
                .Reports.Sample(20, 100)
                .Select(report => Written(buffer => MldWriter.WriteReport(buffer, report, Ipv6Packet.Source, Ipv6Packet.Destination))),
        ]);

    [Fact]
    [Shows("L2-M-5.2.2-01", "L2-M-5.1.2-02")]
    public void Tshark_agrees_on_what_checksum_is_wrong()
    {
        var vectors = MldVector.All.Values.Where(each => each.Error is PacketError.MldChecksum or PacketError.None).ToList();
        vectors.Should().Contain(each => each.Error == PacketError.MldChecksum);

        Read(vectors.Select(each => each.Bytes), ChecksumStatus).Select(each => each.Single())
            .Should().Equal(vectors.Select(each => $"{ChecksumStatus} {(each.Error == PacketError.None ? 1 : 0)}"));
    }

    private static bool HasMoreThanItsRecords(byte[] bytes)
    {
        MldPacket.TryRead(bytes, out var packet);
        return packet.Message.Type == MldType.V2Report && packet.Message.DefinedLength < packet.Message.Bytes.Length;
    }

    private static void Agree(IReadOnlyList<byte[]> packets)
    {
        var theirs = Read(packets, Fields);

        theirs.Should().HaveCount(packets.Count);
        for (var i = 0; i < packets.Count; i++)
            theirs[i].Should().Equal(Ours(packets[i]), "of {0}", Convert.ToHexStringLower(packets[i]));
    }

    private static List<List<string>> Read(IEnumerable<byte[]> packets, params string[] fields)
    {
        TsharkOracle.Require();
        var path = Path.GetTempFileName();
        try
        {
            using (var writer = new PcapngWriter(File.Create(path)))
            {
                var lan = writer.AddInterface("lanA");
                foreach (var packet in packets)
                    writer.WritePacket(lan, Instant.Epoch, Ipv6Packet.Ethernet(packet));
            }

            return TsharkOracle.Read(path, fields);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static List<string> Ours(byte[] bytes)
    {
        MldPacket.TryRead(bytes, out var packet).Should().Be(PacketError.None);
        var message = packet.Message;
        var fields = new List<string>();
        Add("ipv6.hlim", packet.Ip.HopLimit);
        Add("ipv6.src", packet.Ip.Source);
        Add("ipv6.dst", packet.Ip.Destination);
        Add("icmpv6.type", (int)message.Type);
        Add(ChecksumStatus, 1);
        switch (message.Type)
        {
            case MldType.V2Report:
                var report = message.Report;
                Add("icmpv6.mldr.nb_mcast_records", report.RecordCount);
                foreach (var record in report)
                {
                    Add("icmpv6.mldr.mar.record_type", (int)record.Type);
                    Add("icmpv6.mldr.mar.nb_sources", record.Sources.Count);
                    Add("icmpv6.mldr.mar.multicast_address", record.Group);
                    foreach (var source in record.Sources)
                        Add("icmpv6.mldr.mar.source_address", source);
                }

                break;
            case MldType.Query when message.Version == 2:
                var query = message.Query;
                Add("icmpv6.mld.maximum_response_code", query.MaxResponseTime.TotalMilliseconds);
                Add("icmpv6.mld.multicast_address", query.Group);
                Add("icmpv6.mld.flag.s", query.SuppressRouterSideProcessing ? 1 : 0);
                Add("icmpv6.mld.flag.qrv", query.RobustnessVariable);
                Add("icmpv6.mld.qqi", query.QueryInterval.TotalSeconds);
                Add("icmpv6.mld.nb_sources", query.Sources.Count);
                foreach (var source in query.Sources)
                    Add("icmpv6.mld.source_address", source);
                break;
            case MldType.Query:
                Add("icmpv6.mld.maximum_response_delay", message.Query.MaxResponseTime.TotalMilliseconds);
                Add("icmpv6.mld.multicast_address", message.Query.Group);
                break;
            default:
                // Of no use in a report, which vectors have as zero.
                Add("icmpv6.mld.maximum_response_delay", 0);
                Add("icmpv6.mld.multicast_address", message.GroupMessage.Group);
                break;
        }

        return fields;

        void Add(string name, object value) => fields.Add(FormattableString.Invariant($"{name} {value}"));
    }

    private static byte[] Written(Func<byte[], int> write)
    {
        var buffer = new byte[65535];
        return buffer[..write(buffer)];
    }
}
