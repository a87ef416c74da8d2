using System.CommandLine;

namespace MulticastLab.LabRunner.Commands;

/// <summary>Options that several commands have.</summary>
internal static class Common
{
    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "JSON on standard output" };
}
