using System.Text.Json;
using FluentAssertions;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.HostAgent;

/// <summary>
/// Our stack and the kernel's as two hosts of one LAN, with a third machine that plays queriers of each version (RFC 9776 §7.2): both speak
/// the same version, and Wireshark reads our messages as we do.
/// </summary>
public sealed class OlderQuerierOnTheWireTests : IDisposable
{
    private readonly BridgedLan lan = new();
    private readonly PrivateNetwork ours;
    private readonly AgentProcess user;
    private readonly AgentProcess kernel;
    private readonly IgmpWatch watch;

    public OlderQuerierOnTheWireTests()
    {
        watch = lan.Watch;
        ours = lan.Attach("10.0.0.11/24");
        user = new AgentProcess(ours, "--stack", "user");
        kernel = new AgentProcess(lan.Attach("10.0.0.12/24"), "--stack", "kernel");
    }

    [Theory]
    [InlineData(1, "V1MembershipReport 239.1.1.1", "V1MembershipReport 239.1.1.2")]
    [InlineData(2, "V2MembershipReport 239.1.1.1", "V2MembershipReport 239.1.1.2")]
    [InlineData(3, "IS_EX 239.1.1.1 {}", "IS_EX 239.1.1.2 {}")]
    [Shows("V3-X-7.1-01", "V3-X-7.1-02", "V3-X-7.1-03", "V3-X-7.2.1-07")]
    public void Both_hosts_answer_in_the_version_of_the_query(int version, string ourAnswer, string kernelsAnswer)
    {
        Join();

        Query(version, TimeSpan.FromSeconds(1));

        Until(ourAnswer, kernelsAnswer);
        Mode(user).Should().Be(version);
        Mode(kernel).Should().Be(version);
        Expiry(user).Should().Be(version < 3);
        watch.Faults.Should().BeEmpty();
        Wireshark();
    }

    [Fact]
    [Shows("V3-X-3-01", "V3-X-3-03", "V3-X-7.2.1-04")]
    public void A_host_of_version_2_is_silent_for_a_group_that_another_has_reported_and_leaves_only_as_the_last_reporter()
    {
        Join();
        // For a group, such a query does not change the mode.
        Query(2, TimeSpan.FromSeconds(0.5), "239.1.1.1");
        watch.Until("IS_EX 239.1.1.1 {}");
        Query(2, TimeSpan.FromSeconds(1));
        Until("V2MembershipReport 239.1.1.1", "V2MembershipReport 239.1.1.2");

        user.Command("join 239.1.1.3");
        kernel.Command("join 239.1.1.4");
        Until("V2MembershipReport 239.1.1.3", "V2MembershipReport 239.1.1.4");
        Report(IgmpType.V2MembershipReport, "239.1.1.1");
        // Once this is answered, the report before it was heard.
        Query(2, TimeSpan.FromSeconds(0.5), "239.1.1.3");
        watch.Until("V2MembershipReport 239.1.1.3");
        user.Command("leave 239.1.1.1");
        user.Command("leave 239.1.1.3");
        kernel.Command("leave 239.1.1.4");

        Until("V2LeaveGroup 239.1.1.3", "V2LeaveGroup 239.1.1.4");
        watch.Seen.Should().NotContain("V2LeaveGroup 239.1.1.1");
        watch.Faults.Should().BeEmpty();
        Wireshark();
        user.End()
            .Should()
            .Be(
                (
                    0,
                    "hostagent: 10.0.0.1 sends queries of version 2: sources cannot be reported, source-specific groups may stay silent "
                        + "(RFC 9776 §7.2.1)\n"));
    }

    [Fact]
    [Shows("V3-X-7.2.1-14")]
    public void Told_to_ignore_older_queriers_our_host_stays_with_version_3()
    {
        user.End();
        using var strict = new AgentProcess(ours, "--stack", "user", "--ignore-older-queriers");
        strict.Command("join 239.1.1.1");
        watch.Until("TO_EX 239.1.1.1 {}");

        Query(2, TimeSpan.FromSeconds(1));

        watch.Until("IS_EX 239.1.1.1 {}");
        Mode(strict).Should().Be(3);
    }

    public void Dispose()
    {
        user.Dispose();
        kernel.Dispose();
        lan.Dispose();
    }

    private static int Mode(AgentProcess agent) => Show(agent).GetProperty("compatibility-mode").GetInt32();

    /// <summary>
    /// Whether the mode's timer runs, and not beyond the Older Version Querier Present Interval: 2 × 125 s + 10 × 10 s at most.
    /// </summary>
    private static bool Expiry(AgentProcess agent)
    {
        if (!Show(agent).TryGetProperty("compatibility-mode-expires-ms", out var left))
            return false;
        left.GetInt64().Should().BeInRange(250_000, 350_000);
        return true;
    }

    private static JsonElement Show(AgentProcess agent) => JsonDocument.Parse(agent.Command("show --json")).RootElement;

    /// <summary>Each host is a member of a group of its own, as they would silence each other for a common one, and has told so.</summary>
    private void Join()
    {
        user.Command("join 239.1.1.1");
        kernel.Command("join 239.1.1.2");
        Until("TO_EX 239.1.1.1 {}", "TO_EX 239.1.1.2 {}");
    }

    /// <summary>Waits for all of these lines, in any order; what follows begins after the last.</summary>
    private void Until(params string[] lines)
    {
        var left = lines.ToList();
        while (left.Count > 0)
        {
            foreach (var line in watch.Until(left[0]))
                left.Remove(line);
        }
    }

    private void Query(int version, TimeSpan maxResponseTime, string? group = null)
    {
        var query = new QueryContent(
            Dialect.Igmp.GenerationOf(version), maxResponseTime, group is null ? Address.AnyV4 : Address.Parse(group), false, 2,
            TimeSpan.FromSeconds(125), []);
        var destination = Address.Parse(group ?? "224.0.0.1");
        var packet = new byte[100];
        lan.Send(packet.AsSpan(0, IgmpWriter.WriteQuery(packet, query, Address.Parse("10.0.0.1"), destination)));
    }

    private void Report(IgmpType type, string group)
    {
        var destination = Address.Parse(group);
        var packet = new byte[100];
        lan.Send(packet.AsSpan(0, IgmpWriter.WriteGroupMessage(packet, type, destination, Address.Parse("10.0.0.1"), destination)));
    }

    /// <summary>Every message seen must mean to Wireshark what it means to us.</summary>
    private void Wireshark()
    {
        if (!TsharkOracle.IsInstalled)
            return;
        var folder = Directory.CreateTempSubdirectory("older-querier-");
        try
        {
            var path = Path.Combine(folder.FullName, "seen.pcap");
            using (var file = File.Create(path))
            {
                using var writer = new PcapWriter(file, LinkType.Ethernet);
                foreach (var packet in watch.Packets)
                {
                    var frame = new byte[EthernetView.HeaderLength + packet.Length];
                    EthernetWriter.WriteIpv4(frame, new MacAddress(0x0200_0000_0001), packet);
                    writer.WritePacket(Instant.Epoch, frame);
                }
            }

            TsharkOracle.Compare(path).Should().BeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
