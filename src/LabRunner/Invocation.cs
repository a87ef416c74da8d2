namespace MulticastLab.LabRunner;

/// <summary>How the user invokes this program, for suggested commands.</summary>
internal static class Invocation
{
    /// <summary>As it was typed, according to the wrapper script; otherwise the program's name.</summary>
    public static string Name { get; } =
        Environment.GetEnvironmentVariable("MULTICAST_LAB_COMMAND") is { Length: > 0 } typed ? typed : "labrunner";
}
