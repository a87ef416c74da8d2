namespace MulticastLab.Lab.Engines;

/// <summary>The result of a command in a node.</summary>
/// <param name="ExitCode">Its exit code, or 128 + the signal that ended it.</param>
/// <param name="Output">What it has written on standard output.</param>
/// <param name="Error">What it has written on standard error.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error);
