using MulticastLab.Lab.Scenarios;
using MulticastLab.Tests.Shared;

namespace MulticastLab.Conformance;

/// <summary>Runs on real packets, on a machine that may stall now and then.</summary>
internal static class ConclusiveRun
{
    private const int Attempts = 3;

    /// <summary>
    /// Plays until there is a verdict. A run that failed while the machine itself stalled is nobody's fault: it is repeated, at most twice.
    /// The last one decides, whatever happened.
    /// </summary>
    internal static async Task<ScenarioResult> Of(Func<Task<ScenarioResult>> play)
    {
        var result = await play();
        for (var attempt = 2; attempt <= Attempts && result.IsInconclusive; attempt++)
        {
            TriedAgain.Note(result.Describe());
            result = await play();
        }

        return result;
    }
}
