using FluentAssertions;
using Xunit;

namespace MulticastLab.Tests.HostAgent;

/// <summary>What the command line refuses, with which words and exit code, before any agent is asked (DESIGN §5).</summary>
public sealed class CommandLineTests
{
    private const string Nowhere = "/nonexistent/hostagent.sock";

    [Theory]
    [InlineData("join 10.1.1.1", "10.1.1.1 is not a multicast address (224.0.0.0 to 239.255.255.255)")]
    [InlineData("join ff02::1", "'ff02::1' is not an IPv4 address")]
    [InlineData("join 239.1.1", "'239.1.1' is not an IPv4 address")]
    [InlineData("join 224.0.0.1", "224.0.0.1 is not joined: every host listens to it always, and never reports it (RFC 9776 §5)")]
    [InlineData(
        "join 232.1.1.1", "232.1.1.1 is source-specific (232.0.0.0/8): name the sources that are wanted with --include (RFC 4604 §2.1)")]
    [InlineData("join 232.1.1.1 --exclude 10.0.0.9", "232.1.1.1 is source-specific*")]
    [InlineData("join 239.1.1.1 --include 239.1.1.2", "239.1.1.2 cannot be a source: it is not a unicast address")]
    [InlineData("join 239.1.1.1 --include 10.0.0.9 0.0.0.0", "0.0.0.0 cannot be a source*")]
    [InlineData("join 239.1.1.1 --include", "*--include*")]
    [InlineData(
        "join 239.1.1.1 --include 10.0.0.9 --exclude 10.0.0.8", "--include and --exclude cannot be combined: a filter has one mode")]
    [InlineData("allow 239.1.1.1", "*SRC*")]
    [InlineData(
        "join 239.1.1.1 --socket two/2", "'two/2' does not name a socket: 1 to 32 letters, digits, hyphens, underscores and dots")]
    [InlineData(
        "leave 239.1.1.1 --socket 123456789012345678901234567890123", "'123456789012345678901234567890123' does not name a socket*")]
    [InlineData("listen 239.1.1.1 some", "*'some'*")]
    [InlineData("listen 239.1.1.1 include 239.1.1.2", "239.1.1.2 cannot be a source: it is not a unicast address")]
    [InlineData("run --interface lo --stack user --keep-limits", "--keep-limits goes with --stack kernel: the limits are Linux's")]
    [InlineData("run --interface lo --robustness-variable 3", "--robustness-variable goes with --stack user: *igmp_qrv*")]
    [InlineData("send 239.1.1.1:70000", "the port of '239.1.1.1:70000' is not a number from 1 to 65535")]
    [InlineData("send 239.1.1.1 --rate 0", "--rate is a whole number from 1 to 1000000, not '0'")]
    [InlineData("send 239.1.1.1 --ttl 256", "--ttl is a whole number from 0 to 255, not '256'")]
    [InlineData("send 239.1.1.1 --source nobody", "'nobody' is not an IPv4 address")]
    [InlineData("receive 232.1.1.1", "232.1.1.1 is source-specific*")]
    [InlineData("run", "*--interface*")]
    [InlineData("run --interface lo --stack other", "*'other'*")]
    [InlineData("run --interface lo --ignore-older-queriers", "--ignore-older-queriers goes with --stack user: *")]
    [InlineData("run --interface lo --igmp-version 4", "--igmp-version: must be a whole number from 1 to 3, not '4'")]
    [InlineData(
        "run --interface lo --unsolicited-report-interval 0", "--unsolicited-report-interval: must be seconds from 0.001 to 60, not '0'")]
    [InlineData(
        "run --interface lo --unsolicited-report-interval 61", "--unsolicited-report-interval: must be seconds from 0.001 to 60, not '61'")]
    [InlineData(
        "run --interface lo --unsolicited-report-interval soon",
        "--unsolicited-report-interval: must be seconds from 0.001 to 60, not 'soon'")]
    [InlineData("frob", "*frob*")]
    public void Wrong_usage_is_told_and_ends_with_2(string line, string complaint)
    {
        var (exit, output, error) = CommandLineRun.Of(line.Split(' '));

        error.Should().Match($"*hostagent: {complaint}*");
        (exit, output).Should().Be((2, ""));
    }

    [Theory]
    [InlineData("join 239.1.1.1")]
    [InlineData("leave 239.1.1.1")]
    [InlineData("allow 239.1.1.1 10.0.0.9")]
    [InlineData("block 239.1.1.1 10.0.0.9")]
    [InlineData("listen 239.1.1.1 include")]
    [InlineData("show")]
    public void Without_an_agent_a_command_fails_with_1_and_names_the_socket(string line)
    {
        var (exit, _, error) = CommandLineRun.Of([.. line.Split(' '), "--control", Nowhere]);

        error.Should().Match($"hostagent: *{Nowhere}*");
        exit.Should().Be(1);
    }

    [Fact]
    public void A_missing_interface_is_one_of_the_environment()
    {
        var (exit, _, error) = CommandLineRun.Of("run", "--interface", "eth77", "--control", Nowhere);

        error.Should().Match("hostagent: there is no interface eth77 here*");
        exit.Should().Be(4);
    }

    [Fact]
    public void A_source_that_is_not_this_hosts_is_refused_by_name()
    {
        var (exit, _, error) = CommandLineRun.Of("send", "239.1.1.1", "--source", "192.0.2.77", "--interface", "lo", "--count", "1");

        error.Should().Match("hostagent: bind for source address 192.0.2.77: EADDRNOTAVAIL*");
        exit.Should().Be(1);
    }
}
