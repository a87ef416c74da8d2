using System.Diagnostics;
using System.Globalization;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.LabRunner.Output;
using Spectre.Console;

namespace MulticastLab.LabRunner.Running;

/// <summary>Tells the steps of a run and the expectations as they are judged.</summary>
internal sealed class RunProgress(Action<string> write, Action<string> now) : IRunObserver
{
    private readonly long started = Stopwatch.GetTimestamp();

    /// <summary>Runs with progress on the terminal: a moving line where lines may move, otherwise only what stays.</summary>
    public static async Task<T> Show<T>(Terminal terminal, bool quiet, Func<IRunObserver?, Task<T>> run)
    {
        if (quiet)
            return await run(null).ConfigureAwait(false);
        if (terminal is not { Moves: true, Rich: { } rich })
            return await run(new RunProgress(terminal.Write, _ => { })).ConfigureAwait(false);
        return await rich.Status().Spinner(Spinner.Known.Dots).StartAsync("The lab comes up", status =>
            run(new RunProgress(rich.MarkupLine, text => status.Status(text)))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Began(RunStep step)
    {
        var text = $"{step.Number}. {Markup.Escape(step.Title)}";
        write(string.Create(CultureInfo.InvariantCulture, $"[grey]{Stopwatch.GetElapsedTime(started).TotalSeconds,7:0.00} s[/]  [bold]{text}[/]"));
        now(text);
    }

    /// <inheritdoc/>
    public void Judged(Expectation expectation)
    {
        var ids = expectation.Requirements.Count == 0 ? "" : $"  [grey]{string.Join(' ', expectation.Requirements)}[/]";
        write(expectation.Problems.Count == 0
            ? $"             [green]✓[/] {Markup.Escape(expectation.Text)}{ids}"
            : $"             [red]✗ {Markup.Escape(expectation.Text)}[/]{ids}");
    }
}
