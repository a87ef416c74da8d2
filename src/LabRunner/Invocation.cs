namespace MulticastLab.LabRunner;

/// <summary>How the user calls this program, for what is to be typed next.</summary>
internal static class Invocation
{
    /// <summary>As it was typed: the wrapper script tells; otherwise the program's name.</summary>
    public static string Name { get; } =
        Environment.GetEnvironmentVariable("MULTICAST_LAB_COMMAND") is { Length: > 0 } typed ? typed : "labrunner";
}
