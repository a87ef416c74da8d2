using FluentAssertions;
using MulticastLab.Forwarding;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;
using MulticastLab.Daemon.Configuration;
using Xunit;

namespace MulticastLab.Tests.Router.Configuration;

/// <summary>What the configuration file says about forwarding.</summary>
public sealed class ForwardingConfigurationTests
{
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

        options
            .Forwarding.StaticRoutes.Select(each => each.ToString())
            .Should()
            .Equal("(*, 239.1.0.0/16) eth0 -> eth1=4", "(10.0.0.2, 239.2.2.2) eth1 -> eth0");
        options.Forwarding.ReversePaths.Should().Equal(new ReversePathOverride(Prefix.Parse("10.9.0.0/16"), "eth1"));
        options.Forwarding.TtlThresholds.Should().Equal(new StaticOutput("eth1", 16));
        options.MulticastTable.Should().Be(77);
        ConfigurationReader
            .Read("again.yaml", ConfigurationWriter.Write(options))
            .Forwarding.StaticRoutes.Should()
            .Equal(options.Forwarding.StaticRoutes);
    }

    [Fact]
    public void What_cannot_be_is_told_where_it_stands()
    {
        const string Text = """
            interfaces: {eth0: , eth1: }
            static-routes:
              - (*, 239.1.0.0/16) eth0 -> eth1
              - (*, 239.2.0.0/16) eth0 -> eth9
            """;

        Text.Invoking(text => ConfigurationReader.Read("r.yaml", text)).Should().Throw<InvalidFileException>()
            .WithMessage("r.yaml:4:5: static route (*, 239.2.0.0/16) eth0 -> eth9: the router does not serve eth9, only eth0, eth1");
        "interfaces: {eth0: }\nttl-thresholds: [eth0=2, eth0=3]\n"
            .Invoking(text => ConfigurationReader.Read("r.yaml", text))
            .Should()
            .Throw<InvalidFileException>()
            .WithMessage("r.yaml:2:26: TTL threshold eth0=3: eth0 has two");
    }

    [Theory]
    [InlineData(
        "static-routes: ['(*, 239.1.1.1) eth0 -> eth9']",
        "static route (*, 239.1.1.1) eth0 -> eth9: the router does not serve eth9, only eth0, eth1")]
    [InlineData(
        "static-routes: ['(*, 239.1.1.1) eth0 -> eth1', '(*, 239.1.1.1) eth1 -> eth0']",
        "static route (*, 239.1.1.1) eth1 -> eth0: already defined: (*, 239.1.1.1) eth0 -> eth1")]
    [InlineData("reverse-paths: [10.9.0.0/16=eth9]", "reverse path 10.9.0.0/16=eth9: the router does not serve eth9, only eth0, eth1")]
    [InlineData("ttl-thresholds: [eth9=2]", "TTL threshold eth9=2: the router does not serve eth9, only eth0, eth1")]
    [InlineData("static-routes: [eth0]", "static-routes: must be a route such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16, not 'eth0'")]
    [InlineData(
        "static-routes: ['(*, 10.0.0.1) eth0 -> eth1']",
        "static-routes: must be a route such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16, not the text \"(*, 10.0.0.1) eth0 -> eth1\": "
            + "group 10.0.0.1 is not within 224.0.0.0/4")]
    [InlineData(
        "reverse-paths: [239.0.0.0/8=eth1]",
        "reverse-paths: must be a prefix and an interface such as 10.9.0.0/16=eth1, not '239.0.0.0/8=eth1': source 239.0.0.0/8 is not an "
            + "IPv4 address of a host or network")]
    [InlineData(
        "ttl-thresholds: [eth1=256]",
        "ttl-thresholds: must be an interface and a TTL such as eth1=16, not 'eth1=256': the TTL threshold of 'eth1=256' is not a number "
            + "from 1 to 255")]
    public void What_cannot_be_is_told_with_its_place(string line, string complaint) =>
        (line + "\ninterfaces: {eth0: , eth1: }\n").Invoking(text => ConfigurationReader.Read("r.yaml", text))
            .Should().Throw<InvalidFileException>().Which.Problems.Should().ContainSingle().Which.Message.Should().Be(complaint);
}
