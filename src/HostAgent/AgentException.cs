namespace MulticastLab.HostAgent;

/// <summary>A request cannot be done; the text is for a person.</summary>
internal sealed class AgentException(string message, int exitCode) : Exception(message)
{
    /// <summary>The exit code, see <see cref="HostAgent.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What was asked for makes no sense.</summary>
    public static AgentException Usage(string message) => new(message, HostAgent.ExitCode.Usage);

    /// <summary>It makes sense, but failed.</summary>
    public static AgentException Failed(string message) => new(message, HostAgent.ExitCode.Failed);
}
