using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;
using Xunit;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>
/// A simulated router forwards as the daemon has the kernel forward: from the reverse path, to members, by static routes and thresholds.
/// </summary>
public sealed class SimulatedForwardingTests : IDisposable
{
    private static readonly Address G = SimulatedBench.G;
    private static readonly Address Far = Address.Parse("192.0.2.9");
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedBench bench = new SimulatedBench().WithRouterAndHosts();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("", "", false)]
    [InlineData("ip route add 192.0.2.0/24 via 10.1.0.100", "", true)]
    [InlineData("ip route add 192.0.2.9 dev eth0", "", true)]
    [InlineData("ip route add default via 10.1.0.100", "", true)]
    [InlineData("ip route add default via 10.1.0.100\nip route add 192.0.2.0/24 via 10.0.0.11", "", false)]
    [InlineData("ip route add 192.0.2.0/24 via 10.0.0.11\nip route add 192.0.2.0/24 via 10.1.0.100", "", false)]
    [InlineData("ip route add 192.0.2.0/24 via 10.0.0.11\nip route replace 192.0.2.0/24 via 10.1.0.100", "", true)]
    [InlineData("ip route add 192.0.2.0/24 via 172.16.0.1", "", false)]
    [InlineData("ip address add 192.0.2.1/24 dev eth0", "", true)]
    [InlineData("", "--reverse-path 192.0.2.0/24=eth0", true)]
    [InlineData("ip route add 192.0.2.0/24 via 10.1.0.100", "--reverse-path 192.0.2.0/24=eth1", false)]
    public async Task Packets_are_taken_from_the_reverse_path_to_their_source(string routes, string options, bool isForwarded)
    {
        WithRouter(options, routes);
        var lab = await Joined();

        await Stream(lab, Far);

        Forwarded(lab).Any().Should().Be(isForwarded);
    }

    [Fact]
    public async Task A_source_without_reverse_path_is_counted_once_until_it_has_been_silent()
    {
        WithRouter("");
        var lab = await Joined();
        await Stream(lab, Far);
        (await Errors(lab))["forwarding-no-reverse-path"].Should().Be(1);

        await lab.PassUntil(lab.Now + SimulatedForwarding.Idle, Cancellation);
        await Stream(lab, Far);

        (await Errors(lab))["forwarding-no-reverse-path"].Should().Be(2);
        (await Errors(lab))["forwarding-wrong-interface"].Should().Be(0);
    }

    [Fact]
    public async Task Packets_where_they_would_go_out_are_dropped_and_counted_as_seldom_as_the_kernel_tells()
    {
        WithRouter("", "ip route add 192.0.2.0/24 via 10.0.0.11");
        var lab = await Joined();
        await lab.Listen("source", G, SourceFilter.AnySource, Cancellation);

        // From the source's LAN, where there is a member, though the route leads over the other one.
        await using (await lab.Send("source", G, Far, Tenth, Cancellation))
            await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(6.5), Cancellation);

        Forwarded(lab).Should().BeEmpty();
        (await Errors(lab))["forwarding-wrong-interface"].Should().Be(3, "at 0 s, after 3 s and after 6 s");
        (await Errors(lab))["forwarding-no-reverse-path"].Should().Be(0);
    }

    [Fact]
    public async Task While_the_interface_of_the_reverse_path_is_down_nothing_is_forwarded()
    {
        bench
            .With("lab.conf", File.ReadAllText(bench.PathOf("lab.conf")) + "r1[2]=\"B\"\nfar[0]=\"B\"\nfar[image]=\"multicast-lab/host\"")
            .With(
                "far.startup", "ip address add 10.2.0.100/24 dev eth0\nip route add default via 10.2.0.1\nhostagent run --interface eth0 &")
            .With(
                "r1.startup",
                SimulatedBench.Router.Replace(
                    "router run", "ip address add 10.2.0.1/24 dev eth2\nrouter run --interface eth2", StringComparison.Ordinal));
        var lab = await Joined();
        await lab.SetLink("r1", "eth0", up: false, Cancellation);

        await using (await lab.Send("far", G, SimulatedBench.S, Tenth, Cancellation))
            await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);

        Forwarded(lab).Should().BeEmpty();
        await using (await lab.Send("far", G, Address.Parse("10.2.0.100"), Tenth, Cancellation))
            await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
        Forwarded(lab).Should().NotBeEmpty();
    }

    [Theory]
    [InlineData("--ttl-threshold eth1=15", true)]
    [InlineData("--ttl-threshold eth1=16", false)]
    public async Task To_members_packets_go_with_a_TTL_above_the_interface_s_threshold(string options, bool isForwarded)
    {
        WithRouter(options);
        var lab = await Joined();

        await Stream(lab, SimulatedBench.S);

        Forwarded(lab).Any().Should().Be(isForwarded, "streams have a TTL of 16");
    }

    [Theory]
    [InlineData("'(*, 239.1.1.0/24) eth0 -> eth1'", true)]
    [InlineData("\"(*, 239.1.1.0/24) eth0 -> eth1=15\"", true)]
    [InlineData("'(*, 239.1.1.0/24) eth0 -> eth1=16'", false)]
    [InlineData("'(*, 239.1.2.0/24) eth0 -> eth1'", false)]
    [InlineData("'(192.0.2.9, 239.1.1.1) eth0 -> eth1'", true)]
    [InlineData("'(192.0.2.10, 239.1.1.1) eth0 -> eth1'", false)]
    [InlineData("'(*, 239.1.1.0/24) eth1 -> eth0'", false)]
    public async Task A_static_route_holds_without_members_and_without_a_reverse_path(string route, bool isForwarded)
    {
        WithRouter($"--static-route {route}");
        var lab = await bench.Started();

        await Stream(lab, Far);

        Forwarded(lab).Any().Should().Be(isForwarded);
    }

    [Fact]
    public async Task Without_forward_nothing_is_forwarded_and_nothing_counted()
    {
        bench.With("r1.startup", SimulatedBench.Router.Replace("--forward", "", StringComparison.Ordinal));
        var lab = await Joined();

        await Stream(lab, Far);
        await Stream(lab, SimulatedBench.S);

        Forwarded(lab).Should().BeEmpty();
        (await Errors(lab)).Values.Should().OnlyContain(each => each == 0);
    }

    [Fact]
    public async Task Senders_on_the_link_are_those_of_all_its_subnets_also_of_one_that_comes_later()
    {
        bench.With("r1.startup", SimulatedBench.Router.Replace("run", "run --verify-source-subnet", StringComparison.Ordinal))
            .With("h1.startup", SimulatedBench.Host.Replace("10.0.0.11", "10.7.0.11", StringComparison.Ordinal));
        var lab = await Joined();
        (await lab.RouterState("r1", Cancellation)).Interfaces[1].Groups.Should().BeEmpty();
        (await Errors(lab))["off-link-source"].Should().BePositive();

        (await lab.Execute("r1", "ip address add 10.7.0.1/24 dev eth1", Cancellation)).ExitCode.Should().Be(0);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(150), Cancellation);

        (await lab.RouterState("r1", Cancellation)).Interfaces[1].Groups.Should().ContainSingle().Which.Group.Should().Be(G);
    }

    [Fact]
    public async Task What_the_router_joins_itself_draws_a_group_to_its_LAN()
    {
        bench.With("r1.startup", SimulatedBench.Router.Replace("run", "run --join-group eth1=239.1.1.1", StringComparison.Ordinal));
        var lab = await bench.Started();

        await Stream(lab, SimulatedBench.S);

        Forwarded(lab).Should().NotBeEmpty();
        (await lab.RouterState("r1", Cancellation))
            .Interfaces[1]
            .Groups.Should()
            .ContainSingle()
            .Which.LastReporter.Should()
            .Be(Address.Parse("10.0.0.1"));
    }

    private void WithRouter(string options, string before = "") =>
        bench.With(
            "r1.startup",
            SimulatedBench
                .Router.Replace("router run", $"{before}\nrouter run", StringComparison.Ordinal)
                .Replace("--forward", $"--forward {options}", StringComparison.Ordinal));

    private async Task<SimulatedLab> Joined()
    {
        var lab = await bench.Started();
        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
        return lab;
    }

    private static async Task Stream(SimulatedLab lab, Address source)
    {
        await using (await lab.Send("source", G, source, Tenth, Cancellation))
            await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
    }

    private static IEnumerable<LabFrame> Forwarded(SimulatedLab lab) =>
        lab.Frames.Where(frame => frame.Node == "r1" && frame.Lan == "A" && IsDatagram(frame));

    private static bool IsDatagram(LabFrame frame) =>
        EthernetView.TryRead(frame.Bytes.Span, out var ethernet) == PacketError.None
        && Ipv4View.TryRead(ethernet.Payload, out var ip) == PacketError.None
        && ip.Protocol == IpProtocol.Udp;

    private static async Task<IReadOnlyDictionary<string, long>> Errors(SimulatedLab lab) =>
        (await lab.RouterState("r1", Cancellation)).Statistics.Error;
}
