using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Ip;

/// <summary>IPv4 headers, datagrams and frames, written and read.</summary>
public sealed class DatagramTests
{
    private static readonly Address Source = Address.Parse("192.0.2.1");
    private static readonly Address Group = Address.Parse("239.129.1.1");

    [Fact]
    public void A_header_has_all_its_fields()
    {
        var packet = Packet.Ip(
            [1, 2, 3],
            new Ipv4Header(Source, Group, 99)
            {
                TimeToLive = 7,
                TypeOfService = 0xC3,
                Identification = 0xABCD,
                MayBeFragmented = true,
                RouterAlert = true,
            });

        Ipv4View.TryRead(packet, out var view).Should().Be(PacketError.None);

        view.HeaderLength.Should().Be(24);
        view.TotalLength.Should().Be(27);
        view.TypeOfService.Should().Be(0xC3);
        view.Identification.Should().Be(0xABCD);
        view.DontFragment.Should().BeFalse();
        view.IsFragment.Should().BeFalse();
        view.TimeToLive.Should().Be(7);
        view.Protocol.Should().Be(99);
        view.Source.Should().Be(Source);
        view.Destination.Should().Be(Group);
        view.HasRouterAlert.Should().BeTrue();
        view.Options.ToArray().Should().Equal(0x94, 4, 0, 0);
        view.Payload.ToArray().Should().Equal(1, 2, 3);
    }

    [Fact]
    public void A_plain_header_has_no_options_and_is_not_fragmented()
    {
        Ipv4View.TryRead(Packet.Ip([], new Ipv4Header(Source, Group, 99)), out var view).Should().Be(PacketError.None);

        view.HeaderLength.Should().Be(20);
        view.TimeToLive.Should().Be(64);
        view.DontFragment.Should().BeTrue();
        view.HasRouterAlert.Should().BeFalse();
        view.Options.Length.Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1472)]
    public void A_datagram_survives_the_wire(int length)
    {
        byte[] payload = [.. Enumerable.Range(0, length).Select(each => (byte)(each * 7))];
        var packet = Packet.Written(buffer =>
            UdpWriter.Write(buffer, Ipv4Header.ForUdp(Source, Group, timeToLive: 5), 1234, 5000, payload));

        Ipv4View.TryRead(packet, out var ip).Should().Be(PacketError.None);
        UdpView.TryRead(ip, out var udp).Should().Be(PacketError.None);

        ip.TimeToLive.Should().Be(5);
        udp.SourcePort.Should().Be(1234);
        udp.DestinationPort.Should().Be(5000);
        udp.Length.Should().Be(8 + length);
        udp.ChecksumField.Should().NotBe(0);
        udp.Payload.ToArray().Should().Equal(payload);
    }

    // The bytes were put together by hand.
    [Fact]
    public void A_datagram_is_written_to_the_byte()
    {
        var expected = Hex.Bytes("4500001f 00004000 0511c34a c0000201 ef810101 04d21388 000b30f8 010203");

        var written = Packet.Written(buffer =>
            UdpWriter.Write(buffer, Ipv4Header.ForUdp(Source, Group, timeToLive: 5), 1234, 5000, [1, 2, 3]));

        Convert.ToHexString(written).Should().Be(Convert.ToHexString(expected));
    }

    // RFC 768: a checksum that comes out as 0 is sent as all ones.
    [Fact]
    public void A_checksum_of_zero_is_sent_as_all_ones()
    {
        var packet = Packet.Written(buffer => UdpWriter.Write(buffer, Ipv4Header.ForUdp(Source, Group), 1, 2, [0, 0]));
        Ipv4View.TryRead(packet, out var ip);
        UdpView.TryRead(ip, out var udp);
        byte[] compensating = [(byte)(udp.ChecksumField >> 8), (byte)udp.ChecksumField];

        var zero = Packet.Written(buffer => UdpWriter.Write(buffer, Ipv4Header.ForUdp(Source, Group), 1, 2, compensating));

        Ipv4View.TryRead(zero, out ip);
        UdpView.TryRead(ip, out udp).Should().Be(PacketError.None);
        udp.ChecksumField.Should().Be(0xFFFF);
    }

    [Fact]
    public void A_datagram_without_a_checksum_or_with_one_not_yet_made_can_be_read()
    {
        var packet = Packet.Written(buffer => UdpWriter.Write(buffer, Ipv4Header.ForUdp(Source, Group), 1234, 5000, [1, 2, 3, 4]));
        (packet[26], packet[27]) = (0x12, 0x34);
        Ipv4View.TryRead(packet, out var ip);

        UdpView.TryRead(ip, out _).Should().Be(PacketError.UdpChecksum);
        UdpView.TryRead(ip, out _, checkChecksum: false).Should().Be(PacketError.None);

        (packet[26], packet[27]) = (0, 0);
        UdpView.TryRead(ip, out _).Should().Be(PacketError.None);
    }

    // 23 bits of the group.
    [Fact]
    [Shows("V3-M-6.4-01")]
    public void A_frame_goes_to_the_address_of_its_group()
    {
        var packet = Packet.Ip([1, 2, 3], new Ipv4Header(Source, Group, 99));
        var buffer = new byte[100];

        var length = EthernetWriter.WriteIpv4(buffer, Packet.Mac, packet);

        EthernetView.TryRead(buffer.AsSpan(0, length), out var frame).Should().Be(PacketError.None);
        frame.Destination.ToString().Should().Be("01:00:5e:01:01:01");
        frame.Source.Should().Be(Packet.Mac);
        frame.EtherType.Should().Be(EtherType.Ipv4);
        frame.VlanId.Should().BeNull();
        frame.Payload.ToArray().Should().Equal(packet);
    }

    [Fact]
    public void A_packet_may_lie_in_its_place_before_the_frame_is_written()
    {
        var buffer = new byte[100];
        var length = Ipv4Writer.Write(buffer.AsSpan(14), new Ipv4Header(Source, Group, 99), [1, 2, 3]);

        EthernetWriter.WriteIpv4(buffer, Packet.Mac, buffer.AsSpan(14, length));

        buffer.AsSpan(14, length).ToArray().Should().Equal(Packet.Ip([1, 2, 3], new Ipv4Header(Source, Group, 99)));
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        FluentActions
            .Invoking(() => Ipv4Writer.Write(new byte[22], new Ipv4Header(Source, Group, 99), [1, 2, 3]))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => Ipv4Writer.Write(new byte[70000], new Ipv4Header(Source, Group, 99), new byte[65516]))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => UdpWriter.Write(new byte[100], new Ipv4Header(Source, Group, 99), 1, 2, []))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => UdpWriter.Write(new byte[27], Ipv4Header.ForUdp(Source, Group), 1, 2, []))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => EthernetWriter.WriteIpv4(new byte[10], Packet.Mac, Packet.Igmp("17000000 ef010101")))
            .Should()
            .Throw<ArgumentException>();
        FluentActions
            .Invoking(() => EthernetWriter.WriteIpv4(new byte[100], Packet.Mac, Packet.Ip([], new Ipv4Header(Source, Source, 99))))
            .Should()
            .Throw<ArgumentException>()
            .WithMessage("*192.0.2.1*");
        FluentActions.Invoking(() => EthernetWriter.WriteIpv4(new byte[100], Packet.Mac, [1, 2, 3])).Should().Throw<ArgumentException>();
    }
}
