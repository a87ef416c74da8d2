using FluentAssertions;
using MulticastLab.Robustness.Simulation;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>A slice of what <c>simulate --seeds 100000</c> does.</summary>
public sealed class SimulationTests
{
    [Fact]
    public void A_thousand_random_labs_keep_every_law()
    {
        var result = Simulations.Play(first: 1, count: 1_000, processors: 2);

        result.Found.Select(each => $"simulate --seed {each.Seed}: {each.Violation}").Should().BeEmpty();
        result.Labs.Should().Be(1_000);
    }

    [Fact]
    public void A_plan_follows_from_its_seed() => Describe(Planner.Make(42)).Should().Equal(Describe(Planner.Make(42)));

    private static IEnumerable<string> Describe(LabPlan plan) => plan.Events.Select(each => each.ToString()!).Prepend(plan.ToString());
}
