using FluentAssertions;
using MulticastLab.Robustness.Simulation;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>A slice of what <c>simulate --seeds 100000</c> does, and a year.</summary>
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
    public void A_year_ends_as_its_first_day_did()
    {
        var result = Years.Play(365);

        // §8.2: one query every 125 s of a clock that is 0.1 % fast; §6.6.3: a few specific ones every day, when h3 comes and goes.
        var general = 365 * 86_400 / 125 * 1.001;
        result.Queries.Should().BeInRange((long)general, (long)general + (365 * 7));
        result.Late.Should().BeLessThan(result.Early + 1_000_000);
    }

    [Fact]
    public void A_plan_follows_from_its_seed() => Describe(Planner.Make(42)).Should().Equal(Describe(Planner.Make(42)));

    private static IEnumerable<string> Describe(LabPlan plan) => plan.Events.Select(each => each.ToString()!).Prepend(plan.ToString());
}
