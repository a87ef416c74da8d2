using System.Text;
using FluentAssertions;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Packets.Values;

/// <summary>An address as UTF-8 is the text of the address.</summary>
public sealed class AddressTextTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("239.255.255.250")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("ff02::16")]
    [InlineData("2001:db8:1111:2222:3333:4444:5555:6666")]
    public void Both_are_the_same(string text)
    {
        var utf8 = new byte[Address.LongestText];

        Encoding.ASCII.GetString(utf8, 0, Address.Parse(text).Format(utf8)).Should().Be(text);
    }

    [Fact]
    public void Without_room_it_says_so() =>
        FluentActions.Invoking(() => Address.Parse("239.255.255.250").Format(new byte[14])).Should().Throw<ArgumentException>();
}
