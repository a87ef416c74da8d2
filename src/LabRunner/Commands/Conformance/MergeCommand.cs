using System.CommandLine;
using MulticastLab.Conformance.Reports;
using MulticastLab.Conformance.Reports.Comparing;
using MulticastLab.Daemon;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Suites;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance merge DIR … --report DIR</c>: one report of the shards of a run.</summary>
internal static class MergeCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = ReportFolders.Argument("The folders of the shards' reports", atLeast: 1);
        var report = ConformanceCommand.Report("Where the report goes");
        report.Required = true;
        return new Command("merge", "Make one report of the shards of a run") { folders, report }.Does(terminal, (parsed, _) =>
        {
            var merged = ReportMerge.Into(ReportFolders.Open(parsed.GetRequiredValue(folders)), parsed.GetRequiredValue(report)!);
            ReportForms.Write(merged);
            SuiteText.Write(terminal, merged.Report, merged.Path);
            return Task.FromResult(merged.Report.Breaks ? ExitCode.Failed : ExitCode.Ok);
        });
    }
}
