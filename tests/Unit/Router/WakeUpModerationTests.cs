using FluentAssertions;
using MulticastLab.Packets;
using MulticastLab.Router.Daemon;
using Xunit;

namespace MulticastLab.Tests.Router;

/// <summary>When the router naps to let packets gather.</summary>
public sealed class WakeUpModerationTests
{
    private readonly WakeUpModeration moderation = new();
    private Instant now = Instant.Epoch + TimeSpan.FromHours(1);

    [Fact]
    public void Packets_that_are_apart_never_wait()
    {
        for (var i = 0; i < 1000; i++)
            Wake(packets: 1, after: 101).Should().BeFalse();
    }

    [Fact]
    public void A_few_packets_one_after_the_other_do_not_wait()
    {
        for (var burst = 0; burst < 10; burst++)
        {
            Wake(packets: 1, after: 5000).Should().BeFalse();
            for (var i = 1; i < WakeUpModeration.InARow; i++)
                Wake(packets: 1, after: 10).Should().BeFalse();
        }
    }

    [Fact]
    public void Many_packets_one_after_the_other_gather_as_long_as_that_pays()
    {
        for (var i = 0; i < WakeUpModeration.InARow; i++)
            Wake(packets: 1, after: 50).Should().BeFalse();
        Wake(packets: 1, after: 50).Should().BeTrue();
        for (var i = 0; i < 100; i++)
            Wake(packets: 4, after: 210).Should().BeTrue();

        Wake(packets: 1, after: 210).Should().BeFalse("the nap was not worth it");
        Wake(packets: 1, after: 50).Should().BeFalse("it begins anew");
    }

    [Fact]
    public void After_a_lull_the_first_packets_do_not_wait()
    {
        for (var i = 0; i < 100; i++)
            Wake(packets: 3, after: 50);

        // The nap after the last packets has brought none, and was followed by the lull.
        Wake(packets: 1, after: 1_000_000).Should().BeFalse();
        for (var i = 1; i < WakeUpModeration.InARow; i++)
            Wake(packets: 1, after: 20).Should().BeFalse();
        Wake(packets: 1, after: 20).Should().BeTrue();
    }

    private bool Wake(int packets, int after) => moderation.Woken(packets, now += TimeSpan.FromMicroseconds(after));
}
