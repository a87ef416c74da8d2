using System.Net;
using FluentAssertions;
using FsCheck.Fluent;
using MulticastLab.Packets;
using MulticastLab.Tests.Packets.Igmp;
using Xunit;

namespace MulticastLab.Tests.Packets.Values;

public sealed class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("ff02::16")]
    [InlineData("2001:db8::1")]
    public void Text_is_read_and_written(string text)
    {
        var address = Address.Parse(text);

        address.ToString().Should().Be(text);
        address.IsV4.Should().Be(text.Contains('.'));
        address.Length.Should().Be(address.IsV4 ? 4 : 16);
        Address.From(IPAddress.Parse(text)).Should().Be(address);
        address.ToIPAddress().Should().Be(IPAddress.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.1")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1.1")]
    [InlineData("router1")]
    [InlineData("fe80::g")]
    public void What_is_no_address_is_refused(string? text)
    {
        Address.TryParse(text, out _).Should().BeFalse();
        FluentActions.Invoking(() => Address.Parse(text!)).Should().Throw<FormatException>().WithMessage($"'{text}'*");
    }

    // RFC 9776 §6.6.2: the lowest address wins the election.
    [Fact]
    public void Addresses_are_ordered_as_unsigned_numbers()
    {
        Address[] ascending =
        [
            .. new[]
            {
                "0.0.0.0",
                "9.255.255.255",
                "10.0.0.1",
                "10.0.0.2",
                "10.0.1.0",
                "127.255.255.255",
                "128.0.0.0",
                "255.255.255.255",
                "2001:db8::1",
                "fe80::1",
                "ff02::1",
            }.Select(Address.Parse),
        ];

        ascending.Reverse().Order().Should().Equal(ascending);
        (ascending[2] < ascending[3]).Should().BeTrue();
        (ascending[3] > ascending[2]).Should().BeTrue();
        (ascending[2] <= ascending[2]).Should().BeTrue();
        (ascending[3] >= ascending[4]).Should().BeFalse();
        (ascending[2] == ascending[3]).Should().BeFalse();
        (ascending[2] != ascending[3]).Should().BeTrue();
    }

    [Fact]
    public void Order_agrees_with_the_bytes() =>
        Prop.ForAll(
                MessageGenerators.Addresses.ToArbitrary(),
                MessageGenerators.Addresses.ToArbitrary(),
                (one, other) =>
                    Math.Sign(one.CompareTo(other))
                    == Math.Sign(one.ToIPAddress().GetAddressBytes().AsSpan().SequenceCompareTo(other.ToIPAddress().GetAddressBytes())))
            .Holds();

    [Fact]
    public void Bytes_are_read_and_written() => Prop.ForAll(MessageGenerators.Addresses.ToArbitrary(), address =>
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = address.Write(bytes);
        Address.Read(bytes[..length]).Should().Be(address);
        Address.Read(bytes[..length]).GetHashCode().Should().Be(address.GetHashCode());
    }).Holds();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(17)]
    public void Bytes_of_another_length_are_refused(int length) =>
        FluentActions.Invoking(() => Address.Read(new byte[length])).Should().Throw<ArgumentException>();

    [Theory]
    [InlineData("224.0.0.0", true)]
    [InlineData("239.255.255.255", true)]
    [InlineData("223.255.255.255", false)]
    [InlineData("240.0.0.0", false)]
    [InlineData("ff02::1", true)]
    [InlineData("fe80::1", false)]
    public void Groups_are_known(string text, bool multicast) => Address.Parse(text).IsMulticast.Should().Be(multicast);

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("0.0.0.1", false)]
    [InlineData("::1", false)]
    public void Unspecified_addresses_are_known(string text, bool unspecified)
    {
        Address.Parse(text).IsUnspecified.Should().Be(unspecified);
        default(Address).IsUnspecified.Should().BeTrue();
    }

    [Theory]
    [InlineData("232.1.2.3", "232.0.0.0", 8, true)]
    [InlineData("233.0.0.0", "232.0.0.0", 8, false)]
    [InlineData("224.0.0.255", "224.0.0.0", 24, true)]
    [InlineData("224.0.1.0", "224.0.0.0", 24, false)]
    [InlineData("10.0.0.1", "10.0.0.1", 32, true)]
    [InlineData("10.0.0.2", "10.0.0.1", 32, false)]
    [InlineData("10.0.0.2", "0.0.0.0", 0, true)]
    [InlineData("ff32::1", "ff30::", 12, true)]
    [InlineData("ff02::1", "::", 0, true)]
    [InlineData("10.0.0.1", "::", 0, false)]
    [InlineData("::1", "0.0.0.0", 0, false)]
    public void Prefixes_match(string address, string prefix, int length, bool inside) =>
        Address.Parse(address).IsIn(Address.Parse(prefix), length).Should().Be(inside);
}
