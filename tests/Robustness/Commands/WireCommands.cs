using MulticastLab.Robustness.Wire;

namespace MulticastLab.Robustness.Commands;

/// <summary>
/// <c>wire [--frames N] [--seed N]</c>, <c>flood [--groups N] [--times N]</c> and <c>soak [--minutes N] [--seed N]</c>: the shipped router
/// in a private namespace.
/// </summary>
internal static class WireCommands
{
    public static int Fuzz(Options options)
    {
        var frames = options.Number("frames") ?? 100_000;
        var seed = (int)(options.Number("seed") ?? 1);
        options.End();
        Console.WriteLine($"wire: {frames:N0} frames, seed {seed}");
        return Run(() => WireFuzz.Run(frames, seed), "wire", $"wire --frames {frames} --seed {seed}");
    }

    public static int Flood(Options options)
    {
        var groups = (int)(options.Number("groups") ?? 1_000_000);
        var times = (int)(options.Number("times") ?? 5);
        options.End();
        Console.WriteLine($"flood: {times} times {groups:N0} groups");
        return Run(() => Wire.Flood.Run(groups, times), "flood", $"flood --groups {groups} --times {times}");
    }

    public static int Soak(Options options)
    {
        var minutes = options.Number("minutes") ?? 60;
        var seed = (int)(options.Number("seed") ?? 1);
        options.End();
        Console.WriteLine($"soak: {minutes} minutes, seed {seed}");
        return Run(
            () => Wire.Soak.Run(TimeSpan.FromMinutes(minutes), seed, Console.WriteLine), "soak", $"soak --minutes {minutes} --seed {seed}");
    }

    private static int Run(Func<Task<string>> run, string name, string replay)
    {
        try
        {
            Console.WriteLine($"{name}: {run().GetAwaiter().GetResult()}; nothing found");
            return 0;
        }
        catch (Exception wrong)
        {
            Console.WriteLine($"FOUND: {wrong}\nreplay: dotnet run -c Release --project tests/Robustness -- {replay}");
            return 1;
        }
    }
}
