using System.Diagnostics;
using System.Globalization;
using MulticastLab.Conformance;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Scenarios;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Suites;

/// <summary>Tells how a run of the suite goes on: failures as they come, and now and then how far it is.</summary>
internal sealed class SuiteProgress(Terminal terminal, int total) : ISuiteObserver
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly long started = Stopwatch.GetTimestamp();
    private readonly HashSet<string> running = [];
    private TimeSpan told;
    private int done;
    private int failed;

    /// <inheritdoc/>
    public void Began(ConformanceTest test) => running.Add(test.Name);

    /// <inheritdoc/>
    public void Ended(TestEnd end)
    {
        running.Remove(end.Test.Name);
        done++;
        if (end.Report.Verdict == Verdict.Fail)
        {
            failed++;
            terminal.Write(SuiteText.Line(end.Report));
        }

        var since = Stopwatch.GetElapsedTime(started);
        if (since - told < Pace && done < total)
            return;
        told = since;
        var left = done == 0 ? TimeSpan.Zero : since / done * (total - done);
        terminal.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"[grey]{done} of {total} done, {running.Count} running, {failed} failed, about {Math.Ceiling(left.TotalSeconds)} s left[/]"));
    }
}
