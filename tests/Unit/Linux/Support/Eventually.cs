using Xunit;

namespace MulticastLab.Tests.Linux.Support;

/// <summary>Waits for what must come.</summary>
internal static class Eventually
{
    /// <summary>How long at the most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until something is so.</summary>
    /// <param name="condition">Looks whether it is.</param>
    /// <param name="complaint">What to say when it does not come.</param>
    public static async Task Is(Func<bool> condition, Func<string> complaint)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(Pace);
        while (!condition())
        {
            if (limit.IsCancellationRequested)
                Assert.Fail(complaint());
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
