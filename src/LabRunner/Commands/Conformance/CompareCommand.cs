using System.CommandLine;
using MulticastLab.Conformance.Reports.Comparing;
using MulticastLab.Conformance.Reports.Pages;
using MulticastLab.Daemon;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Suites;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance compare DIR DIR …</c>: devices, or versions of one, side by side.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = ReportFolders.Argument("The folders of the reports", atLeast: 2);
        var html = new Option<string?>("--html") { Description = "A page with the same", HelpName = "file" };
        return new Command("compare", "Compare reports: devices or versions side by side") { folders, html }.Does(terminal, (parsed, _) =>
        {
            var comparison = ReportComparison.Of(ReportFolders.Open(parsed.GetRequiredValue(folders)));
            Print(terminal, comparison);
            if (parsed.GetValue(html) is { } file)
            {
                var path = Path.GetFullPath(file);
                using var page = new StreamWriter(path);
                ComparisonPage.Write(comparison, page, Path.GetDirectoryName(path)!);
            }

            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static void Print(Terminal terminal, ReportComparison comparison)
    {
        var table = new Listing(["Test", .. comparison.Runs.Select(each => OutsideText.Markup(each.Name)), ""]);
        foreach (var test in comparison.Tests)
        {
            table.Add(
            [
                OutsideText.Markup(test.Test.Test),
                .. test.Verdicts.Select(each => each is { } verdict ? $"{SuiteText.Mark(verdict)} {verdict.Name()}" : ""),
                test.Differs ? "differs" : "",
            ]);
        }

        table.WriteTo(terminal);
        terminal.Write("");
        foreach (var run in comparison.Runs)
            terminal.Write($"{OutsideText.Markup(run.Name)}: {run.Folder.Report.CountsInWords()}");
        terminal.Write($"{comparison.Tests.Count} tests, {comparison.Differing} differ");
    }
}
