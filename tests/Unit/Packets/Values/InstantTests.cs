using FluentAssertions;
using MulticastLab.Packets;
using Xunit;

namespace MulticastLab.Tests.Packets.Values;

public sealed class InstantTests
{
    [Fact]
    public void Durations_are_added_and_taken_away_to_the_nanosecond()
    {
        var instant = new Instant(1_000_000_007);

        (instant + TimeSpan.FromSeconds(2)).Should().Be(new Instant(3_000_000_007));
        (instant - TimeSpan.FromTicks(1)).Should().Be(new Instant(999_999_907));
        (instant - new Instant(7)).Should().Be(TimeSpan.FromSeconds(1));
        Instant.Add(instant, TimeSpan.FromSeconds(2)).Should().Be(new Instant(3_000_000_007));
        Instant.Subtract(instant, new Instant(7)).Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_sum_beyond_the_range_is_an_error_and_not_the_past()
    {
        FluentActions.Invoking(() => Instant.Never + TimeSpan.FromSeconds(1)).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => new Instant(long.MinValue) - TimeSpan.FromSeconds(1)).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => Instant.Epoch + TimeSpan.MaxValue).Should().Throw<OverflowException>();
        FluentActions.Invoking(() => Instant.Never - new Instant(-1)).Should().Throw<OverflowException>();
    }

    [Fact]
    public void Instants_are_ordered()
    {
        Instant[] ascending = [new(-1), Instant.Epoch, new(1), Instant.Never];

        ascending.Reverse().Order().Should().Equal(ascending);
        (ascending[0] < ascending[1]).Should().BeTrue();
        (ascending[1] > ascending[2]).Should().BeFalse();
        (ascending[1] <= new Instant(0)).Should().BeTrue();
        (ascending[1] >= ascending[2]).Should().BeFalse();
    }

    [Theory]
    [InlineData(0, "0.000000000")]
    [InlineData(1_500_000_001, "1.500000001")]
    [InlineData(1_700_000_000_123_456_789, "1700000000.123456789")]
    [InlineData(-1_500_000_000, "-1.500000000")]
    [InlineData(-1, "-0.000000001")]
    public void Text_is_seconds_with_nine_decimals(long nanoseconds, string text) => new Instant(nanoseconds).ToString().Should().Be(text);
}
