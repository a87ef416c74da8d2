namespace MulticastLab.HostAgent;

/// <summary>How hostagent ends; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The operation failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a request is wrong.</summary>
    public const int Usage = 2;

    /// <summary>This environment cannot run it: a privilege or an interface is missing.</summary>
    public const int Environment = 4;

    /// <summary>Ended by a signal before its work was done.</summary>
    public const int Interrupted = 130;
}
