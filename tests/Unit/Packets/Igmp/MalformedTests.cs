using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Igmp;

/// <summary>
/// Every way in which a packet can be wrong, with the exact bytes and the error; and what is valid though it does not look so.
/// </summary>
public sealed class MalformedTests
{
    private const string Query = "46c00024 00004000 0102fa11 0a000001 e0000001 94040000 1164ec1e 00000000 027d0000";

    public static TheoryData<string, string, PacketError> WrongHeaders => new()
    {
        { "nothing", "", PacketError.Ipv4TooShort },
        { "19 bytes", Query[..42], PacketError.Ipv4TooShort },
        { "version 6", "66" + Query[2..], PacketError.Ipv4Version },
        { "header of 16 bytes", "44" + Query[2..], PacketError.Ipv4HeaderLength },
        { "header of 60 bytes in a packet of 36", "4f" + Query[2..], PacketError.Ipv4HeaderLength },
        { "total length 23, header 24", Query.Replace("46c00024", "46c00017", StringComparison.Ordinal), PacketError.Ipv4TotalLength },
        { "total length 37 of 36", Query.Replace("46c00024", "46c00025", StringComparison.Ordinal), PacketError.Ipv4Truncated },
        { "checksum off by one", Query.Replace("fa11", "fa12", StringComparison.Ordinal), PacketError.Ipv4HeaderChecksum },
        { "TTL changed on the way", Query.Replace("0102fa11", "0202fa11", StringComparison.Ordinal), PacketError.Ipv4HeaderChecksum },
    };

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    public void A_wrong_header_has_its_error(string because, string hex, PacketError error) =>
        IgmpPacket.TryRead(Hex.Bytes(hex), out _).Should().Be(error, because);

    [Theory]
    [InlineData("9404000094010000")]
    [InlineData("01010194")]
    [InlineData("94050000")]
    [InlineData("44000000")]
    public void An_option_of_impossible_length_has_its_error(string options) =>
        IgmpPacket
            .TryRead(Packet.WithOptions(options, Hex.Bytes("1164ec1e 00000000 027d0000")), out _)
            .Should()
            .Be(PacketError.Ipv4Options);

