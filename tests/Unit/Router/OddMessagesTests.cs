using FluentAssertions;
using MulticastLab.Membership.State;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests.HostAgent;
using MulticastLab.Tests.Linux.Support;
using MulticastLab.Tests.Packets;
using MulticastLab.Tests.Router.Support;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>
/// The real router (10.0.0.2) and our host on one LAN with a tester (10.0.0.1) who sends messages that are wrong, and messages that only
/// look so: the former have no effect, the latter their full one.
/// </summary>
public sealed class OddMessagesTests : IDisposable
{
    private readonly BridgedLan lan = new();
    private readonly PrivateNetwork router;
    private readonly PrivateNetwork host;

    public OddMessagesTests()
    {
        router = lan.Attach("10.0.0.2/24");
        host = lan.Attach("10.0.0.11/24");
    }

    // Queries would make the router a non-querier and the host answer at once; reports would make 239.9.9.9 a group.
    public static TheoryData<string, byte[], string> Wrong => new()
    {
        { "V3-M-4.1.2-02: a query with a wrong checksum", Packet.Ip(Hex.Bytes("1101ffff 00000000 027d0000"), ToAll), "checksum" },
        { "V3-M-4.2.2-01: a report with a wrong checksum", Packet.Ip(Hex.Bytes("2200ffff 00000001 04000000 ef090909"), ToAll), "checksum" },
        { "V3-X-7.1-04: a query of 9 bytes", Packet.Igmp("11010000 00000000 02"), "query-length" },
        { "V3-X-7.1-04: a query of 10 bytes", Packet.Igmp("11010000 00000000 027d"), "query-length" },
        { "V3-X-7.1-04: a query of 11 bytes", Packet.Igmp("11010000 00000000 027d00"), "query-length" },
        { "V3-X-7.1-04, V3-M-4-09: a query of 7 bytes", Packet.Igmp("11010000 000000"), "too-short" },
        { "V3-X-7.1-04, V3-M-4-09: a query of 4 bytes", Packet.Igmp("11010000"), "too-short" },
        { "V3-M-4-09: a report of 7 bytes", Packet.Igmp("22000000 000000"), "too-short" },
        { "V3-M-4-09: a version 2 report of 7 bytes", Packet.Igmp("16000000 ef0909"), "too-short" },
        { "V3-M-4-08: type 0x13", Packet.Igmp("13000000 00000000"), "unknown-type" },
        { "V3-M-4-08: type 0x23", Packet.Igmp("23000000 00000001 04000000 ef090909"), "unknown-type" },
        { "V3-M-4-08: type 0xff", Packet.Igmp("ff000000 ef090909"), "unknown-type" },
        { "V3-M-4.1.8-03: 10 sources announced, 2 there", Packet.Igmp("11010000 ef010101 027d000a c0000201 c0000202"), "query-sources" },
        { "V3-M-4.2.4-03: 3 records announced, 1 there", Packet.Igmp("22000000 00000003 04000000 ef090909"), "report-records" },
    };

    private static Ipv4Header ToAll => Ipv4Header.ForIgmp(Packet.Source, Packet.Destination);

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_message_has_no_effect_but_on_a_counter(string because, byte[] packet, string counter)
    {
        using var agent = new AgentProcess(host, "--stack", "user");
        using var daemon = await RouterProcess.StartReady(
            router, "--interface eth0 --query-interval 600 --startup-query-count 1 --join-routers-group false");
        agent.Command("join 239.1.1.1");
        lan.Watch.Until("TO_EX 239.1.1.1 {}");
        lan.Watch.Until("TO_EX 239.1.1.1 {}");

        lan.Send(packet);

        var state = await daemon.Until(it => it.Statistics.Error["total"] == 1, because);
        state.Statistics.Error.Where(each => each.Value > 0 && each.Key != "total").Select(each => each.Key).Should().Equal(counter);
        state.First().IsQuerier.Should().BeTrue();
        Groups(state).Should().Equal("239.1.1.1");
        // The host would have answered within 0.1 s. It has got the message, and after a query of another group's joining it is surely past
        // that.
        agent.Command("show --json").Should().Contain("\"compatibility-mode\":3");
        for (var group = 2; group <= 3; group++)
        {
            agent.Command($"join 239.1.1.{group}");
            lan.Watch.Until($"TO_EX 239.1.1.{group} {{}}");
            lan.Watch.Until($"TO_EX 239.1.1.{group} {{}}");
        }

        lan.Watch.Seen.Should().NotContain(each => each.StartsWith("IS_", StringComparison.Ordinal), because);

        // The same made right, as a control.
        lan.Send(Packet.Igmp("11010000 00000000 027d0000"));
        lan.Watch.Until("IS_EX 239.1.1.1 {}");
        lan.Send(Packet.Igmp("22000000 00000001 04000000 ef090909"));
        state = await daemon.Until(it => it.Group("239.9.9.9") is not null, "a right report counts");
        state.First().IsQuerier.Should().BeFalse("a right query of a lower address counts");
    }

