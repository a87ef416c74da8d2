using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Packets;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.HostAgent;

/// <summary>Whose address a report carries, and that each interface is a host of its own (RFC 9776 §3.2, §4.2.14, §5).</summary>
public sealed class AgentInterfacesTests : IDisposable
{
    private readonly BridgedLan lan = new();

    public void Dispose() => lan.Dispose();

    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    [Shows("V3-H-4.2.14-01")]
    public void Reports_come_from_the_interfaces_primary_address(string stack)
    {
        var host = lan.Attach("10.0.0.11/24");
        host.Ip("address add 10.9.9.9/24 dev eth0");
        using var agent = new AgentProcess(host, "--stack", stack);

        agent.Command("join 239.1.1.1");
        lan.Watch.Until("TO_EX 239.1.1.1 {}");

        Senders().Should().Equal("10.0.0.11");
    }

    [Fact]
    [Shows("V3-H-4.2.14-02")]
    public void Without_an_address_reports_come_from_0_0_0_0_until_there_is_one()
    {
        var host = lan.Attach(null);
        using var agent = new AgentProcess(host, "--stack", "user");
        agent.Command("join 239.1.1.1");
        lan.Watch.Until("TO_EX 239.1.1.1 {}");
        lan.Watch.Until("TO_EX 239.1.1.1 {}");
        Senders().Should().Equal("0.0.0.0");

        host.Ip("address add 10.0.0.11/24 dev eth0");
        lan.Send(Query());
        lan.Watch.Until("IS_EX 239.1.1.1 {}");

        Senders().Should().Equal("0.0.0.0", "10.0.0.11");
    }

    [Theory]
    [InlineData("kernel")]
    [InlineData("user")]
    [Shows("V3-H-3.2-07", "V3-H-5-01", "V3-X-7.2.1-01")]
    public void Two_interfaces_of_one_LAN_are_two_hosts(string stack)
    {
        // Both interfaces hear both queries: what keeps them apart is their state alone.
        var host = lan.Attach("10.0.0.11/24");
        lan.Attach(host, "eth1", "10.0.1.11/24");
        using var first = new AgentProcess(host, "--stack", stack);
        using var second = new AgentProcess(host, "--stack", stack, "--interface", "eth1");
        first.Command("join 239.1.1.1");
        Twice("TO_EX 239.1.1.1 {}");
        Senders().Should().Equal(["10.0.0.11"], "the other interface has joined nothing");
        lan.Watch.Packets.Clear();
        second.Command("join 239.1.1.2");
        Twice("TO_EX 239.1.1.2 {}");
        Senders().Should().Equal("10.0.1.11");
        lan.Watch.Packets.Clear();

        lan.Send(Query());
        Until("IS_EX 239.1.1.1 {}", "IS_EX 239.1.1.2 {}");
        Senders().Should().Equal("10.0.0.11", "10.0.1.11");

        second.Command("join 239.1.1.1");
        Twice("TO_EX 239.1.1.1 {}");
        first.Command("leave 239.1.1.1");
        Twice("TO_IN 239.1.1.1 {}");
        lan.Watch.Packets.Clear();
        lan.Send(Query());
        Until("IS_EX 239.1.1.1 {}", "IS_EX 239.1.1.2 {}");
        Senders().Should().Equal(["10.0.1.11"], "leaving on one interface does not silence the other");
    }

    private static byte[] Query() =>
        Packet.Query(
            new QueryContent(Generation.Sources, TimeSpan.FromSeconds(0.2), Address.AnyV4, false, 2, TimeSpan.FromSeconds(125), []));

    /// <summary>Who has sent what was seen, ascending.</summary>
    private IEnumerable<string> Senders() =>
        lan.Watch.Packets.Select(each => Address.Read(each.AsSpan(12, 4))).Distinct().Order().Select(each => each.ToString());

    private void Twice(string line)
    {
        lan.Watch.Until(line);
        lan.Watch.Until(line);
    }

    private void Until(params string[] lines)
    {
        var left = lines.ToList();
        while (left.Count > 0)
        {
            foreach (var line in lan.Watch.Until(left[0]))
                left.Remove(line);
        }
    }
}
