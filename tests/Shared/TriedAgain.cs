using System.Collections.Concurrent;
using MulticastLab.Tests.Shared;
using Xunit;

[assembly: AssemblyFixture(typeof(TriedAgain))]

namespace MulticastLab.Tests.Shared;

/// <summary>
/// The tests of this run that were repeated because the machine itself stalled. Each has a warning, and <c>tried-again.txt</c>
/// beside the test program has them all with their number: a fault that comes now and then cannot hide behind them.
/// </summary>
internal sealed class TriedAgain : IDisposable
{
    private static readonly ConcurrentQueue<string> Seen = new();

    private static readonly string Report = Path.Combine(AppContext.BaseDirectory, "tried-again.txt");

    public TriedAgain() => File.Delete(Report);

    /// <summary>The test that is running has failed and is tried again.</summary>
    /// <param name="why">What kept the machine, and how the test has failed.</param>
    public static void Note(string why)
    {
        TestContext.Current.AddWarning($"Tried again: {why}");
        Seen.Enqueue($"{TestContext.Current.Test?.TestDisplayName}: {why.ReplaceLineEndings(" ")}");
    }

    public void Dispose() => File.WriteAllLines(Report, Seen.Order(StringComparer.Ordinal).Prepend($"{Seen.Count} tried again"));
}
