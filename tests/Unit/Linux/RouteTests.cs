using FluentAssertions;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Netlink;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using Xunit;

namespace MulticastLab.Tests.Linux;

/// <summary>The kernel's unicast routes, asked for and watched.</summary>
public sealed class RouteTests : IDisposable
{
    private readonly RoutedLans lans = new(2);

    public void Dispose() => lans.Dispose();

    [Theory]
    [InlineData("10.0.0.2", "eth0", null, false)] // directly connected
    [InlineData("10.9.1.1", "eth1", "10.0.1.2", false)] // behind a router
    [InlineData("10.0.1.1", "lo", null, true)] // the host's own
    [InlineData("10.8.0.1", null, null, false)] // no route
    [InlineData("10.7.0.1", null, null, false)] // forbidden
    [InlineData("10.6.0.1", null, null, false)] // a black hole
    public void The_way_to_an_address(string address, string? interfaceName, string? gateway, bool local)
    {
        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.1.2");
        lans.Router.Ip("route add prohibit 10.7.0.0/16");
        lans.Router.Ip("route add blackhole 10.6.0.0/16");
        using var lookup = lans.Router.Run(RouteLookup.Open);

        var route = lookup.Find(Address.Parse(address));

        var expected = interfaceName is null
            ? null
            : new UnicastRoute(
                lans.Router.Run(() => LinkInfo.Read(interfaceName).Index), gateway is null ? null : Address.Parse(gateway), local);
        route.Should().Be(expected);
    }

    [Fact]
    public void Changes_are_told_by_prefix_and_as_a_whole_where_they_have_none()
    {
        using var watch = lans.Router.Run(RouteWatch.Open);
        watch.ReadChanges().Should().BeEmpty();

        lans.Router.Ip("route add 10.9.0.0/16 via 10.0.1.2");
        watch.ReadChanges().Should().Equal(Prefix.Parse("10.9.0.0/16"));
        lans.Router.Ip("route replace 10.9.0.0/16 via 10.0.0.2");
        lans.Router.Ip("route add default via 10.0.0.2");
        watch.ReadChanges().Should().Equal(Prefix.Parse("10.9.0.0/16"), Prefix.Parse("0.0.0.0/0"));
        // IPv4 routes that go with their interface are not told one by one.
        lans.Router.Ip("link set eth1 down");
        watch.ReadChanges().Should().Equal(Prefix.Parse("0.0.0.0/0"));
        lans.Router.Ip("rule add from 10.5.0.0/16 table 100");
        watch.ReadChanges().Should().Equal(Prefix.Parse("0.0.0.0/0"));
        watch.ReadChanges().Should().BeEmpty();
    }

    [Fact]
    public void More_changes_than_the_kernel_can_keep_are_a_change_of_everything()
    {
        using var watch = lans.Router.Run(RouteWatch.Open);

        var batch = Path.GetTempFileName();
        File.WriteAllLines(
            batch, Enumerable.Range(0, 8000).Select(number => $"route replace 10.9.{number / 250}.{number % 250} via 10.0.1.2"));
        lans.Router.Ip($"-batch {batch}");
        File.Delete(batch);

        watch.ReadChanges().Should().Equal(Prefix.Parse("0.0.0.0/0"));
    }
}
