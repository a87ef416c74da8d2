namespace MulticastLab.Daemon.Control;

/// <summary>A command over the control socket has failed, or no daemon could be asked.</summary>
public sealed class ControlException : Exception
{
    /// <summary>A failure as the daemon told it.</summary>
    /// <param name="message">What is wrong, for a person.</param>
    /// <param name="exitCode">The exit code for the client's process: 1 failed, 2 usage, 4 the environment cannot do it.</param>
    public ControlException(string message, int exitCode)
        : base(message) => ExitCode = exitCode;

    /// <summary>A failure to reach the daemon.</summary>
    public ControlException(string message, Exception cause)
        : base(message, cause) => ExitCode = 1;

    /// <summary>The exit code for the client's process.</summary>
    public int ExitCode { get; }
}
