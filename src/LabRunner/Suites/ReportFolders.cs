using System.CommandLine;
using MulticastLab.Conformance.Reports;

namespace MulticastLab.LabRunner.Suites;

/// <summary>Folders of reports as arguments.</summary>
internal static class ReportFolders
{
    /// <summary>The argument.</summary>
    public static Argument<string[]> Argument(string description, int atLeast) => new("reports")
    {
        Description = description,
        Arity = new ArgumentArity(atLeast, 1000),
    };

    /// <summary>The reports.</summary>
    public static IReadOnlyList<ReportFolder> Open(IEnumerable<string> paths) => [.. paths.Select(ReportFolder.Open)];
}
