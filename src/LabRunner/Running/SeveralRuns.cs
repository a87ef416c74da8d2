using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Running;

/// <summary>Plays several scenarios side by side: a line for each as it ends, then how many did what.</summary>
internal static class SeveralRuns
{
    // They mostly wait. Simulated ones do not.
    private const int RealPerProcessor = 3;

    /// <summary>Plays them, each again while the machine itself kept it waiting.</summary>
    /// <param name="terminal">Where the lines go.</param>
    /// <param name="plays">What to play.</param>
    /// <param name="world">In which world.</param>
    /// <param name="options">How; hosts, evidence and observer are set for each.</param>
    /// <param name="hosts">Whose IGMP the hosts speak.</param>
    /// <param name="evidence">Where the folders with the evidence go.</param>
    /// <param name="jobs">How many at once; null for what the machine bears.</param>
    /// <param name="json">Whether to write one JSON array instead of lines.</param>
    /// <param name="cancellation">Ends all that are being played.</param>
    /// <returns>What came of those that were played, by name.</returns>
    /// <exception cref="CommandException">None of them can be played with these hosts.</exception>
    public static async Task<IReadOnlyList<ScenarioResult>> Play(
        Terminal terminal, IReadOnlyList<ScenarioPlay> plays, ILabEngine world, RunOptions options, AskedHosts hosts, string evidence,
        int? jobs, bool json, CancellationToken cancellation)
    {
        var real = world.Capabilities.UsesWallClock;
        var played = plays.Where(each => hosts.Refusal(each.Scenario) is null).ToList();
        foreach (var each in plays.Except(played))
            terminal.Complain($"{each.Scenario.Name} is left out, kernels cannot play it: {hosts.Refusal(each.Scenario)}");
        if (played.Count == 0)
            throw new CommandException(ExitCode.Usage, "none of them can be played with these hosts");

        var started = Stopwatch.GetTimestamp();
        var ended = new ConcurrentQueue<(ScenarioResult Result, TimeSpan Took)>();
        var turns = new Lock();
        try
        {
            await Parallel.ForEachAsync(
                played,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = jobs ?? Environment.ProcessorCount * (real ? RealPerProcessor : 1),
                    CancellationToken = cancellation,
                },
                async (play, token) =>
                {
                    var since = Stopwatch.GetTimestamp();
                    var result = await ConclusiveRun.Of(
                        () => ScenarioRunner.Run(play.Scenario, play.Topology, world, options with
                        {
                            HostStack = hosts.For(play.Scenario),
                            EvidenceDirectory = EvidenceFolder.Next(evidence, play.Scenario.Name, world.Name),
                        }, token)).ConfigureAwait(false);
                    ended.Enqueue((result, Stopwatch.GetElapsedTime(since)));
                    if (!json)
                    {
                        lock (turns)
                            WriteLine(terminal, result, Stopwatch.GetElapsedTime(since));
                    }
                }).ConfigureAwait(false);
        }
        finally
        {
            // What has ended before Ctrl-C has its verdict all the same.
            var byName = ended.OrderBy(each => each.Result.Scenario.Name, StringComparer.Ordinal).ToList();
            if (json)
                terminal.WriteJson(
                    byName.Select(each => RunDocument.Of(each.Result, each.Took)), DocumentContext.Default.IEnumerableRunDocument);
            else
                WriteSummary(terminal, byName.ConvertAll(each => each.Result), played.Count, Stopwatch.GetElapsedTime(started));
        }

        return [.. ended.Select(each => each.Result).OrderBy(each => each.Scenario.Name, StringComparer.Ordinal)];
    }

    private static void WriteLine(Terminal terminal, ScenarioResult result, TimeSpan took)
    {
        var counts = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Expectations.Count} expectations, {result.Frames.Count} frames, {took.TotalSeconds:0.0} s");
        terminal.Write($"{Coloured(result.Verdict)}  {OutsideText.Markup(result.Scenario.Name)}  [grey]{counts}[/]");
        if (result.Passed)
            return;
        terminal.Write(OutsideText.Markup(result.Describe()));
        if (result.EvidenceDirectory is { } evidence)
            terminal.Write($"Evidence: {OutsideText.Markup(evidence)}\n");
    }

    private static void WriteSummary(Terminal terminal, List<ScenarioResult> results, int asked, TimeSpan took)
    {
        var counts = results.GroupBy(each => each.Verdict).OrderBy(each => each.Key)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Count()} {each.Key.OfRun()}"));
        var left = results.Count == asked ? "" : string.Create(CultureInfo.InvariantCulture, $", {asked - results.Count} not ended");
        terminal.Write(string.Create(
            CultureInfo.InvariantCulture, $"\n[bold]{string.Join(", ", counts)}{left}[/]  {took.TotalSeconds:0.0} s"));
    }

    private static string Coloured(Verdict verdict) => verdict switch
    {
        Verdict.Pass => $"[green]{verdict.OfRun()}[/]",
        Verdict.Fail => $"[bold red]{verdict.OfRun()}[/]",
        _ => $"[bold yellow]{verdict.OfRun()}[/]",
    };
}
