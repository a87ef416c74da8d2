using MulticastLab.Robustness.Simulation;

namespace MulticastLab.Robustness.Commands;

/// <summary>
/// <c>simulate --seeds N [--from N]</c> plays random labs; <c>simulate --seed N</c> plays one again, prints all of it, and minimises it.
/// </summary>
internal static class SimulateCommand
{
    public static int Run(Options options)
    {
        var seed = options.Number("seed");
        var seeds = (int)(options.Number("seeds") ?? 1_000);
        var from = (int)(options.Number("from") ?? 1);
        options.End();
        return seed is { } one ? Replay((int)one) : Many(from, seeds);
    }

    private static int Many(int from, int seeds)
    {
        Console.WriteLine($"simulate: {seeds:N0} labs, seeds {from} to {from + seeds - 1}");
        var result = Simulations.Play(from, seeds, Environment.ProcessorCount);
        Console.WriteLine(
            $"simulate: {result.Labs:N0} labs with {result.Nodes:N0} nodes, {result.Simulated.TotalDays:N1} days of them in "
                + $"{result.Elapsed.TotalSeconds:N1} s; {result.Found.Count} findings");
        foreach (var (seed, violation) in result.Found)
            Console.WriteLine($"FOUND {violation}\nreplay: dotnet run -c Release --project tests/Robustness -- simulate --seed {seed}");
        if (result.Found.Count > 0)
            Replay(result.Found[0].Seed, verbose: false);
        return result.Found.Count == 0 ? 0 : 1;
    }

    private static int Replay(int seed, bool verbose = true)
    {
        using var files = new StartupFiles();
        var plan = Planner.Make(seed);
        if (verbose)
            Console.WriteLine(plan);
        var violation = SimulationRun.Play(plan, files, verbose ? Console.WriteLine : null);
        if (violation is null)
        {
            Console.WriteLine($"simulate: seed {seed} breaks no law");
            return 0;
        }

        var (small, broken) = new PlanShrinker(files).Shrink(plan, violation);
        Console.WriteLine($"\nFOUND {violation}\n\nThis is enough: {small}");
        SimulationRun.Play(small, files, Console.WriteLine);
        Console.WriteLine($"\nFOUND {broken}");
        return 1;
    }
}
