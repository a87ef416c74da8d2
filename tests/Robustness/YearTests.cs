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

        // §8.2: one query every 125 s of a clock that is 0.1 % fast; §6.6.3: a few specific ones every day, when h3 comes and goes.
        var general = 365 * 86_400 / 125 * 1.001;
        result.Queries.Should().BeInRange((long)general, (long)general + (365 * 7));
        result.Late.Should().BeLessThan(result.Early + 1_000_000);
    }
}
