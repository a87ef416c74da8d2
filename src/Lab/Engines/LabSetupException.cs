namespace MulticastLab.Lab.Engines;

/// <summary>A lab, or a node's startup, could not be set up. What was made so far has been removed again. The command line's exit code
/// 5.</summary>
public sealed class LabSetupException : Exception
{
    /// <summary>What could not be done and why, for the reader.</summary>
    public LabSetupException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
