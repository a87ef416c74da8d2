using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Packets.Values;

public sealed class MacAddressTests
{
    [Theory]
    [InlineData("00:00:00:00:00:00", 0)]
    [InlineData("02:00:00:00:00:0a", 0x0200_0000_000A)]
    [InlineData("ff:ff:ff:ff:ff:ff", 0xFFFF_FFFF_FFFF)]
    public void Text_is_read_and_written(string text, ulong bits)
    {
        MacAddress.TryParse(text, out var address).Should().BeTrue();

        address.Bits.Should().Be(bits);
        address.ToString().Should().Be(text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("02:00:00:00:00")]
    [InlineData("02:00:00:00:00:00:00")]
    [InlineData("02:00:00:00:00:0")]
    [InlineData("02:00:00:00:00:0g")]
    [InlineData("02-00-00-00-00-01")]
    public void What_is_no_address_is_refused(string? text) => MacAddress.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Bytes_are_read_and_written()
    {
        byte[] bytes = [2, 1, 0xFF, 3, 0x80, 5];
        var copy = new byte[6];

        MacAddress.Read(bytes).Write(copy);

        copy.Should().Equal(bytes);
    }

    // RFC 1112 §6.4: 23 bits; RFC 2464 §7.
    [Theory]
    [InlineData("224.0.0.1", "01:00:5e:00:00:01")]
    [InlineData("224.0.0.22", "01:00:5e:00:00:16")]
    [InlineData("239.129.1.1", "01:00:5e:01:01:01")]
    [InlineData("239.1.1.1", "01:00:5e:01:01:01")]
    [InlineData("ff02::1:ff00:1", "33:33:ff:00:00:01")]
    [Shows("V3-M-6.4-01")]
    public void A_group_maps_to_its_address(string group, string mac)
    {
        MacAddress.ForGroup(Address.Parse(group)).ToString().Should().Be(mac);
        MacAddress.ForGroup(Address.Parse(group)).IsMulticast.Should().BeTrue();
    }

    [Fact]
    public void The_group_bit_tells_multicast()
    {
        MacAddress.Broadcast.IsMulticast.Should().BeTrue();
        new MacAddress(0x0200_0000_0001).IsMulticast.Should().BeFalse();
        new MacAddress(0x00FF_FFFF_FFFF).IsMulticast.Should().BeFalse();
    }
}
