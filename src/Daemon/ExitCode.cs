namespace MulticastLab.Daemon;

/// <summary>The exit codes of the lab's programs; scripts rely on the numbers.</summary>
public enum ExitCode
{
    /// <summary>Success; every expectation held.</summary>
    Ok = 0,

    /// <summary>An expectation did not hold, or an operation failed.</summary>
    Failed = 1,

    /// <summary>The command line or a request is wrong.</summary>
    Usage = 2,

    /// <summary>A topology or another file is invalid; file, line and column are reported.</summary>
    Invalid = 3,

    /// <summary>This environment cannot run it; what is missing and how to get it is reported.</summary>
    Environment = 4,

    /// <summary>The lab could not be set up.</summary>
    SetUpFailed = 5,

    /// <summary>The device under test died.</summary>
    DeviceDied = 6,

    /// <summary>Interrupted, and cleaned up.</summary>
    Interrupted = 130,
}
