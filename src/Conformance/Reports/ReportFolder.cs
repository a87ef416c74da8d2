using System.Text.Json;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Text;

namespace MulticastLab.Conformance.Reports;

/// <summary>
/// A folder with the report of a run: <c>report.json</c> and a capture for each test. All other forms of a report are made of such a
/// folder, so that folders that were merged, moved or made by an older version can be reported on too.
/// </summary>
public sealed class ReportFolder
{
    /// <summary>The file that makes a folder a report.</summary>
    public const string FileName = "report.json";

    private (string Path, TestCapture Capture)? last;

    private ReportFolder(string path, SuiteReport report) => (Path, Report) = (path, report);

    /// <summary>The folder, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>What came of the run.</summary>
    public SuiteReport Report { get; }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InvalidFileException">It has no report, or one that cannot be read.</exception>
    public static ReportFolder Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var file = System.IO.Path.Combine(path, FileName);
        try
        {
            using var json = File.OpenRead(file);
            return new ReportFolder(System.IO.Path.GetFullPath(path), SuiteReport.Read(json));
        }
        catch (JsonException wrong)
        {
            throw Invalid(file, $"this is no report: {wrong.Message}", (int)(wrong.LineNumber ?? 0) + 1);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Invalid(file, $"there is no report that can be read: {unreadable.Message}", 1);
        }
    }

    /// <summary>Makes a folder of a report whose captures are in it already.</summary>
    /// <returns>The folder with the report as it is read from there.</returns>
    public static ReportFolder Create(string path, SuiteReport report)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(report);
        Directory.CreateDirectory(path);
        using (var file = File.Create(System.IO.Path.Combine(path, FileName)))
            report.Write(file);
        return Open(path);
    }

    /// <summary>The path of a test's capture; null when it has none, or names one outside the folder.</summary>
    public string? CapturePath(TestReport test)
    {
        ArgumentNullException.ThrowIfNull(test);
        if (test.Pcapng is not { } name)
            return null;
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, name));
        return path.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }

    /// <summary>What a test's capture holds; null when it has none.</summary>
    internal TestCapture? Capture(TestReport test)
    {
        if (CapturePath(test) is not { } path)
            return null;
        // All rules of a capture that was judged share it.
        if (last is not var (read, capture) || read != path)
            last = (path, capture = Read(path));
        return capture;
    }

    private static TestCapture Read(string path)
    {
        try
        {
            return TestCapture.Read(path);
        }
        catch (Exception unreadable) when (unreadable is CaptureException or IOException or UnauthorizedAccessException)
        {
            return TestCapture.Unreadable(unreadable.Message);
        }
    }

    private static InvalidFileException Invalid(string file, string message, int line) =>
        new([new FileProblem(file, line, 1, message)]);
}
