using MulticastLab.Robustness.Fuzz;

namespace MulticastLab.Robustness.Commands;

/// <summary><c>fuzz [--inputs N] [--seed N] [--area NAME] [--episode N --length N]</c></summary>
internal static class FuzzCommand
{
    private const int MostShown = 30;

    public static int Run(Options options)
    {
        var seed = (int)(options.Number("seed") ?? 1);
        var inputs = options.Number("inputs") ?? 1_000_000;
        var area = options.Word("area");
        var episode = options.Number("episode");
        var length = (int)(options.Number("length") ?? Campaign.EpisodeLength);
        options.End();
        var areas = FuzzArea.All.Where(each => area is null || each.Name == area).ToList();
        if (areas.Count == 0)
        {
            Console.Error.WriteLine(
                $"robustness: there is no area '{area}', only {string.Join(", ", FuzzArea.All.Select(each => each.Name))}");
            return 2;
        }

        if (episode is { } number)
            return Tell(areas.Select(each => new Episode(each, seed, (int)number, length).Play()).OfType<Finding>().ToList());

        Console.WriteLine($"fuzz: {inputs:N0} inputs, seed {seed}: {string.Join(", ", areas.Select(each => each.Name))}");
        var result = new Campaign(seed, inputs, areas, Environment.ProcessorCount).Run();
        Console.WriteLine(
            $"fuzz: {result.Inputs:N0} inputs in {result.Elapsed.TotalSeconds:N1} s, {result.Inputs / result.Elapsed.TotalSeconds:N0} a "
                + "second; "
                + $"heap at most {result.MostMemory / 1048576.0:N0} MiB, working set at most {PeakWorkingSet() / 1048576.0:N0} MiB; "
                + $"{result.Findings.Count} findings");
        return Tell(result.Findings) + (result.MostMemory > Campaign.MemoryLimit ? 1 : 0) == 0 ? 0 : 1;
    }

    private static int Tell(IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            Console.WriteLine($"\nFOUND in {finding.Episode.Area.Name}, input {finding.At}: {finding.Wrong}");
            Console.WriteLine($"replay: {finding.Replay}");
            if (finding.Wrong is TimeoutException)
                continue;
            var shortest = finding.Episode.Shrink(finding.Wrong);
            Console.WriteLine($"{shortest.Count} inputs are enough:");
            foreach (var input in shortest.Take(MostShown))
                Console.WriteLine($"  {input}");
        }

        return findings.Count == 0 ? 0 : 1;
    }

    private static long PeakWorkingSet()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
