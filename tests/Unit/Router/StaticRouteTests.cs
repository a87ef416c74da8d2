using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Router.Configuration;
using MulticastLab.Router.Forwarding;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>Static multicast routes as text, in the configuration file and in pygmp's INI form.</summary>
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
        var routes = new StaticRoutes(new[]
        {
            "(*, 239.0.0.0/8) a -> z", "(*, 239.1.1.1) b -> z", "(10.0.0.0/8, 239.1.0.0/16) c -> z", "(10.0.0.2, 239.1.0.0/16) d -> z", "(*, 239.1.0.0/16) e -> z",
        }.Select(StaticRoute.Parse));

        string?[] From(params (string Source, string Group)[] packets) => [.. packets.Select(each => routes.Find(Address.Parse(each.Source), Address.Parse(each.Group))?.From)];
        From(("10.0.0.2", "239.1.1.1"), ("10.0.0.2", "239.1.1.2"), ("10.0.0.3", "239.1.1.2"), ("11.0.0.3", "239.1.1.2"), ("11.0.0.3", "239.2.0.1"), ("11.0.0.3", "238.2.0.1"))
            .Should().Equal("b", "d", "c", "e", "a", null);
    }

    [Fact]
    public void The_configuration_file_has_them()
    {
        const string Text = """
            forward: true
            static-routes:
              - (*, 239.1.0.0/16) eth0 -> eth1=4
              - (10.0.0.2, 239.2.2.2) eth1 -> eth0
            reverse-paths: [10.9.0.0/16=eth1]
            ttl-thresholds: [eth1=16]
            multicast-table: 77
            interfaces: {eth0: , eth1: }
            """;

        var options = ConfigurationReader.Read("r.yaml", Text);

        options.Forwarding.StaticRoutes.Select(each => each.ToString()).Should().Equal("(*, 239.1.0.0/16) eth0 -> eth1=4", "(10.0.0.2, 239.2.2.2) eth1 -> eth0");
        options.Forwarding.ReversePaths.Should().Equal(new ReversePathOverride(Prefix.Parse("10.9.0.0/16"), "eth1"));
        options.Forwarding.TtlThresholds.Should().Equal(new StaticOutput("eth1", 16));
        options.Forwarding.Table.Should().Be(77);
        ConfigurationReader.Read("again.yaml", ConfigurationWriter.Write(options)).Forwarding.StaticRoutes.Should().Equal(options.Forwarding.StaticRoutes);
    }

    [Theory]
    [InlineData("static-routes: ['(*, 239.1.1.1) eth0 -> eth9']", "static route (*, 239.1.1.1) eth0 -> eth9: the router does not serve eth9, only eth0, eth1")]
    [InlineData("static-routes: ['(*, 239.1.1.1) eth0 -> eth1', '(*, 239.1.1.1) eth1 -> eth0']", "static route (*, 239.1.1.1) eth1 -> eth0: there is one about the same already: (*, 239.1.1.1) eth0 -> eth1")]
    [InlineData("reverse-paths: [10.9.0.0/16=eth9]", "reverse path 10.9.0.0/16=eth9: the router does not serve eth9, only eth0, eth1")]
    [InlineData("ttl-thresholds: [eth9=2]", "TTL threshold eth9=2: the router does not serve eth9, only eth0, eth1")]
    [InlineData("static-routes: [eth0]", "static-routes: must be a route such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16, not 'eth0'")]
    public void What_cannot_be_is_told_with_its_place(string line, string complaint) =>
        (line + "\ninterfaces: {eth0: , eth1: }\n").Invoking(text => ConfigurationReader.Read("r.yaml", text))
            .Should().Throw<ConfigurationException>().Which.Problems.Should().ContainSingle().Which.Text.Should().Be(complaint);

    [Fact]
    public void Pygmps_form_is_read()
    {
        const string Text = """
            # static multicast routing
            [phyints]
            names = a1, a2,a3

            [mroute_1]
            from = a1
            group = 239.0.0.1
            to = a2=4,
                 a3
            [mroute_any]
            ; without a source
            From: a2
            group: 239.1.0.1/24
            source: 192.0.2.1
            to: a1
            """;

        var file = PygmpFile.Read("simple.ini", Text);

        file.Interfaces.Should().Equal("a1", "a2", "a3");
        file.Routes.Select(each => each.ToString()).Should().Equal("(*, 239.0.0.1) a1 -> a2=4 a3", "(192.0.2.1, 239.1.0.0/24) a2 -> a1");
    }

    [Fact]
    public void All_that_is_wrong_with_pygmps_form_is_told_at_once_with_file_and_line()
    {
        const string Text = """
            names = a1
            [phyints]
            names = a1,a2,a1
            [mroute_1]
            from = a1
            group = 10.0.0.1
            to = a2
            [mroute_2]
            from = a1
            grup = 239.0.0.1
            to = a2
            [mroute_3]
            from = a1
            group = 239.0.0.3
            to = a9
            to = a2
            what
            [mroute_4]
            from = a2
            group = 239.0.0.3
            to = a1
            [phyint]
            """;

        Text.Invoking(text => PygmpFile.Read("simple.ini", text)).Should().Throw<ConfigurationException>().WithMessage("""
            simple.ini:1:1: a section such as [phyints] must come first
            simple.ini:3:1: a1 is named twice
            simple.ini:4:1: [mroute_1]: group 10.0.0.1 is not within 224.0.0.0/4
            simple.ini:8:1: [mroute_2]: 'group' is missing
            simple.ini:10:1: [mroute_2] has no 'grup'; did you mean group?
            simple.ini:12:1: [mroute_3]: a9 is not among the names of [phyints]
            simple.ini:16:1: 'to' is here twice, first in line 15
            simple.ini:17:1: 'what' is neither [section] nor key = value
            simple.ini:18:1: [mroute_4]: [mroute_3] in line 12 is about the same source and group
            simple.ini:22:1: there is no section [phyint], only [phyints] and [mroute_…]
            """);
    }
}
