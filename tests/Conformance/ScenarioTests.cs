using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Topologies;
using Xunit;

namespace MulticastLab.Conformance;

/// <summary>What every scenario has to pass; a class per scenario says which.</summary>
public abstract class ScenarioTests(string name)
{
    private readonly ScenarioInfo scenario = ScenarioCatalog.Find(name) ?? throw new ArgumentException($"No scenario is called {name}.");

    [Fact]
    public async Task Passes_in_virtual_time_with_the_default_timers()
    {
        var result = await Simulate(seed: 1, EvidenceFolder.Next(Repository.Evidence, name, "simulated"));

        result.Passed.Should().BeTrue("{0}", result.Describe());
    }

    [Theory]
    [InlineData(HostStack.Kernel)]
    [InlineData(HostStack.User)]
    public async Task Passes_on_real_packets_with_short_timers(HostStack hosts)
    {
        Assert.SkipWhen(EngineAvailability.Check() is not null, EngineAvailability.Check()?.ToString() ?? "");

        var result = await ScenarioRunner.Run(
            scenario, TopologyReader.Read(Repository.Topology(name)), new NamespacesEngine(),
            new RunOptions { HostStack = hosts, EvidenceDirectory = EvidenceFolder.Next(Repository.Evidence, name, $"namespaces-{hosts}") }, TestContext.Current.CancellationToken);

        result.Passed.Should().BeTrue("{0}", result.Describe());
    }

    private Task<ScenarioResult> Simulate(int seed, string? evidence = null) => ScenarioRunner.Run(
        scenario, TopologyReader.Read(Repository.Topology(name)), new SimulatedEngine(),
        new RunOptions { Seed = seed, EvidenceDirectory = evidence }, TestContext.Current.CancellationToken);
}
