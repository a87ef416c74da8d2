using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;
using Xunit;

namespace MulticastLab.Tests.Packets.Decoding;

/// <summary>Frames in one line each, and their fields in a tree.</summary>
public sealed class FrameDecoderTests
{
    public static TheoryData<byte[], string> Lines => new()
    {
        { Packet.Igmp("11640000 00000000 027d0000"), "10.0.0.1 → 224.0.0.1  IGMPv3 General Query  QRV 2, QQI 125 s, Max Resp 10 s" },
        { Packet.Igmp("110a0000 ef010101 0a7d0000"), "10.0.0.1 → 224.0.0.1  IGMPv3 Group-Specific Query  239.1.1.1  S, QRV 2, QQI 125 s, "
            + "Max Resp 1 s" },
        {
            Packet.Igmp("11af0000 ef010101 02920002 c0000201 c0000202"),
            "10.0.0.1 → 224.0.0.1  IGMPv3 Group-and-Source-Specific Query  239.1.1.1 {192.0.2.1, 192.0.2.2}  QRV 2, QQI 288 s, Max Resp "
                + "99.2 s"
        },
        { Packet.Igmp("11c80000 00000000"), "10.0.0.1 → 224.0.0.1  IGMPv2 General Query  Max Resp 20 s" },
        { Packet.Igmp("11000000 00000000"), "10.0.0.1 → 224.0.0.1  IGMPv1 General Query" },
        { Packet.Igmp("12000000 ef010101"), "10.0.0.1 → 224.0.0.1  IGMPv1 Report  239.1.1.1" },
        { Packet.Igmp("16000000 ef010101"), "10.0.0.1 → 224.0.0.1  IGMPv2 Report  239.1.1.1" },
        { Packet.Igmp("17000000 ef010101"), "10.0.0.1 → 224.0.0.1  IGMPv2 Leave  239.1.1.1" },
        {
            Packet.Igmp("22000000 00000003 04000000 ef010101 05000001 e8010101 c0000201 07000000 ef010103"),
            "10.0.0.1 → 224.0.0.1  IGMPv3 Report  239.1.1.1 TO_EX {}; 232.1.1.1 ALLOW {192.0.2.1}; 239.1.1.3 TYPE_7 {}"
        },
        { Packet.Igmp("22000000 00000000"), "10.0.0.1 → 224.0.0.1  IGMPv3 Report  no records" },
        {
            Packet.Ip(Hex.Bytes("1700f8fc ef010101 0000"), new Ipv4Header(
                Packet.Source, Packet.Destination, IpProtocol.Igmp) { TimeToLive = 2 }),
            "10.0.0.1 → 224.0.0.1  IGMPv2 Leave  239.1.1.1  [TTL 2]  [TOS 0x00]  [no Router Alert]  [2 more bytes]"
        },
        { Packet.Ip(Hex.Bytes("1164dead 00000000 027d0000"), Ipv4Header.ForIgmp(Packet.Source, Packet.Destination)),
            "10.0.0.1 → 224.0.0.1  IGMPv3 malformed: the IGMP checksum is wrong (IgmpChecksum)" },
        { Packet.Igmp("13010000 00050f03"), "10.0.0.1 → 224.0.0.1  IGMP DVMRP Probe  type 0x13, code 1, 8 bytes" },
        { Packet.Igmp("14030000 00000000"), "10.0.0.1 → 224.0.0.1  IGMP PIMv1 Join/Prune  type 0x14, code 3, 8 bytes" },
        { Packet.Igmp("1e000000 ef010101"), "10.0.0.1 → 224.0.0.1  IGMP Multicast Traceroute Response  type 0x1e, code 0, 8 bytes" },
        { Packet.Igmp("1f040000 ef010101"), "10.0.0.1 → 224.0.0.1  IGMP Multicast Traceroute  type 0x1f, code 4, 8 bytes" },
        { Packet.Igmp("30140000 007d0002"), "10.0.0.1 → 224.0.0.1  IGMP Multicast Router Advertisement  type 0x30, code 20, 8 bytes" },
        // RFC 4286 §3.2, §3.3: 4 bytes are all of it.
        { Packet.Igmp("31000000"), "10.0.0.1 → 224.0.0.1  IGMP Multicast Router Solicitation  type 0x31, code 0, 4 bytes" },
        { Packet.Igmp("32000000"), "10.0.0.1 → 224.0.0.1  IGMP Multicast Router Termination  type 0x32, code 0, 4 bytes" },
        { Packet.Igmp("fc000000 ef010101"), "10.0.0.1 → 224.0.0.1  IGMP RGMP Leave Group  type 0xfc, code 0, 8 bytes" },
        { Packet.Igmp("fd000000 ef010101"), "10.0.0.1 → 224.0.0.1  IGMP RGMP Join Group  type 0xfd, code 0, 8 bytes" },
        { Packet.Igmp("fe000000 00000000"), "10.0.0.1 → 224.0.0.1  IGMP RGMP Bye  type 0xfe, code 0, 8 bytes" },
        { Packet.Igmp("ff000000 00000000"), "10.0.0.1 → 224.0.0.1  IGMP RGMP Hello  type 0xff, code 0, 8 bytes" },
        { Packet.Igmp("99000000 00000000"), "10.0.0.1 → 224.0.0.1  IGMP type 0x99 (unknown)  8 bytes" },
        { Packet.Igmp("3000"), "10.0.0.1 → 224.0.0.1  IGMP malformed: the IGMP message has fewer than 8 bytes (IgmpTooShort)" },
        { Packet.Ip(Hex.Bytes("3014dead 007d0002"), Ipv4Header.ForIgmp(Packet.Source, Packet.Destination)), "10.0.0.1 → 224.0.0.1  IGMP "
            + "malformed: the IGMP checksum is wrong (IgmpChecksum)" },
        { Packet.Igmp("1164"), "10.0.0.1 → 224.0.0.1  IGMP malformed: the IGMP message has fewer than 8 bytes (IgmpTooShort)" },
        { Hex.Bytes("46c00024"), "02:00:00:00:00:01 → 01:00:5e:00:00:01  IPv4 malformed: there are fewer than the 20 bytes of an IPv4 "
            + "header (Ipv4TooShort)" },
        {
            Packet.Written(
                buffer => UdpWriter.Write(buffer, Ipv4Header.ForUdp(Packet.Source, Address.Parse("239.1.1.1")), 1234, 5000, [1, 2, 3])),
            "10.0.0.1 → 239.1.1.1  UDP 1234 → 5000  3 bytes"
        },
        { Packet.Ip(Hex.Bytes("0800f7fd 00010002"), new Ipv4Header(Packet.Source, Packet.Destination, IpProtocol.Icmp)),
            "10.0.0.1 → 224.0.0.1  ICMP Echo Request  id 1, seq 2" },
        { Packet.Ip([1, 2, 3], new Ipv4Header(Packet.Source, Packet.Destination, IpProtocol.Pim)), "10.0.0.1 → 224.0.0.1  IPv4 protocol "
            + "103 (PIM)  3 bytes" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_frame_is_told_in_one_line(byte[] ipPacket, string line) =>
        FrameDecoder.Decode(Packet.Ethernet(ipPacket)).ToString().Should().Be(line);

    [Theory]
    [InlineData(
        "ffffffffffff 020000000001 0806 0001080006040001 020000000001 0a000001 000000000000 0a000002",
        "02:00:00:00:00:01 → ff:ff:ff:ff:ff:ff  ARP who has 10.0.0.2? tell 10.0.0.1")]
    [InlineData(
        "020000000001 020000000002 0806 0001080006040002 020000000002 0a000002 020000000001 0a000001",
        "02:00:00:00:00:02 → 02:00:00:00:00:01  ARP 10.0.0.2 is at 02:00:00:00:00:02")]
    [InlineData("ffffffffffff 020000000001 0806 0001", "02:00:00:00:00:01 → ff:ff:ff:ff:ff:ff  ARP 2 bytes")]
    [InlineData("ffffffffffff 020000000001 88cc 0102", "02:00:00:00:00:01 → ff:ff:ff:ff:ff:ff  Ethernet type 0x88cc  2 bytes")]
    [InlineData(
        "3333000000fb 020000000001 86dd 6000000000001101 fe800000000000000000000000000001 ff0200000000000000000000000000fb",
        "fe80::1 → ff02::fb  IPv6 next header 17  0 bytes")]
    [InlineData(
        "3333000000fb 020000000001 86dd 60000000",
        "02:00:00:00:00:01 → 33:33:00:00:00:fb  IPv6 malformed: there are fewer than the 40 bytes of an IPv6 header (Ipv6TooShort)")]
    [InlineData("0102", "Ethernet malformed: the frame ends within its Ethernet header (EthernetTooShort)")]
    public void Other_frames_are_named(string frame, string line) => FrameDecoder.Decode(Hex.Bytes(frame)).ToString().Should().Be(line);

    [Fact]
    public void A_tagged_frame_is_read_behind_its_tags()
    {
        var frame = Hex.Bytes("01005e000001 020000000001 88a8 0002 8100 0007 0800").Concat(Packet.Igmp("17000000 ef010101")).ToArray();

        var decoded = FrameDecoder.Decode(frame);

        decoded.ToString().Should().Be("10.0.0.1 → 224.0.0.1  IGMPv2 Leave  239.1.1.1");
        decoded.Fields("ieee8021ad.id").Single().Value.Should().Be("2");
        decoded.Fields("vlan.id").Single().Value.Should().Be("7");
    }

    [Fact]
    public void Packets_without_a_link_layer_are_decoded_too()
    {
        var packet = Packet.Igmp("17000000 ef010101");

        FrameDecoder.Decode(packet, LinkType.Raw).Protocol.Should().Be("IGMPv2");
        FrameDecoder.Decode(packet, LinkType.Ipv4).Protocol.Should().Be("IGMPv2");
        FrameDecoder.Decode(packet, (LinkType)147).ToString().Should().Be("Link type 147  32 bytes");
    }

    [Fact]
    public void The_tree_has_every_field_with_its_place()
    {
        var frame = FrameDecoder.Decode(Packet.Ethernet(Packet.Igmp("22000000 00000001 05010001 ef010101 c0000201 11223344")));

        frame.Fields("igmp.saddr").Should().ContainSingle().Which.Should().BeEquivalentTo(new Field
        {
            Name = "igmp.saddr",
            Label = "Source Address: 192.0.2.1",
            Kind = FieldKind.Text,
            Value = "192.0.2.1",
            Offset = 14 + 24 + 16,
            Length = 4,
            Repeats = true,
        });
        frame.ToTree().Should().Be(
            """
            Ethernet, 02:00:00:00:00:01 → 01:00:5e:00:00:01
                Destination: 01:00:5e:00:00:01
                Source: 02:00:00:00:00:01
                Type: 0x0800
            Internet Protocol Version 4, 10.0.0.1 → 224.0.0.1
                Version: 4
                Header Length: 24
                Differentiated Services Field: 0xc0
                    DSCP: 48
                    ECN: 0
                Total Length: 48
                Identification: 0x0000
                Flags: 0x02
                    Reserved bit: not set
                    Don't fragment: set
                    More fragments: not set
                Fragment Offset: 0
                Time to Live: 1
                Protocol: 2
                Header Checksum: 0xfa05 (right)
                Header Checksum Status: 1
                Source Address: 10.0.0.1
                Destination Address: 224.0.0.1
                Option: Router Alert, 4 bytes
                    Type: 148
                    Length: 4
                    Router Alert: 0
            Internet Group Management Protocol
                IGMP Version: 3
                Type: 0x22 (Version 3 Membership Report)
                Reserved: 00
                Checksum: 0xe291 (right)
                Checksum Status: 1
                Flags: 00:00
                Num Group Records: 1
                Group Record: 239.1.1.1 ALLOW
                    Record Type: 5 (ALLOW)
                    Aux Data Len: 1
                    Num Src: 1
                    Multicast Address: 239.1.1.1
                    Source Address: 192.0.2.1
                    Aux Data: 11:22:33:44

            """);
    }

    [Fact]
    public void A_malformed_frame_shows_what_can_be_read_and_its_error()
    {
        var frame = FrameDecoder.Decode(Packet.Ethernet(Packet.Igmp("22000000 00000001 05000003 ef010101 c0000201")));

        frame.Error.Should().Be(PacketError.IgmpRecordSources);
        frame.Fields("igmp.saddr").Select(each => each.Value).Should().Equal("192.0.2.1");
        frame.ToTree().Should().EndWith("Malformed: a group record counts more sources than the report holds (IgmpRecordSources)\n");
    }

    // But for what is no message of the membership protocol, which a receiver drops and which is sound all the same.
    [Fact]
    public void Every_error_of_the_codec_is_the_error_of_the_decoded_frame()
    {
        foreach (var row in MalformedRows())
        {
            var error = IgmpPacket.TryRead(row, out _);
            FrameDecoder.Decode(Packet.Ethernet(row)).Error
                .Should().Be(error == PacketError.IgmpUnknownType ? PacketError.None : error, Convert.ToHexString(row));
        }
    }

    [Fact]
    public void An_unknown_type_is_said_with_its_number() =>
        FrameDecoder.Decode(Packet.Ethernet(Packet.Igmp("99000000 00000000"))).NotDecoded.Should().Be("IGMP type 0x99");

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_packet_that_the_capture_cut_anywhere_has_no_error_but_one_that_is_in_what_was_kept(byte[] ipPacket, string line)
    {
        var frame = Packet.Ethernet(ipPacket);
        var wrongAnyway = FrameDecoder.Decode(frame).Error is PacketError.Ipv4TooShort or PacketError.IgmpTooShort;

        for (var kept = 0; kept < frame.Length; kept++)
        {
            var decoded = FrameDecoder.Decode(frame.AsSpan(0, kept), originalLength: frame.Length);

            decoded.IsCut.Should().BeTrue();
            if (!wrongAnyway)
                decoded.ToString().Should().NotContain("malformed", $"{kept} of {line}");
        }
    }

    // RFC 9776 §4.1, §4.2: what the capture kept of each message, and no judgement on the rest.
    [Theory]
    [InlineData("1164ec1e 00000000 027d0000", 2, "IGMPv3 Query")]
    [InlineData("1164ec1e 00000000 027d0000", 9, "IGMPv3 Query")]
    [InlineData("11640000 00000000", 4, "IGMPv2 Query")]
    [InlineData("11640000 00000000", 1, "IGMP Query")]
    [InlineData("11000000 00000000", 4, "IGMPv1 Query")]
    [InlineData("22000000 00000001 04000000 ef010101", 12, "IGMPv3 Report")]
    [InlineData("16000000 ef010101", 3, "IGMPv2 Report")]
    [InlineData("12000000 ef010101", 3, "IGMPv1 Report")]
    [InlineData("17000000 ef010101", 3, "IGMPv2 Leave")]
    [InlineData("30140000 007d0002", 5, "IGMP Multicast Router Advertisement  type 0x30, code 20, 8 bytes")]
    public void A_cut_message_is_named(string message, int kept, string name)
    {
        var frame = Packet.Ethernet(Packet.Igmp(message));
        var length = 14 + 24 + kept;

        var decoded = FrameDecoder.Decode(frame.AsSpan(0, length), originalLength: frame.Length);

        decoded.ToString().Should().Be($"10.0.0.1 → 224.0.0.1  {name}  [cut short by the capture: {length} of {frame.Length} bytes]");
        decoded.Fields("igmp.checksum.status").Select(each => each.Value).Should().AllBe("2");
        decoded.ToTree().Should().EndWith("Cut short by the capture\n").And.NotContain("wrong");
    }

    [Fact]
    public void What_was_too_short_on_the_wire_is_malformed_though_the_capture_has_cut_it_as_well() =>
        FrameDecoder.Decode(Packet.Ethernet(Packet.Igmp("1164ec1e 00000000 027d0000")).AsSpan(0, 40), originalLength: 45).Error
            .Should().Be(PacketError.Ipv4Truncated);

    private static IEnumerable<byte[]> MalformedRows() =>
        Packets.Igmp.MalformedTests.WrongMessages.Select(row => Packet.Igmp(row.Data.Item2))
            .Concat(Packets.Igmp.MalformedTests.WrongHeaders.Select(row => Hex.Bytes(row.Data.Item2)));
}
