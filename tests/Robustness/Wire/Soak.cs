using System.Diagnostics;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Robustness.Wire;

/// <summary>
/// The shipped router for minutes or days: members come and go, other queriers too, somebody asks for the state, the link flaps. What the
/// process holds must not grow.
/// </summary>
internal static class Soak
{
    private const int Groups = 200;
    private const int ReportsPerTick = 20;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FlapEvery = TimeSpan.FromSeconds(60);

    /// <summary>The runtime's own ups and downs.</summary>
    private const long MemoryPlay = 12 << 20;

    /// <summary>Runs it; throws when the last third holds more than the middle one.</summary>
    /// <returns>A line about it.</returns>
    public static async Task<string> Run(TimeSpan duration, int seed, Action<string> tell)
    {
        using var wire = await RouterOnTheWire.Start();
        var random = new Random(seed);
        var samples = new List<Holdings>();
        var (start, flapped, sent) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), 0L);
        using var pace = new PeriodicTimer(Tick);
        while (Stopwatch.GetElapsedTime(start) < duration)
        {
            await pace.WaitForNextTickAsync();
            for (var i = 0; i < ReportsPerTick; i++, sent++)
                wire.Send(Message(random));
            if (Stopwatch.GetElapsedTime(start) < SampleEvery * samples.Count)
                continue;
            var groups = (await wire.State()).Interfaces[0].Groups.Count;
            samples.Add(wire.ReadHoldings());
            tell($"{Stopwatch.GetElapsedTime(start).TotalSeconds,7:F0} s  {samples[^1]}, {groups} groups, {sent:N0} messages");
            if (Stopwatch.GetElapsedTime(flapped) < FlapEvery)
                continue;
            await wire.Flap();
            flapped = Stopwatch.GetTimestamp();
        }

        await wire.CheckAftermath();
        return Verdict(samples, sent);
    }

    // The first third warms up: code is compiled, buffers and the heap take their size.
    private static string Verdict(List<Holdings> samples, long sent)
    {
        var third = samples.Count / 3;
        Invariant.Holds(third > 0, $"{samples.Count} samples are too few");
        var (middle, last) = (samples[third..(2 * third)], samples[(2 * third)..]);
        var line = $"{sent:N0} messages; middle third at most {Most(middle)}; last third at most {Most(last)}";
        Invariant.Holds(Most(last).Memory <= Most(middle).Memory + MemoryPlay, $"memory grows: {line}");
        Invariant.Holds(Most(last).Handles <= Most(middle).Handles, $"handles grow: {line}");
        // The pool of the control server breathes.
        Invariant.Holds(Most(last).Threads <= Most(middle).Threads + 2, $"threads grow: {line}");
        return line;
    }

    private static Holdings Most(List<Holdings> samples) =>
        new(samples.Max(each => each.Memory), samples.Max(each => each.Handles), samples.Max(each => each.Threads));

    private static byte[] Message(Random random)
    {
        var buffer = new byte[200];
        var member = Address.FromV4(0x0A00_0064u + 1 + (uint)random.Next(100));
        if (random.Next(2000) == 0)
        {
            var query = new QueryContent(Generation.Sources, TimeSpan.FromSeconds(1), Address.AnyV4, false, 2, TimeSpan.FromSeconds(4), []);
            return buffer[..IgmpWriter.WriteQuery(buffer, query, Address.Parse("10.0.0.1"), Address.Parse("224.0.0.1"))];
        }

        var group = Address.FromV4(0xEF01_0000u + (uint)random.Next(Groups));
        Address[] sources = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Address.FromV4(0xC000_0200u + (uint)random.Next(50)))];
        var record = new RecordContent((RecordType)random.Next(1, 7), group, [.. sources.Distinct()]);
        return buffer[..IgmpWriter.WriteReport(buffer, new ReportContent([record]), member, Address.Parse("224.0.0.22"))];
    }
}
