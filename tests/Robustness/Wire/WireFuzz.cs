using System.Diagnostics;
using MulticastLab.Robustness.Fuzz;

namespace MulticastLab.Robustness.Wire;

/// <summary>The shipped router under a storm of fuzzed packets on a real interface.</summary>
internal static class WireFuzz
{
    private const int Burst = 2_000;

    /// <summary>What the router may hold: its state is bounded by the few groups and sources that are named, and by its limits.</summary>
    private const long MemoryLimit = 400 << 20;

    /// <summary>Sends so many frames, and every killer by itself first; throws at whatever is wrong.</summary>
    /// <returns>A line about it.</returns>
    public static async Task<string> Run(long frames, int seed)
    {
        using var wire = await RouterOnTheWire.Start();
        await wire.Begin();
        foreach (var (_, packet) in Killers.Igmp)
            wire.Send(packet);
        await wire.WaitUntilRead();
        await wire.CheckAftermath();

        // Now that all code has run once.
        var before = wire.ReadHoldings();
        var heardBefore = await wire.Heard();
        await wire.Begin();
        var start = Stopwatch.GetTimestamp();
        var sent = 0L;
        foreach (var input in CoreInputs.Packets(new Random(seed), FuzzedDialect.Igmp))
        {
            if (wire.Send(input.Bytes) && ++sent % Burst == 0)
                await wire.WaitUntilRead();
            if (sent == frames)
                break;
        }

        await wire.WaitUntilRead();
        var elapsed = Stopwatch.GetElapsedTime(start);
        var heard = await wire.Heard() - heardBefore;
        var after = wire.ReadHoldings();
        Invariant.Holds(heard > frames / 2, $"of {frames} frames the router has taken {heard}");
        Invariant.Holds(after.Memory < MemoryLimit, $"the router holds {after}, before the storm {before}");
        Invariant.Holds(
            after.Handles <= before.Handles + 2 && after.Threads <= before.Threads + 4,
            $"the router holds {after}, before the storm {before}");
        await wire.CheckAftermath();
        return $"{sent:N0} frames in {elapsed.TotalSeconds:N1} s, {sent / elapsed.TotalSeconds:N0} a second, {heard:N0} of them taken for "
            + $"IGMP messages; before: {before}; after: {after}";
    }
}
