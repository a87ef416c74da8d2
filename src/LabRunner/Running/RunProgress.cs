using System.Globalization;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Running;

/// <summary>Prints the steps of a run and the expectations as they are judged.</summary>
internal sealed class RunProgress(Terminal terminal, TimeProvider time) : IRunObserver
{
    private const int Indent = 13;

    private readonly long started = time.GetTimestamp();

    /// <inheritdoc/>
    public void Began(RunStep step) => terminal.Write(string.Create(CultureInfo.InvariantCulture,
        $"[grey]{time.GetElapsedTime(started).TotalSeconds,7:0.00} s[/]  [bold]{step.Number}. {OutsideText.Markup(step.Title)}[/]"));

    /// <inheritdoc/>
    public void Judged(Expectation expectation)
    {
        var ids = expectation.Requirements.Count == 0 ? "" : $"  [grey]{string.Join(' ', expectation.Requirements)}[/]";
        terminal.WriteIndented(Indent, expectation.Problems.Count == 0
            ? $"[green]✓[/] {OutsideText.Markup(expectation.Text)}{ids}"
            : $"[red]✗ {OutsideText.Markup(expectation.Text)}[/]{ids}");
    }
}
