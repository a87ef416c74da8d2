using FluentAssertions;
using MulticastLab.Forwarding;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Forwarding;

/// <summary>Static multicast routes as text, and which of them applies.</summary>
public sealed class StaticRouteTests
{
    [Theory]
    [InlineData("(*, 239.1.0.0/16) eth0 -> eth1 eth2=16")]
    [InlineData("(10.0.0.2, 239.1.1.1) eth0 -> eth1")]
    [InlineData("(10.0.0.0/8, 232.0.0.0/8) eth0 -> eth1=255")]
    public void A_route_is_written_as_it_is_read(string text) => StaticRoute.Parse(text).ToString().Should().Be(text);

    [Theory]
    [InlineData("( 0.0.0.0 ,239.1.0.1/24)eth0->eth1  eth2=1", "(*, 239.1.0.0/24) eth0 -> eth1 eth2")]
    [InlineData("(0.0.0.0/0, 239.1.1.1) eth0 -> eth1", "(*, 239.1.1.1) eth0 -> eth1")]
    public void Other_ways_to_write_it_mean_the_same(string text, string plain) => StaticRoute.Parse(text).ToString().Should().Be(plain);

    [Theory]
    [InlineData("(*, 239.1.1.1) eth0", "'(*, 239.1.1.1) eth0' is not a route such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16")]
    [InlineData("(*, 10.1.1.1) eth0 -> eth1", "group 10.1.1.1 is not within 224.0.0.0/4")]
    [InlineData("(*, 224.0.0.0/3) eth0 -> eth1", "group 224.0.0.0/3 is not within 224.0.0.0/4")]
    [InlineData("(*, 224.0.0.5) eth0 -> eth1", "group 224.0.0.5 is within 224.0.0.0/24, which is never forwarded (RFC 5771 §4)")]
    [InlineData("(239.1.1.1, 239.1.1.1) eth0 -> eth1", "source 239.1.1.1 is not an IPv4 address of a host or network")]
    [InlineData("(ff0e::1, 239.1.1.1) eth0 -> eth1", "source ff0e::1 is not an IPv4 address of a host or network")]
    [InlineData("(*, 239.1.1.1) eth0 -> ", "there is no interface for packets to go out")]
    [InlineData("(*, 239.1.1.1) eth0 -> eth1 eth1=2", "packets go out of eth1 twice")]
    [InlineData("(*, 239.1.1.1) eth0 -> eth0", "packets go out of eth0, where they come in")]
    [InlineData("(*, 239.1.1.1) eth0 -> eth1=0", "the TTL threshold of 'eth1=0' is not a number from 1 to 255")]
    [InlineData("(*, 239.1.1.1/33) eth0 -> eth1", "group '239.1.1.1/33' is not an address or a prefix such as 10.0.0.0/24")]
    public void What_is_no_route_is_refused_with_the_reason(string text, string reason) =>
        text.Invoking(StaticRoute.Parse).Should().Throw<FormatException>().WithMessage(reason);

    [Fact]
    public void The_most_specific_route_counts()
    {
        var routes = new StaticRoutes(new ForwardingInterfaces());
        routes.Set(
            new[]
            {
                "(*, 239.0.0.0/8) a -> z",
                "(*, 239.1.1.1) b -> z",
                "(10.0.0.0/8, 239.1.0.0/16) c -> z",
                "(10.0.0.2, 239.1.0.0/16) d -> z",
                "(*, 239.1.0.0/16) e -> z",
            }.Select(StaticRoute.Parse));

        string?[] From(params (string Source, string Group)[] packets) =>
            [.. packets.Select(each => routes.Find(Address.Parse(each.Source), Address.Parse(each.Group))?.From)];
        From(
                ("10.0.0.2", "239.1.1.1"),
                ("10.0.0.2", "239.1.1.2"),
                ("10.0.0.3", "239.1.1.2"),
                ("11.0.0.3", "239.1.1.2"),
                ("11.0.0.3", "239.2.0.1"),
                ("11.0.0.3", "238.2.0.1"))
            .Should()
            .Equal("b", "d", "c", "e", "a", null);
    }
}
