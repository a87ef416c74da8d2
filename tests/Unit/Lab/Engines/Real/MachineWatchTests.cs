using FluentAssertions;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.Linux.Posix;
using Xunit;

namespace MulticastLab.Tests.Lab.Engines.Real;

public sealed class MachineWatchTests
{
    [Fact]
    public void A_configuration_that_lets_wait_is_told_with_its_time()
    {
        using var asked = new SemaphoreSlim(0);
        using var answer = new SemaphoreSlim(0);
        var before = KernelClock.RealTime;
        using var watch = MachineWatch.Start(TimeSpan.Zero, () =>
        {
            asked.Release();
            answer.Wait();
        });

        asked.Wait(TestContext.Current.CancellationToken);
        var held = KernelClock.RealTime;
        while (KernelClock.RealTime - held < TimeSpan.FromMilliseconds(50))
        {
        }

        answer.Release();
        asked.Wait(TestContext.Current.CancellationToken);
        var seen = watch.Seen.Single(each => each.What.Contains("configuration", StringComparison.Ordinal));
        answer.Release(1000);

        seen.Length.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(50));
        seen.From.Should().BeGreaterThan(before).And.BeLessThan(held);
    }

    [Fact]
    public void Short_waits_are_not_told()
    {
        using var asked = new SemaphoreSlim(0);
        using var watch = MachineWatch.Start(TimeSpan.FromHours(1), () => asked.Release());

        for (var times = 0; times < 3; times++)
            asked.Wait(TestContext.Current.CancellationToken);

        watch.Seen.Should().BeEmpty();
    }
}
