using System.Globalization;
using MulticastLab.Conformance.Judging;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Suites;

/// <summary>A report of the suite as text: the table by section, then what has failed and how to see it.</summary>
internal static class SuiteText
{
    /// <summary>One test in a line.</summary>
    internal static string Line(TestReport test) =>
        $"{Mark(test.Verdict)} {OutsideText.Markup(test.Test)}  [grey]{OutsideText.Markup(string.Join(", ", test.Requirements))}[/]";

    /// <summary>Writes it.</summary>
    internal static void Write(Terminal terminal, SuiteReport report, string? folder)
    {
        terminal.Write("");
        foreach (var note in report.Notes)
            terminal.WriteIndented(0, $"[grey]{OutsideText.Markup(note)}[/]");
        WriteTable(terminal, report);
        // How often a capture has shown a rule is as much of the verdict as that it was kept.
        foreach (var test in report.Tests.Where(each => each.Verdict == Verdict.Pass && report.Engine == CaptureJudge.Engine))
            terminal.WriteIndented(0, $"{Line(test)}: {OutsideText.Markup(test.Seen)}");
        foreach (var test in report.Tests.Where(each => each.Verdict == Verdict.Fail))
            WriteTest(terminal, test, folder);
        foreach (var test in report.Tests.Where(each => each.Verdict is Verdict.Inconclusive or Verdict.Observation))
            terminal.WriteIndented(0, $"{Line(test)}: {OutsideText.Markup(test.Reason ?? "")}");
        terminal.Write("");
        terminal.Write(report.CountsInWords()
            + string.Create(CultureInfo.InvariantCulture, $" in {report.Seconds:0.#} s{(report.Interrupted ? ", interrupted" : "")}"));
    }

    private static void WriteTable(Terminal terminal, SuiteReport report)
    {
        var table = new Listing("Section", "Pass", "Fail", "Inconclusive", "Not applicable", "Observation");
        foreach (var section in report.Tests.GroupBy(each => each.Sections[0]).OrderBy(each => each.Key, SectionOrder.Comparer))
        {
            table.Add(
            [
                section.Key,
                .. Enum.GetValues<Verdict>().Select(verdict =>
                    section.Count(each => each.Verdict == verdict) is var count && count > 0
                        ? count.ToString(CultureInfo.InvariantCulture)
                        : ""),
            ]);
        }

        table.WriteTo(terminal);
    }

    private static void WriteTest(Terminal terminal, TestReport test, string? folder)
    {
        terminal.Write("");
        terminal.Write($"{Line(test)} [grey]{string.Join(", ", test.Sections)}, {test.Level}[/]");
        terminal.WriteIndented(2, OutsideText.Markup(test.Purpose));
        terminal.WriteIndented(2, $"expected: {OutsideText.Markup(test.Expected)}");
        terminal.WriteIndented(2, $"seen:     {OutsideText.Markup(test.Seen)}");
        if (test.Reason is { } reason)
            terminal.WriteIndented(2, OutsideText.Markup(reason));
        if (test.Known is { } known)
            terminal.WriteIndented(2, $"known:    {OutsideText.Markup(known)}");
        if (folder is not null && test.Pcapng is { } capture)
        {
            var command = $"tshark -r {Path.Combine(folder, capture)} -Y '{test.Filter}'";
            terminal.WriteIndented(2, $"[grey]{OutsideText.Markup(command)}[/]");
        }
    }

    /// <summary>The sign of a verdict, as markup.</summary>
    internal static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "[green]✓[/]",
        Verdict.Fail => "[red]✗[/]",
        Verdict.Inconclusive => "[yellow]?[/]",
        Verdict.NotApplicable => "[grey]-[/]",
        Verdict.Observation => "[blue]i[/]",
    };
}
