namespace MulticastLab.Router.Cli;

/// <summary>The exit codes that all programs of the lab share.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>The operation failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file is invalid.</summary>
    public const int Invalid = 3;

    /// <summary>This environment cannot run it.</summary>
    public const int Environment = 4;
}
