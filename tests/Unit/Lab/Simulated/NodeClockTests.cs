using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;
using Xunit;
using static MulticastLab.Tests.Lab.Simulated.SimulatedBench;

namespace MulticastLab.Tests.Lab.Simulated;

/// <summary>Clocks that run wrong, partitioned LANs, runs that are longer than memory.</summary>
public sealed class NodeClockTests : IDisposable
{
    private readonly SimulatedBench bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => bench.Dispose();

    // A clock that is 1 % fast ends an interval of 125 s after 125 / 1.01 s (RFC 9776 §8.2).
    [Theory]
    [InlineData(10_000, 125 / 1.01)]
    [InlineData(-10_000, 125 / 0.99)]
    [InlineData(0, 125)]
    public async Task A_router_whose_clock_is_wrong_asks_by_its_own_clock(int drift, double interval)
    {
        // Nothing from it but queries.
        var lab = bench
            .WithRouterAndHosts()
            .With("r1.startup", SimulatedBench.Router.Replace("run", "run --join-routers-group false", StringComparison.Ordinal))
            .Lab();
        lab.SetDrift("r1", drift);
        foreach (var node in lab.Topology.Nodes)
            await lab.Start(node.Name, Cancellation);
        await lab.PassUntil(Instant.Epoch + TimeSpan.FromSeconds(1000), Cancellation);

        var queries = lab.Frames.Where(frame => frame.Node == "r1" && frame.Interface == "eth1").Select(frame => frame.At).ToList();
        (queries[^1] - queries[^2]).TotalSeconds.Should().BeApproximately(interval, 1e-6);
        // Over the whole run nothing adds up: start-up queries at 0 and QI ÷ 4, the others from there.
        (queries[^1] - queries[1]).TotalSeconds.Should().BeApproximately((queries.Count - 2) * interval, 1e-6);
    }

    [Fact]
    public async Task A_clock_is_not_changed_under_a_running_daemon()
    {
        var lab = await bench.WithRouterAndHosts().Started();

        var change = () => lab.SetDrift("r1", 1);

        change.Should().Throw<InvalidOperationException>();
        await lab.Kill("r1", Cancellation);
        change.Should().NotThrow();
    }

    [Fact]
    public async Task Pieces_of_a_LAN_that_is_torn_apart_hear_only_themselves()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        lab.Impair("h1", "eth0", new Impairment { Side = 1 });
        await lab.Listen("h1", G, SourceFilter.AnySource, Cancellation);
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(30), Cancellation);
        (await lab.RouterState("r1", Cancellation)).Interfaces[1].Groups.Should().BeEmpty();

        lab.Impair("r1", "eth1", new Impairment { Side = 1 });
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(300), Cancellation);
        (await lab.RouterState("r1", Cancellation))
            .Interfaces[1]
            .Groups.Should()
            .ContainSingle("the router is on the same side now, and asks");
    }

    [Fact]
    public async Task Frames_that_were_taken_are_forgotten_and_the_others_go_on_counting()
    {
        var lab = await bench.WithRouterAndHosts().Started();
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(1), Cancellation);
        var first = lab.TakeFrames();
        lab.Frames.Should().BeEmpty();
        await lab.PassUntil(lab.Now + TimeSpan.FromSeconds(300), Cancellation);

        first.Should().NotBeEmpty();
        lab.Frames[0].Number.Should().Be(first.Count + 1);
    }
}
