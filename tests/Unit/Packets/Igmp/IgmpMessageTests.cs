using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Igmp;

/// <summary>Pairs of bytes and value, read and written (RFC 9776 §4.1, §4.2). The bytes were put together by hand.</summary>
public sealed class IgmpMessageTests
{
    private static readonly Address Querier = Address.Parse("10.0.0.1");
    private static readonly Address Host = Address.Parse("10.0.0.11");

    // IPv4 with TOS 0xC0, Don't Fragment, TTL 1, protocol 2, Router Alert.
    public static TheoryData<string, string, QueryContent> Queries => new()
    {
        {
            "V3-M-4.1.3-01: version 3, general, defaults",
            "46c00024 00004000 0102fa11 0a000001 e0000001 94040000 1164ec1e 00000000 027d0000",
            Query(3, 10, "0.0.0.0", robustness: 2, interval: 125)
        },
        {
            "V3-M-4.1.5-01: version 3, group-specific, S",
            "46c00024 00004000 0102ea10 0a000001 ef010101 94040000 110af475 ef010101 0a7d0000",
            Query(3, 1, "239.1.1.1", suppress: true, robustness: 2, interval: 125)
        },
        {
            "V3-M-4.1.5-01: version 3, group-specific, S and QRV 7",
            "46c00024 00004000 0102ea10 0a000001 ef010101 94040000 110aef75 ef010101 0f7d0000",
            Query(3, 1, "239.1.1.1", suppress: true, robustness: 7, interval: 125)
        },
        {
            "V3-M-4.1.8-02: version 3, group and two sources, QRV 7",
            "46c0002c 00004000 0102ea08 0a000001 ef010101 94040000 110a736f ef010101 077d0002 c0000201 c0000202",
            Query(3, 1, "239.1.1.1", robustness: 7, interval: 125, sources: ["192.0.2.1", "192.0.2.2"])
        },
        {
            "V3-M-4.1.1-02, V3-R-4.1.7-01: version 3, floating point codes",
            "46c00024 00004000 0102fa11 0a000001 e0000001 94040000 11afebbe 00000000 02920000",
            Query(3, 99.2, "0.0.0.0", robustness: 2, interval: 288)
        },
        {
            "V3-M-4.1.1-03: version 3 by its length, code 0",
            "46c00024 00004000 0102fa11 0a000001 e0000001 94040000 1100ec82 00000000 027d0000",
            Query(3, 0, "0.0.0.0", robustness: 2, interval: 125)
        },
        {
            "V3-X-7.1-02: version 2, general; its code is linear (V3-X-7.2.1-10)",
            "46c00020 00004000 0102fa15 0a000001 e0000001 94040000 11c8ee37 00000000",
            Query(2, 20, "0.0.0.0")
        },
        {
            "V3-X-7.1-02: version 2, group-specific",
            "46c00020 00004000 0102ea14 0a000001 ef010101 94040000 110afef2 ef010101",
            Query(2, 1, "239.1.1.1")
        },
        {
            "V3-X-7.1-01: version 1: code 0 stands for 10 s",
            "46c00020 00004000 0102fa15 0a000001 e0000001 94040000 1100eeff 00000000",
            Query(1, 10, "0.0.0.0")
        },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_is_read(string because, string hex, QueryContent expected)
    {
        IgmpPacket.TryRead(Hex.Bytes(hex), out var packet).Should().Be(PacketError.None, because);

        packet.Type.Should().Be(IgmpType.MembershipQuery);
        packet.Query.ToContent().Should().BeEquivalentTo(expected, because);
    }

    [Theory]
    [MemberData(nameof(Queries))]
    [Shows("V3-M-4-01", "V3-M-4-02", "V3-M-4-04", "V3-M-4-06", "V3-M-4.1.2-01", "V3-M-4.1.4-01")]
    public void A_query_is_written(string because, string hex, QueryContent query)
    {
        var buffer = new byte[100];

        var length = IgmpWriter.WriteQuery(buffer, query, Querier, query.Group.IsUnspecified ? Address.Parse("224.0.0.1") : query.Group);

        Convert.ToHexString(buffer.AsSpan(0, length)).Should().Be(Convert.ToHexString(Hex.Bytes(hex)), because);
    }

    public static TheoryData<string, string, ReportContent> Reports => new()
    {
        {
            "V3-M-4.2.13-01: the six record types",
            "46c00064 00004000 0102f9b2 0a00000b e0000016 94040000 22005ec8 00000006 01000001 ef010101 c0000201 02000000 ef010102 "
                + "03000002 ef010103 c0000201 c0000202 04000000 ef010104 05000001 ef010105 c0000201 06000001 ef010106 c0000203",
            Report(
                Record(RecordType.IsInclude, "239.1.1.1", "192.0.2.1"),
                Record(RecordType.IsExclude, "239.1.1.2"),
                Record(RecordType.ToInclude, "239.1.1.3", "192.0.2.1", "192.0.2.2"),
                Record(RecordType.ToExclude, "239.1.1.4"),
                Record(RecordType.Allow, "239.1.1.5", "192.0.2.1"),
                Record(RecordType.Block, "239.1.1.6", "192.0.2.3"))
        },
        {
            "V3-M-4.2.4-02: no record at all",
            "46c00020 00004000 0102f9f6 0a00000b e0000016 94040000 2200ddff 00000000",
            Report()
        },
        {
            "V3-M-4.2.13-02: unknown record types are kept for the core to skip",
            "46c00034 00004000 0102f9e2 0a00000b e0000016 94040000 220030f2 00000002 07000001 ef010101 c0000201 04000000 ef010104",
            Report(Record((RecordType)7, "239.1.1.1", "192.0.2.1"), Record(RecordType.ToExclude, "239.1.1.4"))
        },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public void A_report_is_read(string because, string hex, ReportContent expected)
    {
        IgmpPacket.TryRead(Hex.Bytes(hex), out var packet).Should().Be(PacketError.None, because);

        packet.Type.Should().Be(IgmpType.V3MembershipReport);
        packet.Report.RecordCount.Should().Be(expected.Records.Count);
        packet.Report.ToContent().Should().BeEquivalentTo(expected, options => options.WithStrictOrdering(), because);
    }

    [Theory]
    [MemberData(nameof(Reports))]
    [Shows("V3-M-4-01", "V3-M-4-02", "V3-M-4-04", "V3-M-4-06", "V3-M-4.1.2-01", "V3-M-4.2.11-01")]
    public void A_report_is_written(string because, string hex, ReportContent report)
    {
        var buffer = new byte[200];

        var length = IgmpWriter.WriteReport(buffer, report, Host, Address.Parse("224.0.0.22"));

        Convert.ToHexString(buffer.AsSpan(0, length)).Should().Be(Convert.ToHexString(Hex.Bytes(hex)), because);
    }

    [Theory]
    [InlineData(IgmpType.V1MembershipReport, "239.1.1.1", "46c00020 00004000 0102ea0a 0a00000b ef010101 94040000 1200fdfc ef010101")]
    [InlineData(IgmpType.V2MembershipReport, "239.1.1.1", "46c00020 00004000 0102ea0a 0a00000b ef010101 94040000 1600f9fc ef010101")]
    [InlineData(IgmpType.V2LeaveGroup, "224.0.0.2", "46c00020 00004000 0102fa0a 0a00000b e0000002 94040000 1700f8fc ef010101")]
    [Shows("V3-M-4-01", "V3-M-4-02", "V3-M-4-04", "V3-M-4-06")]
    public void Reports_and_leaves_of_old_are_read_and_written(IgmpType type, string destination, string hex)
    {
        var buffer = new byte[100];
        var group = Address.Parse("239.1.1.1");

        IgmpPacket.TryRead(Hex.Bytes(hex), out var packet).Should().Be(PacketError.None);
        var length = IgmpWriter.WriteGroupMessage(buffer, type, group, Host, Address.Parse(destination));

        packet.Type.Should().Be(type);
        packet.Group.Should().Be(group);
        packet.Envelope.Should().Be(new Envelope(Host, Address.Parse(destination), TimeToLive: 1, RouterAlert: true));
        Convert.ToHexString(buffer.AsSpan(0, length)).Should().Be(Convert.ToHexString(Hex.Bytes(hex)));
    }

    [Theory]
    [InlineData("12000000 ef010101", GroupMessageKind.Report, Generation.Reports)]
    [InlineData("16000000 ef010101", GroupMessageKind.Report, Generation.Leaves)]
    [InlineData("17000000 ef010101", GroupMessageKind.Leave, Generation.Leaves)]
    [InlineData("12550000 ef010101 ffff", GroupMessageKind.Report, Generation.Reports)]
    public void A_message_of_old_is_told_by_kind_generation_and_group(string hex, GroupMessageKind kind, Generation generation)
    {
        IgmpPacket.TryRead(Packet.Igmp(hex), out var packet).Should().Be(PacketError.None);
        packet.GroupMessage.Should().Be(new GroupMessage(kind, generation, Address.Parse("239.1.1.1")));
    }

    [Fact]
    public void A_query_is_no_message_about_a_group()
    {
        var asking = () =>
        {
            IgmpPacket.TryRead(Packet.Igmp("11640000 00000000"), out var packet);
            return packet.GroupMessage;
        };
        asking.Should().Throw<InvalidOperationException>();
    }

    private static ReportContent Report(params RecordContent[] records) => new(records);

    private static RecordContent Record(RecordType type, string group, params string[] sources) =>
        new(type, Address.Parse(group), Addresses(sources));

    private static QueryContent Query(
        int version, double response, string group, bool suppress = false, int robustness = 0, int interval = 0,
        string[]? sources = null) =>
        new(
            (Generation)(version - 1), TimeSpan.FromSeconds(response), Address.Parse(group), suppress, robustness,
            TimeSpan.FromSeconds(interval), Addresses(sources ?? []));

    private static Address[] Addresses(string[] texts) => [.. texts.Select(Address.Parse)];
}
