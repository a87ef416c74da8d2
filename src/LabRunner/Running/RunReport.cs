using System.Globalization;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Running;

/// <summary>The verdict of a run, for people.</summary>
internal static class RunReport
{
    /// <summary>Writes the verdict on every requirement, what went wrong, and where the evidence is.</summary>
    public static void Write(Terminal terminal, ScenarioResult result, TimeSpan took)
    {
        var table = new Listing("Requirement", "Section", "Level", "Verdict", "Text");
        foreach (var (requirement, verdict) in RequirementVerdict.Of(result))
        {
            table.Add(requirement.Id, $"RFC {requirement.Rfc} §{requirement.Section}", requirement.Level, verdict switch
            {
                Verdict.Pass => "[green]pass[/]",
                Verdict.Fail => "[red]FAIL[/]",
                null => "[yellow]not seen[/]",
                { } other => $"[yellow]{other.Name()}[/]",
            }, OutsideText.Markup(requirement.Text));
        }

        terminal.Write("");
        table.WriteTo(terminal);
        terminal.Write("");
        if (!result.Passed)
            terminal.Write(OutsideText.Markup(result.Describe()) + "\n");
        var frames = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Expectations.Count} expectations, {result.Frames.Count} frames, {took.TotalSeconds:0.00} s");
        terminal.Write(
            result.Verdict switch
            {
                Verdict.Pass => $"[bold green]PASSED[/]  {frames}",
                Verdict.Fail => $"[bold red]FAILED[/]  {frames}",
                var other => $"[bold yellow]{other.Name().ToUpperInvariant()}[/]  {frames}",
            });
        if (result.EvidenceDirectory is { } evidence)
            terminal.Write($"Evidence: {OutsideText.Markup(evidence)}");
    }
}