    // Router Alert anywhere among the options, of value 0 only; another value is no reason to drop.
    [Theory]
    [InlineData("94040000", true)]
    [InlineData("0194040000000000", true)]
    [InlineData("4404050094040000", true)]
    [InlineData("9404000194040000", true)]
    [InlineData("94040001", false)]
    [InlineData("94040100", false)]
    [InlineData("9404ffff", false)]
    [InlineData("01010101", false)]
    [InlineData("0000000094040000", false)]
    [InlineData("9406000000000000", false)]
    [InlineData("", false)]
    [Shows("V3-M-2.1-01", "V3-M-4.1.10-01")]
    public void Router_Alert_is_found_anywhere_and_of_value_0_only(string options, bool found)
    {
        IgmpPacket
            .TryRead(Packet.WithOptions(options, Hex.Bytes("1164ec1e 00000000 027d0000")), out var packet)
            .Should()
            .Be(PacketError.None);

        packet.Envelope.RouterAlert.Should().Be(found);
        packet.Query.Generation.Should().Be(Generation.Sources, "options are not counted as part of the message");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    public void Another_protocol_has_its_error(byte protocol) =>
        IgmpPacket
            .TryRead(Packet.Ip(Hex.Bytes("1164ec1e 00000000 027d0000"), new Ipv4Header(Packet.Source, Packet.Destination, protocol)), out _)
            .Should()
            .Be(PacketError.NotIgmp);

    [Theory]
    [InlineData(0x20, 0x00)]
    [InlineData(0x00, 0x01)]
    [InlineData(0x1F, 0xFF)]
    public void A_fragment_has_its_error(byte high, byte low)
    {
        var packet = Hex.Bytes(Query);
        (packet[6], packet[7]) = (high, low);

        IgmpPacket.TryRead(Packet.WithHeaderChecksum(packet), out _).Should().Be(PacketError.Ipv4Fragment);
    }

    public static TheoryData<string, string, PacketError> WrongMessages =>
        new()
        {
            { "V3-M-4-09: no byte", "", PacketError.IgmpTooShort },
            { "V3-M-4-09: a query of 7 bytes", "11640000 000000", PacketError.IgmpTooShort },
            { "V3-M-4-09: a version 1 report of 4 bytes", "12000000", PacketError.IgmpTooShort },
            { "V3-M-4-09: a version 2 report of 7 bytes", "16000000 ef0101", PacketError.IgmpTooShort },
            { "V3-M-4-09: a leave of 7 bytes", "17000000 ef0101", PacketError.IgmpTooShort },
            { "V3-M-4-09: a report of 7 bytes", "22000000 000000", PacketError.IgmpTooShort },
            { "V3-M-4-08: type 0", "00000000 00000000", PacketError.IgmpUnknownType },
            { "V3-M-4-08: DVMRP", "13000000 00000000", PacketError.IgmpUnknownType },
            { "V3-M-4-08: type 0x14", "14000000 00000000", PacketError.IgmpUnknownType },
            { "V3-M-4-08: type 0x18", "18000000 00000000", PacketError.IgmpUnknownType },
            { "V3-M-4-08: type 0x21", "21000000 00000000", PacketError.IgmpUnknownType },
            { "V3-M-4-08: type 0x23", "23000000 00000000", PacketError.IgmpUnknownType },
            { "V3-M-4-08: router discovery", "30000000 00000000", PacketError.IgmpUnknownType },
            { "V3-M-4-08: type 255", "ff000000 00000000", PacketError.IgmpUnknownType },
            { "V3-X-7.1-04: a query of 9 bytes", "11640000 00000000 02", PacketError.IgmpQueryLength },
            { "V3-X-7.1-04: a query of 10 bytes", "11640000 00000000 027d", PacketError.IgmpQueryLength },
            { "V3-X-7.1-04: a query of 11 bytes", "11640000 00000000 027d00", PacketError.IgmpQueryLength },
            {
                "V3-M-4.1.8-03: 10 sources announced, 2 there",
                "110a0000 ef010101 027d000a c0000201 c0000202",
                PacketError.IgmpQuerySources
            },
            { "V3-M-4.1.8-03: 65535 sources announced, none there", "110a0000 ef010101 027dffff", PacketError.IgmpQuerySources },
            { "V3-M-4.1.8-03: the last source cut", "110a0000 ef010101 027d0001 c00002", PacketError.IgmpQuerySources },
            { "V3-M-4.2.4-03: 3 records announced, 1 there", "22000000 00000003 04000000 ef010101", PacketError.IgmpReportRecords },
            { "V3-M-4.2.4-03: 65535 records announced, none there", "22000000 0000ffff", PacketError.IgmpReportRecords },
            { "V3-M-4.2.4-03: a record cut in its group", "22000000 00000001 04000000 ef01", PacketError.IgmpReportRecords },
            {
                "V3-M-4.2.4-03: 1000 sources announced, 2 there",
                "22000000 00000001 050003e8 ef010101 c0000201 c0000202",
                PacketError.IgmpRecordSources
            },
            {
                "V3-M-4.2.4-03: 255 words of auxiliary data announced, none there",
                "22000000 00000001 04ff0000 ef010101",
                PacketError.IgmpRecordAuxiliaryData
            },
            {
                "auxiliary data of the second record cut",
                "22000000 00000002 04000000 ef010101 04020000 ef010102 11111111",
                PacketError.IgmpRecordAuxiliaryData
            },
        };

    [Theory]
    [MemberData(nameof(WrongMessages))]
    public void A_wrong_message_has_its_error(string because, string message, PacketError error) =>
        IgmpPacket.TryRead(Packet.Igmp(message), out _).Should().Be(error, because);

    [Theory]
    [InlineData("1164ec1f 00000000 027d0000")]
    [InlineData("11640000 00000000 027d0000")]
    [InlineData("1164ffff 00000000 027d0000")]
    [InlineData("2200e5f5 00000001 05000001 ef010101 c0000203")]
    [Shows("V3-M-4.1.2-02", "V3-M-4.2.2-01")]
    public void A_wrong_checksum_has_its_error(string message) =>
        IgmpPacket
            .TryRead(Packet.Ip(Hex.Bytes(message), Ipv4Header.ForIgmp(Packet.Source, Packet.Destination)), out _)
            .Should()
            .Be(PacketError.IgmpChecksum);

    [Fact]
    public void Every_single_bit_counts_in_the_checksum()
    {
        var message = Hex.Bytes("22000000 00000002 05000001 ef010101 c0000201 04010000 ef010102 11223344 abcdef");
        var packet = Packet.Igmp(message);

        for (var bit = 24 * 8; bit < packet.Length * 8; bit++)
        {
            var flipped = (byte[])packet.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            IgmpPacket.TryRead(flipped, out _).Should().Be(PacketError.IgmpChecksum, "bit {0} is wrong", bit);
        }
    }

    [Fact]
    [Shows("V3-M-4.1.2-01")]
    public void A_sum_that_folds_to_all_ones_makes_a_checksum_of_zero()
    {
        // 0x1600 + 0xe9ff = 0xffff.
        var packet = Packet.Igmp("16000000 e9ff0000");

        packet[26..28].Should().Equal(0, 0);
        IgmpPacket.TryRead(packet, out _).Should().Be(PacketError.None);
    }

    public static TheoryData<string, string> Tolerated => new()
    {
        { "V3-M-4.1.10-03: a query and 4 bytes", "11640000 00000000 027d0000 deadbeef" },
        { "V3-M-4.1.10-02: a query and 5 bytes, an odd number", "11640000 00000000 027d0000 deadbeef 01" },
        { "V3-M-4.1.4-02: all flags set", "11640000 00000000 f27d0000" },
        { "V3-M-4.2.1-02: reserved byte set", "22ff0000 00000001 04000000 ef010101" },
        { "V3-M-4.2.3-01: flags set", "22000000 ffff0001 04000000 ef010101" },
        { "V3-M-4.2.12-01: bytes that look like a second record", "22000000 00000001 04000000 ef010101 04000000 ef010109" },
        { "V3-M-4.1.10-02: a report and 1 byte", "22000000 00000001 04000000 ef010101 01" },
        { "V3-M-4.1.10-02: a report and 3 bytes", "22000000 00000001 04000000 ef010101 010203" },
        { "V3-X-App.I-01: a version 1 report with its unused byte set", "12550000 ef010101" },
        { "a version 2 report and 4 bytes (RFC 2236 §2.5)", "16000000 ef010101 deadbeef" },
    };

    [Theory]
    [MemberData(nameof(Tolerated))]
    public void What_is_to_be_ignored_is_ignored(string because, string message)
    {
        IgmpPacket.TryRead(Packet.Igmp(message), out var packet).Should().Be(PacketError.None, because);

        switch (packet.Type)
        {
            case IgmpType.MembershipQuery:
                packet.Query.ToContent().Should().BeEquivalentTo(new QueryContent(
                    Generation.Sources, TimeSpan.FromSeconds(10), Address.AnyV4, false, 2, TimeSpan.FromSeconds(125), []), because);
                break;
            case IgmpType.V3MembershipReport:
                packet.Report.ToContent().Records.Should().ContainSingle(because)
                    .Which.Should().BeEquivalentTo(new RecordContent(RecordType.ToExclude, Address.Parse("239.1.1.1"), []));
                break;
            default:
                packet.Group.Should().Be(Address.Parse("239.1.1.1"), because);
                break;
        }
    }

    // The length of auxiliary data is in words of 4 bytes.
    [Fact]
    [Shows("V3-M-4.2.11-02")]
    public void Auxiliary_data_are_skipped()
    {
        IgmpPacket.TryRead(Packet.Igmp("22000000 00000002 04020000 ef010101 06000001 ef010109 04000000 ef010102"), out var packet)
            .Should().Be(PacketError.None);

        packet.Report.ToContent().Records.Select(each => each.Group).Should().Equal(Address.Parse("239.1.1.1"), Address.Parse("239.1.1.2"));
    }

    // An 8-byte query in a frame padded to 60 bytes is of version 2.
    [Fact]
    [Shows("V3-M-4.1.10-01")]
    public void Padding_of_the_frame_is_not_part_of_the_message()
    {
        byte[] padded = [.. Packet.Igmp("11640000 00000000"), .. new byte[14]];

        IgmpPacket.TryRead(padded, out var packet).Should().Be(PacketError.None);

        packet.Query.Generation.Should().Be(Generation.Leaves);
        packet.Message.Bytes.Length.Should().Be(8);
    }

    // RFC 1112, Appendix I: the group field of a version 1 query is ignored when received.
    [Fact]
    public void The_group_field_of_a_version_1_query_is_ignored()
    {
        IgmpPacket.TryRead(Packet.Igmp("11000000 ef010101"), out var packet).Should().Be(PacketError.None);

        packet.Query.Kind.Should().Be(QueryKind.General);
    }

    // As many records as fit into 1500 bytes.
    [Fact]
    public void A_report_full_of_records_is_read_to_the_last()
    {
        var report = new ReportContent([.. Enumerable.Range(0, 183).Select(each =>
            new RecordContent(RecordType.ToExclude, Address.FromV4(0xEF01_0000u + (uint)each), []))]);
        var bytes = Packet.Report(report);
        bytes.Length.Should().BeLessThanOrEqualTo(1500);

        IgmpPacket.TryRead(bytes, out var packet).Should().Be(PacketError.None);

        packet.Report.ToContent().Should().BeEquivalentTo(report, options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData("01005e000001 020000000001 08", PacketError.EthernetTooShort)]
    [InlineData("01005e000001 020000000001 8100", PacketError.EthernetTooShort)]
    [InlineData("01005e000001 020000000001 8100 0001 88", PacketError.EthernetTooShort)]
    [InlineData("01005e000001 020000000001 88a8 0001 8100 0002 08", PacketError.EthernetTooShort)]
    [InlineData("01005e000001 020000000001 0800", PacketError.None)]
    public void A_frame_that_ends_in_its_header_has_its_error(string frame, PacketError error) =>
        EthernetView.TryRead(Hex.Bytes(frame), out _).Should().Be(error);

    [Theory]
    [InlineData("04d2162e 00080000", PacketError.None)]
    [InlineData("04d2162e 000800", PacketError.UdpTooShort)]
    [InlineData("04d2162e 00070000", PacketError.UdpLength)]
    [InlineData("04d2162e 00090000", PacketError.UdpLength)]
    [InlineData("04d2162e 00081234", PacketError.UdpChecksum)]
    public void A_wrong_datagram_has_its_error(string datagram, PacketError error)
    {
        Ipv4View
            .TryRead(Packet.Ip(Hex.Bytes(datagram), Ipv4Header.ForUdp(Packet.Source, Packet.Destination)), out var ip)
            .Should()
            .Be(PacketError.None);

        UdpView.TryRead(ip, out _).Should().Be(error);
    }

    [Fact]
    public void Every_error_has_words_of_its_own() =>
        Enum.GetValues<PacketError>().Select(each => each.Describe()).Should().OnlyHaveUniqueItems();
}
