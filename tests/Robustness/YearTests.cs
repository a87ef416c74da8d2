using FluentAssertions;
using MulticastLab.Robustness.Simulation;
using Xunit;

namespace MulticastLab.Robustness;

/// <summary>Nothing drifts or piles up in a year.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class YearTests
{
    [Fact]
    public void A_year_ends_as_its_first_day_did()
    {
        var result = Years.Play(365);

        // A year is 31,567,536 s of r1's clock, which is 0.1 % fast: a query at 0 s, the second start-up query at 31.25 s (§8.6, §8.7),
        // then one every 125 s (§8.2). And one of r2, which has started at the same time and not heard r1 yet.
        const decimal Year = 365 * 86_400 * 1.001m;
        result.GeneralQueries.Should().Be(2 + (long)((Year - 31.25m) / 125) + 1);
        // §6.6.3: when h3 goes, which it does once a day, the group is asked for Last Member Query Count times; chance decides how often
        // its sources are.
        result.SpecificQueries.Should().BeInRange(365 * 2, 365 * 7);
        result.Late.Should().BeLessThan(result.Early + 1_000_000);
    }
}
