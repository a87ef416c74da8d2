using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Comparing;

/// <summary>Several runs side by side: devices, or versions of one.</summary>
public sealed class ReportComparison
{
    private ReportComparison(IReadOnlyList<ComparedRun> runs, IReadOnlyList<ComparedTest> tests) => (Runs, Tests) = (runs, tests);

    /// <summary>The runs, in the order in which they were given.</summary>
    public IReadOnlyList<ComparedRun> Runs { get; }

    /// <summary>Every test of any of them, by section and name.</summary>
    public IReadOnlyList<ComparedTest> Tests { get; }

    /// <summary>How many tests have not the same verdict in all runs that have them.</summary>
    public int Differing => Tests.Count(each => each.Differs);

    /// <summary>Compares the reports of folders.</summary>
    public static ReportComparison Of(IReadOnlyList<ReportFolder> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        var verdicts = folders.Select(folder => folder.Report.Tests.ToLookup(each => each.Test, each => each.Verdict)).ToList();
        var tests = folders.SelectMany(each => each.Report.Tests).DistinctBy(each => each.Test)
            .Select(test => new ComparedTest(
                test, [.. verdicts.Select(each => each[test.Test].Select(verdict => (Verdict?)verdict).FirstOrDefault())]))
            .OrderBy(each => each.Test.Section, SectionOrder.Comparer)
            .ThenBy(each => each.Test.Test, StringComparer.Ordinal);
        return new ReportComparison([.. folders.Zip(NamesOf(folders), (folder, name) => new ComparedRun(name, folder))], [.. tests]);
    }

    // As short as tells them apart: the device's name, with its version, its engine, and at last the folder of the report.
    private static List<string> NamesOf(IReadOnlyList<ReportFolder> folders)
    {
        Func<ReportFolder, string>[] names =
        [
            folder => folder.Report.Device.Name,
            folder => $"{folder.Report.Device.Name} {folder.Report.Device.Version}".TrimEnd(),
            folder => $"{folder.Report.Device.Name} {folder.Report.Engine}",
            folder => $"{folder.Report.Device.Name} {folder.Report.Device.Version} {folder.Report.Engine}",
            folder => Path.GetFileName(folder.Path),
            folder => folder.Path,
        ];
        return names.Select(name => folders.Select(name).ToList())
            .FirstOrDefault(each => each.Distinct().Count() == each.Count, [.. folders.Select(names[^1])]);
    }
}

/// <summary>A run that is compared.</summary>
/// <param name="Name">What tells it from the others.</param>
/// <param name="Folder">Its report.</param>
public sealed record ComparedRun(string Name, ReportFolder Folder);

/// <summary>A test in all runs.</summary>
/// <param name="Test">The test as one of them has it.</param>
/// <param name="Verdicts">Its verdict in each run; null where it was not played.</param>
public sealed record ComparedTest(TestReport Test, IReadOnlyList<Verdict?> Verdicts)
{
    /// <summary>Whether it has not the same verdict in all runs that have it.</summary>
    public bool Differs => Verdicts.OfType<Verdict>().Distinct().Count() > 1;
}
