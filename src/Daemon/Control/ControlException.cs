namespace MulticastLab.Daemon.Control;

/// <summary>What was asked of a daemon cannot be done, or no daemon could be reached. The message is human-readable.</summary>
public sealed class ControlException : Exception
{
    /// <summary>A failure as the daemon reported it.</summary>
    /// <param name="message">What is wrong, in human-readable form.</param>
    /// <param name="exitCode">How the client's process is to end.</param>
    public ControlException(string message, ExitCode exitCode)
        : base(message) => ExitCode = exitCode;

    /// <summary>A failure to reach the daemon.</summary>
    public ControlException(string message, Exception cause)
        : base(message, cause) => ExitCode = ExitCode.Failed;

    /// <summary>How the client's process is to end.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>The request makes no sense.</summary>
    public static ControlException Usage(string message) => new(message, ExitCode.Usage);

    /// <summary>It makes sense, but failed.</summary>
    public static ControlException Failed(string message) => new(message, ExitCode.Failed);

    /// <summary>This environment cannot do it.</summary>
    public static ControlException Environment(string message) => new(message, ExitCode.Environment);
}
