using System.Diagnostics;

namespace MulticastLab.Robustness.Simulation;

/// <summary>Many random labs on all processors.</summary>
internal static class Simulations
{
    /// <summary>What a range of seeds has come to.</summary>
    /// <param name="Labs">How many labs were played.</param>
    /// <param name="Nodes">How many nodes they had together.</param>
    /// <param name="Simulated">How long they lasted together, by their own clocks.</param>
    /// <param name="Elapsed">How long that took.</param>
    /// <param name="Found">The first findings by seed, some of them.</param>
    internal sealed record Result(
        int Labs, long Nodes, TimeSpan Simulated, TimeSpan Elapsed, IReadOnlyList<(int Seed, Violation Violation)> Found);

    /// <summary>Plays the labs of so many seeds from the first one on; ends early when there are enough findings.</summary>
    public static Result Play(int first, int count, int processors, int enough = 3)
    {
        using var files = new StartupFiles();
        var found = new List<(int Seed, Violation Violation)>();
        var (labs, nodes, simulated) = (0, 0L, TimeSpan.Zero);
        var start = Stopwatch.GetTimestamp();
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = processors }, (seed, loop) =>
        {
            var plan = Planner.Make(seed);
            var violation = SimulationRun.Play(plan, files);
            lock (found)
            {
                (labs, nodes, simulated) = (labs + 1, nodes + plan.Nodes.Count, simulated + plan.End);
                if (violation is null)
                    return;
                found.Add((seed, violation));
                if (found.Count >= enough)
                    loop.Stop();
            }
        });
        return new Result(labs, nodes, simulated, Stopwatch.GetElapsedTime(start), [.. found.OrderBy(each => each.Seed)]);
    }
}
