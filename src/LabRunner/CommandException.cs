using MulticastLab.Daemon;

namespace MulticastLab.LabRunner;

/// <summary>Ends a command with an exit code, a message and, where there is one, a remedy.</summary>
internal sealed class CommandException(ExitCode code, string message, string? remedy = null, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>How the program ends.</summary>
    public ExitCode Code { get; } = code;

    /// <summary>What the user can do about it.</summary>
    public string? Remedy { get; } = remedy;
}
