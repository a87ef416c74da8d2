namespace MulticastLab.Lab.Scenarios;

/// <summary>Runs on real packets, on a machine that may stall now and then.</summary>
public static class ConclusiveRun
{
    private const int Attempts = 3;

    /// <summary>
    /// Plays until there is a verdict. A run that failed while the machine itself stalled is nobody's fault: it is repeated, at most twice.
    /// The last one decides, whatever happened.
    /// </summary>
    /// <param name="play">Plays once.</param>
    /// <param name="again">Told of each run that is repeated.</param>
    public static async Task<ScenarioResult> Of(Func<Task<ScenarioResult>> play, Action<ScenarioResult>? again = null)
    {
        ArgumentNullException.ThrowIfNull(play);
        var result = await play();
        for (var attempt = 2; attempt <= Attempts && result.IsInconclusive; attempt++)
        {
            again?.Invoke(result);
            result = await play();
        }

        return result;
    }
}
