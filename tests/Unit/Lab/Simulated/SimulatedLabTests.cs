using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Traffic;
using Xunit;
using static MulticastLab.Tests.Lab.Simulated.SimulatedBench;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>
/// The simulated world behaves like a LAN with routers, hosts and switches on it, and like one that can be told to misbehave.
/// </summary>
public sealed class SimulatedLabTests : IDisposable
{
    private static readonly TimeSpan Hop = TimeSpan.FromMicroseconds(10);
    private static readonly TimeSpan Tenth = TimeSpan.FromMilliseconds(100);

    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    [Fact]
    public async Task Time_stands_still_outside_the_lab_s_methods_and_passes_exactly_inside()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        lab.Now.Should().Be(Instant.Epoch);
        await lab.PassUntil(Instant.Epoch + TimeSpan.FromSeconds(1000.5), Cancellation);
        lab.Now.Should().Be(Instant.Epoch + TimeSpan.FromSeconds(1000.5));
    }

    [Fact]
    public async Task Until_ends_at_the_event_that_makes_the_condition_true()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);

        var holds = await lab.Until(
            async token => (await lab.RouterState("r1", token)).Interfaces[1].Groups.Count == 1, TimeSpan.FromSeconds(9), Cancellation);

        holds.Should().BeTrue();
        lab.Now.Should().Be(Instant.Epoch + Hop);
    }

    [Fact]
    public async Task Until_gives_up_at_the_timeout()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        (await lab.Until(_ => Task.FromResult(false), TimeSpan.FromSeconds(9), Cancellation)).Should().BeFalse();

        lab.Now.Should().Be(Instant.Epoch + TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_router_forwards_what_is_wanted_with_one_hop_less_and_its_own_address()
    {
        var lab = await Streaming();
        var source = lab.Topology.Nodes.Single(node => node.Name == "source").Interfaces[0].Mac;
        var router = lab.Topology.Nodes.Single(node => node.Name == "r1").Interfaces[1].Mac;

        var sent = lab.Frames.First(frame => frame.Node == "source" && IsDatagram(frame));
        var copy = lab.Frames.First(frame => frame.Node == "r1" && IsDatagram(frame));

        copy.Lan.Should().Be("A");
        copy.At.Should().Be(sent.At + Hop);
        (SenderOf(sent), SenderOf(copy)).Should().Be((source, router));
        Ip(sent, out var before);
        Ip(copy, out var after).Should().Be(PacketError.None, "the header checksum is recomputed");
        after.TimeToLive.Should().Be((byte)(before.TimeToLive - 1));
        lab.Accepted("h1", S, G).Should().BeGreaterThan(0);
        lab.Accepted("h2", S, G).Should().Be(0, "h2 is no member: its receive filter drops the datagrams that its LAN carries");
    }

    [Fact]
    public async Task A_router_does_not_forward_back_to_where_a_datagram_came_from()
    {
        var lab = await Streaming();
        await lab.Listen("source", G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);

        lab.Frames.Should().NotContain(frame => frame.Lan == "U" && frame.Node == "r1" && IsDatagram(frame));
    }

    [Fact]
    public async Task Nothing_is_forwarded_that_nobody_wants()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.Send("source", G, S, Tenth, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);

        lab.Frames.Where(IsDatagram).Should().HaveCount(11).And.OnlyContain(frame => frame.Lan == "U");
    }

    [Fact]
    public async Task A_stream_ends_when_it_is_disposed()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        var stream = await lab.Send("source", G, S, Tenth, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromMilliseconds(250), Cancellation);
        await stream.DisposeAsync();
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);

        Sequences(lab, "source").Should().Equal(0UL, 1UL, 2UL);
    }

    [Fact]
    public async Task A_killed_router_is_silent_until_it_starts_again()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.Kill("r1", Cancellation);
        var count = lab.Frames.Count;
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(300), Cancellation);
        lab.Frames.Should().HaveCount(count);

        await lab.Start("r1", Cancellation);

        lab.Frames.Skip(count)
            .Select(frame => (frame.Node, frame.Lan))
            .Should()
            .Equal([("r1", "U"), ("r1", "U"), ("r1", "A"), ("r1", "A")], "a query and a report on each");
    }

    [Fact]
    public async Task A_link_that_is_down_carries_nothing_and_its_router_starts_over_when_it_comes_up()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.SetLink("r1", "eth1", up: false, Cancellation);
        var count = lab.Frames.Count;
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(200), Cancellation);
        lab.Frames.Skip(count).Should().OnlyContain(frame => frame.Lan == "U");

        await lab.SetLink("r1", "eth1", up: true, Cancellation);

        (await lab.RouterState("r1", Cancellation)).Interfaces[1].StartupQueriesLeft.Should().Be(1);
    }

    [Theory]
    [InlineData(1.0, 0, 0)]
    // Of 100 datagrams half, give or take four standard deviations.
    [InlineData(0.5, 30, 70)]
    public async Task A_lossy_LAN_loses_some_on_the_way(double loss, int atLeast, int atMost)
    {
        var lab = await Streaming();
        lab.Impair("A", new Impairment { Loss = loss });
        var before = lab.Accepted("h1", S, G);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(10), Cancellation);

        (lab.Accepted("h1", S, G) - before).Should().BeInRange(atLeast, atMost);
        lab.Frames.Count(frame => frame.Node == "r1" && IsDatagram(frame))
            .Should()
            .BeGreaterThan(100, "they are captured where they enter the LAN");
    }

    [Fact]
    public async Task A_port_that_duplicates_delivers_twice()
    {
        var lab = await Streaming();
        lab.Impair("h1", "eth0", new Impairment { Duplication = 1 });
        var before = lab.Accepted("h1", S, G);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);

        (lab.Accepted("h1", S, G) - before).Should().Be(20);
    }

    [Fact]
    public async Task A_slow_LAN_adds_its_delay()
    {
        var lab = bench.WithRouterAndHosts().Lab();
        lab.Impair("U", new Impairment { Delay = TimeSpan.FromMilliseconds(7) });
        foreach (var node in lab.Topology.Nodes)
            await lab.Start(node.Name, Cancellation);
        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
        await lab.Send("source", G, S, Tenth, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromMilliseconds(50), Cancellation);

        var sent = lab.Frames.Single(frame => frame.Node == "source" && IsDatagram(frame));
        var copy = lab.Frames.Single(frame => frame.Node == "r1" && IsDatagram(frame));
        copy.At.Should().Be(sent.At + Hop + TimeSpan.FromMilliseconds(7));
        // There and back over both LANs, and no more: it is the tolerance of every expectation.
        lab.Latency.Should().Be(TimeSpan.FromMilliseconds(14) + (4 * Hop));
    }

    [Fact]
    public async Task A_LAN_that_reorders_lets_later_frames_overtake()
    {
        var lab = await Streaming();
        lab.Impair("U", new Impairment { Reordering = 0.5, ReorderingDelay = TimeSpan.FromMilliseconds(150) });
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(5), Cancellation);

        Sequences(lab, "r1").Should().NotBeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_cut_cable_carries_nothing_either_way()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        lab.Impair("h1", "eth0", new Impairment { Partitioned = true });
        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(300), Cancellation);

        lab.Frames.Should().NotContain(frame => frame.Node == "h1");
        (await lab.RouterState("r1", Cancellation)).Interfaces[1].Groups.Should().BeEmpty();
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_and_another_one_does_not()
    {
        async Task<List<Instant>> Reports(int seed)
        {
            var lab = await bench.WithRouterAndHosts().Started(seed);
            await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
            await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(500), Cancellation);
            return [.. lab.Frames.Where(frame => frame.Node == "h1").Select(frame => frame.At)];
        }

        var first = await Reports(1);
        first.Should().HaveCountGreaterThan(4);
        (await Reports(1)).Should().Equal(first);
        (await Reports(2)).Should().NotEqual(first);
    }

    [Fact]
    public async Task A_switch_floods_groups_and_its_copies_carry_its_name()
    {
        bench.With("lab.conf", """
            h1[0]="H1"
            h1[image]="multicast-lab/host"
            h2[0]="H2"
            h2[image]="multicast-lab/host"
            sw[0]="H1"
            sw[1]="H2"
            sw[image]="multicast-lab/switch"
            """).With("h1.startup", Host).With("h2.startup", Host).With("sw.startup", """
            ip link show br0 >/dev/null 2>&1 || ip link add name br0 type bridge mcast_snooping 0
            ip link set eth0 master br0
            ip link set eth1 master br0
            ip link set br0 up
            """);
        var lab = await bench.Started();
        // Starting twice is what a restart does; the guard keeps the bridge.
        await lab.Start("sw", Cancellation);

        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + Tenth, Cancellation);

        lab.Frames.Take(2)
            .Select(frame => (frame.Node, frame.Lan, frame.At - Instant.Epoch))
            .Should()
            .Equal(("h1", "H1", TimeSpan.Zero), ("sw", "H2", Hop));
    }

    private async Task<SimulatedLab> Streaming()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
        await lab.Send("source", G, S, Tenth, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromMilliseconds(950), Cancellation);
        return lab;
    }

    private static PacketError Ip(LabFrame frame, out Ipv4View ip)
    {
        EthernetView.TryRead(frame.Bytes.Span, out var ethernet).Should().Be(PacketError.None);
        return Ipv4View.TryRead(ethernet.Payload, out ip);
    }

    private static MacAddress SenderOf(LabFrame frame) => MacAddress.Read(frame.Bytes.Span[6..]);

    private static bool IsDatagram(LabFrame frame) => Ip(frame, out var ip) == PacketError.None && ip.Protocol == IpProtocol.Udp;

    private static List<ulong> Sequences(SimulatedLab lab, string node) =>
        [
            .. lab
                .Frames.Where(frame => frame.Node == node && IsDatagram(frame))
                .Select(frame =>
                {
                    Ip(frame, out var ip);
                    UdpView.TryRead(ip, out var udp).Should().Be(PacketError.None);
                    StreamDatagram.TryRead(udp.Payload, out var datagram).Should().BeTrue();
                    return datagram.Sequence;
                }),
        ];
}
