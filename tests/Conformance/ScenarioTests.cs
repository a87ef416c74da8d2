using FluentAssertions;
using MulticastLab.Conformance.Engine;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Namespaces;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Lab.Topologies;
using MulticastLab.Tests;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Conformance;

/// <summary>What every scenario has to pass; a class per scenario says which.</summary>
public abstract class ScenarioTests(string name)
{
    private readonly ScenarioInfo scenario =
        ScenarioCatalog.BuiltIn.Find(name) ?? throw new ArgumentException($"No scenario is called {name}.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Passes_in_virtual_time_with_the_default_timers()
    {
        var result = await Simulate(seed: 1, EvidenceFolder.Next(Repository.Evidence, name, "simulated"));

        result.Passed.Should().BeTrue("{0}", result.Describe());
    }

    [Fact]
    public async Task Its_simulated_run_is_the_verified_one()
    {
        var result = await Simulate(seed: 1);

        GoldenFiles.Compare(result, Repository.Captures, GoldenFiles.AcceptRequested).Should().BeNull("{0}", result.Describe());
    }

    [Fact]
    public async Task Tshark_reads_its_capture_as_we_do()
    {
        TsharkOracle.Require();

        var result = await Simulate(seed: 1, EvidenceFolder.Next(Repository.Evidence, name, "simulated"));

        TsharkOracle.Compare(result.CapturePath!).Should().BeEmpty();
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_run()
    {
        var first = await Simulate(seed: 7);
        var second = await Simulate(seed: 7);

        RunText.Of(second).Should().Be(RunText.Of(first));
        second.Frames.Select(frame => (frame.At, frame.Frame.Lan, Convert.ToHexString(frame.Frame.Bytes.Span)))
            .Should().Equal(first.Frames.Select(frame => (frame.At, frame.Frame.Lan, Convert.ToHexString(frame.Frame.Bytes.Span))));
    }

    [Fact]
    public async Task Passes_with_fifty_other_seeds_and_says_the_same_each_time()
    {
        for (var seed = 2; seed <= 51; seed++)
        {
            var result = await Simulate(seed);

            result.Passed.Should().BeTrue("{0}", result.Describe());
            GoldenFiles.Compare(result, Repository.Captures).Should().BeNull("seed {0} differs by chance only", seed);
        }
    }

    [Fact]
    public async Task Each_requirement_that_it_covers_is_shown_by_an_expectation()
    {
        var result = await Simulate(seed: 1);

        result.Expectations.SelectMany(each => each.Requirements).Distinct()
            .Should().BeEquivalentTo(scenario.Requirements.Select(each => each.Id));
    }

    [NamespacesFact]
    public Task Passes_on_real_packets_with_kernel_hosts() => PassOnRealPackets(HostStack.Kernel);

    [NamespacesFact]
    public Task Passes_on_real_packets_with_user_space_hosts() => PassOnRealPackets(HostStack.User);

    private async Task PassOnRealPackets(HostStack hosts)
    {
        var result = await ConclusiveRun.Of(() => PlayOnRealPackets(hosts));

        result.Passed.Should().BeTrue("{0}", result.Describe());
        GoldenFiles.Compare(result, Repository.Captures).Should().BeNull("the capture is {0}", result.CapturePath);
        if (TsharkOracle.IsInstalled)
            TsharkOracle.Compare(result.CapturePath!).Should().BeEmpty();
    }

    private Task<ScenarioResult> PlayOnRealPackets(HostStack hosts) =>
        ScenarioRunner.Run(
            scenario,
            TopologyReader.Read(Repository.Topology(name)),
            new NamespacesEngine(),
            new RunOptions
            {
                HostStack = hosts,
                EvidenceDirectory = EvidenceFolder.Next(
                    Repository.Evidence, name, hosts == HostStack.Kernel ? "namespaces-kernel" : "namespaces-user"),
            },
            Cancellation);

    private Task<ScenarioResult> Simulate(int seed, string? evidence = null) => ScenarioRunner.Run(
        scenario, TopologyReader.Read(Repository.Topology(name)), new SimulatedEngine(),
        new RunOptions { Seed = seed, EvidenceDirectory = evidence }, Cancellation);
}
