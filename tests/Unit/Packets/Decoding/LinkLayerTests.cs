using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using Xunit;

namespace MulticastLab.Tests.Packets.Decoding;

/// <summary>Every link layer that captures of IP have; what is none of them is said with its number.</summary>
public sealed class LinkLayerTests
{
    private const string Ipv6Packet = "6000000000003b01 fe800000000000000000000000000001 ff020000000000000000000000000001";

    public static TheoryData<string, LinkType, string, string, bool> Carriers => LinkFrames.Carriers;

    public static TheoryData<LinkType, string, string, string?> Named => LinkFrames.Named;

    public static TheoryData<LinkType, string, string, bool> Short => LinkFrames.Short;

    [Theory]
    [MemberData(nameof(Carriers))]
    public void The_packet_is_read_behind_its_link_layer(string because, LinkType linkType, string header, string trailer, bool _)
    {
        var frame = LinkFrames.Frame(header, trailer);

        var decoded = FrameDecoder.Decode(frame, linkType);

        decoded.ToString().Should().Be("10.0.0.1 → 224.0.0.1  IGMPv2 Leave  239.1.1.1", because);
        decoded.NotDecoded.Should().BeNull();
        decoded.Fields("igmp.maddr").Single().Offset.Should().Be(Hex.Bytes(header).Length + 28);
        IsWithin(decoded, frame);
    }

    [Theory]
    [MemberData(nameof(Carriers))]
    public void A_frame_that_the_capture_cut_anywhere_is_called_cut_and_not_malformed(
        string because, LinkType linkType, string header, string trailer, bool _)
    {
        var frame = LinkFrames.Frame(header, trailer);

        for (var kept = 0; kept < frame.Length; kept++)
        {
            var decoded = FrameDecoder.Decode(frame.AsSpan(0, kept), linkType, frame.Length);

            decoded.Error.Should().Be(PacketError.None, $"{because}, {kept} bytes kept");
            decoded.IsCut.Should().BeTrue();
            decoded.ToString().Should().EndWith($"[cut short by the capture: {kept} of {frame.Length} bytes]").And.NotContain("malformed");
            IsWithin(decoded, frame[..kept]);
        }
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void What_carries_no_packet_that_is_known_is_named_with_its_number(
        LinkType linkType, string hex, string line, string? notDecoded)
    {
        var frame = Hex.Bytes(hex);

        var decoded = FrameDecoder.Decode(frame, linkType);

        decoded.ToString().Should().Be(line);
        decoded.NotDecoded.Should().Be(notDecoded);
        decoded.Error.Should().Be(PacketError.None);
        IsWithin(decoded, frame);
    }

    [Theory]
    [MemberData(nameof(Short))]
    public void A_frame_that_ends_within_a_header_is_malformed_unless_the_capture_has_cut_it(
        LinkType linkType, string hex, string error, bool mended)
    {
        var frame = Hex.Bytes(hex);

        FrameDecoder.Decode(frame, linkType).Error.ToString().Should().Be(error);
        FrameDecoder.Decode(frame, linkType, 1500).Error.ToString().Should().Be(mended ? "None" : error);
    }

    [Theory]
    [InlineData(LinkType.Null, "0a000000")]
    [InlineData(LinkType.Null, "17000000")]
    [InlineData(LinkType.Null, "18000000")]
    [InlineData(LinkType.Null, "1c000000")]
    [InlineData(LinkType.Null, "0000001e")]
    [InlineData(LinkType.Loop, "00000018")]
    [InlineData(LinkType.RawBsd, "")]
    [InlineData(LinkType.RawOpenBsd, "")]
    [InlineData(LinkType.Raw, "")]
    [InlineData(LinkType.Ipv6, "")]
    [InlineData(LinkType.Ppp, "ff030057")]
    [InlineData(LinkType.Ppp, "57")]
    [InlineData(LinkType.LinuxCooked, "0004 0304 0000 0000000000000000 86dd")]
    [InlineData(LinkType.LinuxCooked2, "86dd 0000 00000001 0304 04 00 0000000000000000")]
    [InlineData(LinkType.Ethernet, "333300000001 020000000001 86dd")]
    public void IPv6_is_found_behind_them_as_well(LinkType linkType, string header) =>
        FrameDecoder.Decode(Hex.Bytes(header + Ipv6Packet), linkType).ToString().Should().StartWith("fe80::1 → ff02::1  IPv6 ");

    [Fact]
    public void Of_a_packet_without_a_byte_nothing_is_told_that_was_not_kept() =>
        FrameDecoder.Decode([], LinkType.Raw, 11).ToString().Should().Be("IP [cut short by the capture: 0 of 11 bytes]");

    [Fact]
    public void Fields_are_those_of_the_tags()
    {
        var decoded = FrameDecoder.Decode(LinkFrames.Frame("01005e000001 020000000001 88a8 6002 8100 b007 0800", ""));

        decoded.Layers.Select(layer => layer.Name).Should().Equal("eth", "ieee8021ad", "vlan", "ip", "igmp");
        decoded.Fields("eth.type").Single().Value.Should().Be("0x88a8");
        decoded.Fields("ieee8021ad.id").Single().Value.Should().Be("2");
        decoded.Fields("ieee8021ad.priority").Single().Value.Should().Be("3");
        decoded.Fields("vlan.id").Single().Value.Should().Be("7");
        decoded.Fields("vlan.dei").Single().Value.Should().Be("1");
    }

    [Fact]
    public void Tags_without_end_come_to_one()
    {
        var tags = string.Concat(Enumerable.Repeat("0001 8100", 60_000)) + "0001 0800";
        var alternating = string.Concat(Enumerable.Repeat("0001 0500 aaaa03 000000 8100", 20_000));

        foreach (var frame in new[] { tags, alternating }.Select(each => LinkFrames.Frame("01005e000001 020000000001 8100" + each, "")))
        {
            var decoded = FrameDecoder.Decode(frame);

            decoded.NotDecoded.Should().Be("so many layers");
            decoded.Layers.Count.Should().BeLessThan(40);
        }
    }

    private static void IsWithin(DecodedFrame decoded, byte[] frame)
    {
        foreach (var field in decoded.Layers.Concat(decoded.Layers.SelectMany(layer => layer.Children)))
            (field.Offset >= 0 && field.Offset + field.Length <= frame.Length)
                .Should()
                .BeTrue($"{field.Name} lies at {field.Offset} of {field.Length} bytes in {frame.Length}");
    }
}
