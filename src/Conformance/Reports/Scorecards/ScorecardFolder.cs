using System.Globalization;
using System.Text;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Scorecards;

/// <summary>A folder with the scorecards of devices, and a table that compares them.</summary>
public static class ScorecardFolder
{
    /// <summary>Writes the scorecards of reports, and the table of all of them.</summary>
    /// <param name="reports">The reports of all devices that the table is to have.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>The paths of what was written.</returns>
    /// <exception cref="UnfitReportsException">Two of them are of the same device, protocol and world.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<SuiteReport> reports, string folder)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var named = reports.Select(report => (Name: Scorecard.FileName(report), Report: report))
            .OrderBy(each => each.Report.Device.Role, StringComparer.Ordinal).ThenBy(each => each.Name, StringComparer.Ordinal).ToList();
        if (named.GroupBy(each => each.Name).FirstOrDefault(each => each.Count() > 1) is { } twice)
            throw new UnfitReportsException($"more than one of the reports would be {twice.Key}");
        Directory.CreateDirectory(folder);
        var written = new List<string>();
        foreach (var (name, report) in named)
            Write(Path.Combine(folder, name), Scorecard.Of(report));

        Write(Path.Combine(folder, "README.md"), Index(named));
        return written;

        void Write(string path, string text)
        {
            File.WriteAllText(path, text);
            written.Add(path);
        }
    }

    private static string Index(IReadOnlyList<(string Name, SuiteReport Report)> named)
    {
        var text = new StringBuilder();
        text.Append("# Scorecards\n\nWhat the conformance suite says of devices, made by `labrunner conformance scorecard`. "
            + "A requirement binds a device when its level is MUST or implied.\n");
        foreach (var role in named.GroupBy(each => each.Report.Device.Role))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {char.ToUpperInvariant(role.Key[0])}{role.Key[1..]}\n\n");
            AppendDevices(text, [.. role]);
            AppendSections(text, [.. role]);
        }

        return text.ToString();
    }

    private static void AppendDevices(StringBuilder text, IReadOnlyList<(string Name, SuiteReport Report)> named)
    {
        var verdicts = Enum.GetValues<Verdict>();
        text.Append(MarkdownText.Head(
            ["Device", "Version", "World", "Tested", "Took", .. verdicts.Select(each => each.Name()), "Binding requirements failed"]));
        foreach (var (name, report) in named)
        {
            var broken = report.Tests.Where(each => each.Breaks).SelectMany(each => each.Requirements).Distinct().Count();
            text.Append(MarkdownText.Row(
            [
                $"[{MarkdownText.Of(report.Device.Title)}]({name})", MarkdownText.Of(report.Device.Version ?? "not known"),
                MarkdownText.Of(report.Engine), ReportText.Day(report),
                string.Create(CultureInfo.InvariantCulture, $"{report.Seconds:0.#} s"),
                .. verdicts.Select(verdict => Number(report.Count(verdict))), Number(broken),
            ]));
        }
    }

    private static void AppendSections(StringBuilder text, IReadOnlyList<(string Name, SuiteReport Report)> named)
    {
        text.Append("\nTests passed, of those played:\n\n");
        text.Append(MarkdownText.Head(
            ["Section", .. named.Select(each => $"[{Path.GetFileNameWithoutExtension(each.Name)}]({each.Name})")]));
        var sections = named.SelectMany(each => each.Report.Tests).Select(each => each.Section).Distinct().Order(SectionOrder.Comparer);
        foreach (var section in sections)
        {
            text.Append(MarkdownText.Row(
            [
                MarkdownText.Of(section), .. named.Select(each => Passed([.. each.Report.Tests.Where(test => test.Section == section)])),
            ]));
        }
    }

    private static string Passed(IReadOnlyCollection<TestReport> tests)
    {
        var played = tests.Count(each => each.Verdict != Verdict.NotApplicable);
        return played == 0
            ? "–"
            : string.Create(CultureInfo.InvariantCulture, $"{tests.Count(each => each.Verdict == Verdict.Pass)} of {played}");
    }

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);
}
