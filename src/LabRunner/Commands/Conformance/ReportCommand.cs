using System.CommandLine;
using MulticastLab.Conformance.Reports;
using MulticastLab.Daemon;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Suites;

namespace MulticastLab.LabRunner.Commands.Conformance;

/// <summary><c>labrunner conformance report DIR</c>: the page and the other forms of a report again, of an older version say.</summary>
internal static class ReportCommand
{
    public static Command Create(Terminal terminal)
    {
        var folders = ReportFolders.Argument("The folders of the reports", atLeast: 1);
        return new Command("report", "Write the page and the other forms of reports again") { folders }.Does(terminal, (parsed, _) =>
        {
            foreach (var folder in ReportFolders.Open(parsed.GetRequiredValue(folders)))
            {
                ReportForms.Write(folder);
                terminal.Write(OutsideText.Markup(Path.Combine(folder.Path, ReportForms.PageName)));
            }

            return Task.FromResult(ExitCode.Ok);
        });
    }
}