    [Fact]
    [Shows("V3-M-4-03", "V3-M-4-05", "V3-M-2.1-01", "V3-M-4.2.1-02", "V3-M-4.2.3-01", "V3-M-4.2.12-01", "V3-M-4.2.11-02", "V3-M-4.1.10-02")]
    public async Task Reports_that_are_only_unusual_count()
    {
        using var daemon = await RouterProcess.StartReady(router, "--interface eth0");
        byte[][] reports =
        [
            Carried(Report(1), header => header with { TimeToLive = 255 }),
            Carried(Report(2), header => header with { TypeOfService = 0 }),
            Packet.WithOptions("9404ffff", Report(3)),
            Packet.Igmp("22ff0000 00000001 04000000 ef010104"),
            Packet.Igmp("22000000 ffff0001 04000000 ef010105"),
            Packet.Igmp("22000000 80000001 04000000 ef010106 04000000 ef090909"),
            Packet.Igmp("22000000 00000002 04020000 ef010107 06000001 ef090909 04000000 ef010108"),
            Packet.Igmp("22000000 00000001 04000000 ef010109 010203"),
        ];

        foreach (var report in reports)
            lan.Send(report);

        var state = await daemon.Until(it => it.Group("239.1.1.9") is not null, "the last report counts");
        Groups(state).Should().Equal(Enumerable.Range(1, 9).Select(each => $"239.1.1.{each}"));
        state.First().Groups.Should().OnlyContain(each => each.Sources.Count == 0);
        state.Statistics.Error["total"].Should().Be(0);
    }

    [Fact]
    [Shows("V3-M-4-03", "V3-M-4-05", "V3-M-4.1.4-02", "V3-M-4.1.10-03")]
    public void Queries_that_are_only_unusual_are_answered()
    {
        using var agent = new AgentProcess(host, "--stack", "user");
        agent.Command("join 239.1.1.1");
        lan.Watch.Until("TO_EX 239.1.1.1 {}");
        lan.Watch.Until("TO_EX 239.1.1.1 {}");
        byte[] query = Packet.Igmp("11010000 00000000 027d0000")[24..];
        byte[][] queries =
        [
            Carried(query, header => header with { TimeToLive = 255 }),
            Carried(query, header => header with { TypeOfService = 0 }),
            Packet.Igmp("11010000 00000000 f27d0000"),
            Packet.Igmp([.. query, .. new byte[400]]),
        ];

        foreach (var each in queries)
        {
            lan.Send(each);
            lan.Watch.Until("IS_EX 239.1.1.1 {}");
        }
    }

    [Fact]
    [Shows("V3-M-5-01")]
    public async Task A_flood_of_other_packets_with_Router_Alert_does_not_reach_the_router()
    {
        using var daemon = await RouterProcess.StartReady(router, "--interface eth0");
        var flood = Carried(new byte[64], header => header with { Protocol = IpProtocol.Udp });

        for (var i = 0; i < 20_000; i++)
            lan.Send(flood);
        lan.Send(Packet.Igmp(Report(1)));

        var state = await daemon.Until(it => it.Group("239.1.1.1") is not null, "the report behind the flood counts");
        state.Statistics.Error["receive-buffer-full"].Should().Be(0);
        state.Statistics.Error["total"].Should().Be(0);
    }

    public void Dispose() => lan.Dispose();

    private static byte[] Report(int group) => Packet.Igmp($"22000000 00000001 04000000 ef01010{group}")[24..];

    private static byte[] Carried(byte[] message, Func<Ipv4Header, Ipv4Header> change) => Packet.Ip(message, change(ToAll));

    private static IEnumerable<string> Groups(RouterState state) => state.First().Groups.Select(each => each.Group.ToString());
}
