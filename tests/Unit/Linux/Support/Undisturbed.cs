using MulticastLab.Lab.Engines.Real;
using MulticastLab.Tests.Shared;

namespace MulticastLab.Tests.Linux.Support;

/// <summary>Tests that compare real time with the protocol's timers, on a machine that may stall now and then.</summary>
internal static class Undisturbed
{
    private const int Attempts = 3;

    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Runs the test until there is a verdict: a failure while the machine itself stalled (see <see cref="MachineWatch"/>) is nobody's
    /// fault, and the test is run again, at most twice. The last failure decides, whatever happened.
    /// </summary>
    public static async Task Run(Func<Task> test)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var machine = MachineWatch.Start(Tolerance);
            try
            {
                await test();
                return;
            }
            catch (Exception failure) when (attempt < Attempts && machine.Seen.Count > 0)
            {
                TriedAgain.Note(
                    $"{string.Join("; ", machine.Seen.Select(each => $"{each.Length.TotalMilliseconds:F0} ms: {each.What}"))}; "
                        + $"{failure.Message}");
            }
        }
    }
}
