namespace MulticastLab.Lab.Scenarios;

/// <summary>A run cannot go on: the next commands need something that did not happen.</summary>
public sealed class ScenarioAbortedException : Exception
{
    /// <summary>Says what did not happen.</summary>
    public ScenarioAbortedException(string message)
        : base(message)
    {
    }
}
