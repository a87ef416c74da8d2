using MulticastLab.Daemon;

namespace MulticastLab.Lab.Engines;

/// <summary>A node's daemon or device does not answer, or refuses what it is asked.</summary>
public sealed class NodeRefusedException : Exception
{
    /// <summary>What was refused.</summary>
    /// <param name="message">Its message, or what is known about why there is none.</param>
    /// <param name="exitCode">The exit code of a command that is ended by it.</param>
    /// <param name="cause">The error that led to it.</param>
    public NodeRefusedException(string message, ExitCode exitCode = ExitCode.Failed, Exception? cause = null)
        : base(message, cause) => ExitCode = exitCode;

    /// <summary>The exit code of a command that is ended by it.</summary>
    public ExitCode ExitCode { get; }
}
