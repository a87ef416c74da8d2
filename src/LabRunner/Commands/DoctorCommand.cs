using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.LabRunner.Doctor;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner doctor</c>: what this machine can run, and what to do where it cannot.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Common.Json();
        return new Command("doctor", "Tell what this machine can run, and the remedy where it cannot") { json }.Does(
            terminal,
            async (parsed, cancellation) =>
            {
                var findings = await Examination.Run(cancellation).ConfigureAwait(false);
                var ready = findings.All(finding => finding.Health != Health.Missing);
                if (parsed.GetValue(json))
                    terminal.WriteJson(Document(findings, ready), DocumentContext.Default.DoctorDocument);
                else
                    Print(terminal, findings, ready);
                return ready ? ExitCode.Ok : ExitCode.Environment;
            });
    }

    private static DoctorDocument Document(IReadOnlyList<Finding> findings, bool ready) => new(
        ready,
        findings.Select(finding => new CheckDocument(
            finding.Name, finding.Health switch { Health.Ok => "ok", Health.Missing => "missing", _ => "optional" }, finding.Found,
            finding.Remedy)));

    private static void Print(Terminal terminal, IReadOnlyList<Finding> findings, bool ready)
    {
        var table = new Listing("Check", "Status", "Found");
        foreach (var finding in findings)
        {
            table.Add(finding.Name, finding.Health switch
            {
                Health.Ok => "[green]ok[/]",
                Health.Missing => "[red]missing[/]",
                _ => "[yellow]optional[/]",
            }, OutsideText.Markup(finding.Found));
        }

        table.WriteTo(terminal);
        foreach (var finding in findings.Where(finding => finding.Remedy is not null))
            terminal.Write($"{OutsideText.Markup(finding.Name)}: {OutsideText.Markup(finding.Remedy!)}");
        terminal.Write(ready
            ? "[green]This machine can run labs in namespaces.[/]"
            : "[red]This machine cannot run labs in namespaces;[/] simulated runs (--engine simulated) work everywhere.");
    }
}
