using System.CommandLine;
using MulticastLab.Conformance.Reports.Scorecards;
using MulticastLab.Daemon;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Suites;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance scorecard DIR … --into FOLDER</c>: scorecards of devices as Markdown, and a table of all.</summary>
internal static class ScorecardCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = ReportFolders.Argument("The folders of the reports, of all devices that the table is to have", atLeast: 1);
        var into = new Option<string>("--into") { Description = "Where the scorecards go", HelpName = "folder", Required = true };
        var command = new Command("scorecard", "Write scorecards of devices as Markdown, and a table that compares them") { folders, into };
        return command.Does(terminal, (parsed, _) =>
        {
            var reports = ReportFolders.Open(parsed.GetRequiredValue(folders)).Select(each => each.Report).ToList();
            foreach (var path in ScorecardFolder.Write(reports, parsed.GetRequiredValue(into)))
                terminal.Write(OutsideText.Markup(path));
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
