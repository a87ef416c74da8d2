using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Router.Daemon;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>When the router sleeps to let packets accumulate, and for how long.</summary>
public sealed class WakeUpModerationTests
{
    private readonly WakeUpModeration moderation = new();
    private Instant now = Instant.Epoch + TimeSpan.FromHours(1);

    [Fact]
    public void Packets_that_are_apart_never_wait()
    {
        for (var i = 0; i < 1000; i++)
            Wake(packets: 1, after: 1501).Should().Be(0);
    }

    [Fact]
    public void A_few_packets_one_after_the_other_do_not_wait()
    {
        for (var burst = 0; burst < 10; burst++)
        {
            Wake(packets: 1, after: 5000).Should().Be(0);
            for (var i = 1; i < WakeUpModeration.InARow; i++)
                Wake(packets: 1, after: 10).Should().Be(0);
        }
    }

    [Fact]
    public void Many_packets_one_after_the_other_gather_as_long_as_that_pays()
    {
        for (var i = 0; i < WakeUpModeration.InARow; i++)
            Wake(packets: 1, after: 50).Should().Be(0);
        Wake(packets: 1, after: 50).Should().Be(200, "four come in that time");
        for (var i = 0; i < 100; i++)
            Wake(packets: 4, after: 210).Should().Be(210);

        Wake(packets: 1, after: 210).Should().Be(0, "the sleep was not worth it");
        Wake(packets: 1, after: 50).Should().Be(0, "it starts over");
    }

    [Theory]
    [InlineData(1_000, 3_000)]
    [InlineData(4_000, 1_000)]
    [InlineData(10_000, 400)]
    [InlineData(20_000, 200)]
    [InlineData(500_000, 150)]
    public void Four_packets_gather_where_that_takes_neither_too_long_nor_too_short_a_time(int perSecond, double sleep)
    {
        var between = 1_000_000 / perSecond;
        for (var i = 0; i <= WakeUpModeration.InARow; i++)
            Wake(packets: 1, after: between);

        Wake(packets: 10, after: 10 * between).Should().BeApproximately(sleep, 1);
    }

    [Fact]
    public void After_a_lull_the_first_packets_do_not_wait()
    {
        for (var i = 0; i < 100; i++)
            Wake(packets: 3, after: 50);

        // The sleep after the last packets has brought none, and was followed by the lull.
        Wake(packets: 1, after: 1_000_000).Should().Be(0);
        for (var i = 1; i < WakeUpModeration.InARow; i++)
            Wake(packets: 1, after: 20).Should().Be(0);
        Wake(packets: 1, after: 20).Should().BePositive();
    }

    // Two milliseconds after its end a timer is served, whatever is worth gathering.
    [Theory]
    [InlineData(5_000, 3_000)]
    [InlineData(1_001, 3_000)]
    [InlineData(400, 2_400)]
    [InlineData(0, 2_000)]
    [InlineData(-1_500, 500)]
    [InlineData(-2_500, 0)]
    public void A_timer_waits_no_longer_than_its_delay(int timer, double sleep)
    {
        for (var i = 0; i <= WakeUpModeration.InARow; i++)
            Wake(packets: 1, after: 1_000);

        Wake(packets: 2, after: 2_000, timer).Should().BeApproximately(sleep, 1);
    }

    [Fact]
    public void A_timer_alone_does_not_wait()
    {
        for (var i = 0; i < 100; i++)
            Wake(packets: 1, after: 1_501, timer: 0).Should().Be(0);
    }

    /// <returns>The sleep in microseconds.</returns>
    private double Wake(int packets, int after, int? timer = null)
    {
        now += TimeSpan.FromMicroseconds(after);
        return moderation.Woken(packets, now, timer is { } end ? now + TimeSpan.FromMicroseconds(end) : Instant.Never).TotalMicroseconds;
    }
}
