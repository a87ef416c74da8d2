using FluentAssertions;
using MulticastLab.Lab.Scenarios.Golden;
using MulticastLab.Tests;
using Xunit;

namespace MulticastLab.Conformance.Scenarios;

/// <summary>What chance decides does not change what a scenario says. A class of its own: it has a processor to itself.</summary>
public sealed class ScenarioSeedTests
{
    public static TheoryData<string> Scenarios => ScenarioCases.All;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Passes_with_fifty_other_seeds_and_says_the_same_each_time(string scenario)
    {
        for (var seed = 2; seed <= 51; seed++)
        {
            var result = await ScenarioPlay.Simulated(scenario, seed, TestContext.Current.CancellationToken);

            result.Passed.Should().BeTrue("{0}", result.Describe());
            GoldenFiles.Compare(result, Repository.Captures).Should().BeNull("seed {0} differs by chance only", seed);
        }
    }
}
