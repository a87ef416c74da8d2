using FluentAssertions;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using Xunit;

namespace MulticastLab.Tests.Lab.Engines;

/// <summary>What an engine can is asked of it: neither its name nor its class tells.</summary>
public sealed class CapabilityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reproducible_engine_of_any_name_gives_verified_evidence_and_names_its_seed()
    {
        var result = await Play(new EngineCapabilities { IsReproducible = true });

        result.World.Should().Be("another");
        result.Options.Timing.Should().Be(Timing.Default);
        GoldenFiles.IsExact(result).Should().BeTrue();
        RunText.Of(result).Should().Contain("\n# another, seed 1; ");
        (result with { Aborted = "as told" }).Describe().Should().Contain("\nseed 1: ");
    }

    [Fact]
    public async Task An_engine_on_the_wall_clock_plays_with_short_timers_and_has_no_seed()
    {
        var result = await Play(new EngineCapabilities { UsesWallClock = true });

        result.Options.Timing.Should().Be(ScenarioCatalog.BuiltIn.Find("leave-with-gsq")!.Create().ShortTiming);
        GoldenFiles.IsExact(result).Should().BeFalse();
        RunText.Of(result).Should().Contain("\n# another; ");
        (result with { Aborted = "as told" }).Describe().Should().NotContain("seed");
    }

    [Fact]
    public async Task A_run_has_one_of_the_verdicts_and_only_a_disturbed_one_that_failed_is_inconclusive()
    {
        var result = await Play(new EngineCapabilities());
        var disturbed = result with { Disturbances = [new Disturbance(result.End, TimeSpan.FromSeconds(1), "a test")] };

        result.Verdict.Should().Be(Verdict.Pass);
        disturbed.Verdict.Should().Be(Verdict.Pass);
        (result with { Aborted = "as told" }).Verdict.Should().Be(Verdict.Fail);
        (disturbed with { Aborted = "as told" }).Verdict.Should().Be(Verdict.Inconclusive);
    }

    // DESIGN §7.
    [Fact]
    public void Verdicts_are_named_as_reports_name_them() =>
        Enum.GetValues<Verdict>()
            .Select(each => each.Name())
            .Should()
            .Equal("pass", "fail", "inconclusive", "not-applicable", "observation");

    [Theory]
    [InlineData("src/LabRunner")]
    [InlineData("src/Lab/Scenarios")]
    public void Who_plays_on_labs_knows_no_engine(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                File.ReadLines(file)
                    .Any(line =>
                        line.Contains("Engines.Namespaces", StringComparison.Ordinal)
                        || line.Contains("Engines.Simulated", StringComparison.Ordinal)))
            .Should()
            .BeEmpty();

    private static Task<ScenarioResult> Play(EngineCapabilities capabilities) => ScenarioRunner.Run(
        ScenarioCatalog.BuiltIn.Find("leave-with-gsq")!, TopologyReader.Read(Path.Combine(Repository.Root, "topologies", "leave-with-gsq")),
        new Another(capabilities), new RunOptions(), Cancellation);

    /// <summary>The simulated world under another name.</summary>
    private sealed class Another(EngineCapabilities capabilities) : ILabEngine
    {
        public string Name => "another";

        public EngineCapabilities Capabilities => capabilities;

        public Unfitness? Check() => null;

        public void Enter()
        {
        }

        public Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation) =>
            Task.FromResult<IRunningLab>(new SimulatedLab(topology, options));
    }
}
