using System.Globalization;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>How many of a burst of joins are there afterwards, and what the memory grows by: the resident sets of all processes.</summary>
internal sealed class Capacity : Measurement
{
    private const int Few = 100;

    /// <inheritdoc/>
    public override string Name => "capacity";

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        foreach (var size in (int[])[10_000, 100_000])
            Burst(trial, size);
        if (trial.Kind == PeerKind.Bridge)
            return;
        Sources(trial, 1_000, 10, "1,000 groups × 10 sources", Aim.Times(0.25));
        Sources(trial, 1, 1_000, "1 group × 1,000 sources", Aim.Times(0.25));
    }

    private static void Burst(Trial trial, int size)
    {
        var recorded = new Line(
            string.Create(CultureInfo.InvariantCulture, $"recorded of {size:N0} joins in one burst, default sysctls"), "groups",
            Aim.AllOf(size));
        var memory = new Line(string.Create(CultureInfo.InvariantCulture, $"memory per group, {size:N0} groups"), "bytes", Aim.Times(0.5));
        var isLarge = size > 10_000;
        if (isLarge && trial.Table[recorded, trial.Column] is { Count: 0, HasRemarks: true })
            return;
        using var peer = Fresh(trial);
        var before = peer.ReadMemory();
        using var joins = Load.Reports(RecordType.ToExclude, Load.Groups(size));
        peer.Members.Flood(joins, size);
        try
        {
            peer.Settle(trial.Scale.Patience);
        }
        catch (MeasurementFailedException) when (isLarge)
        {
            trial.Say(
                recorded,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"still busy after {trial.Scale.Patience.TotalSeconds:0} s, lost so far: {peer.CountLost():N0}"));
            return;
        }

        var known = peer.CountGroups();
        trial.Table[recorded, trial.Column].Add(known);
        if (known < size && peer.CountLost() == 0)
            throw new MeasurementFailedException($"of {size:N0} joins {known:N0} were recorded, and no socket has dropped any");
        // What was not recorded takes no memory either.
        if (known == size)
            trial.Measure(memory, () => (peer.ReadMemory() - before) / (double)size);
    }

    private static void Sources(Trial trial, int groups, int sources, string what, Aim aim)
    {
        using var peer = Fresh(trial);
        var before = peer.ReadMemory();
        using var joins = Load.Reports(RecordType.Allow, Load.SourceSpecificGroups(groups), Load.Sources(sources));
        peer.Members.Pace(joins, joins.Count, 1_000);
        peer.Settle();
        trial.Measure(new Line($"memory per (S,G), {what}", "bytes", aim), () => (peer.ReadMemory() - before) / (double)(groups * sources));
    }

    /// <summary>A peer that has done each of these things before: what is loaded for them is not what a group takes.</summary>
    private static Peer Fresh(Trial trial)
    {
        var peer = trial.Start();
        try
        {
            using var joins = Load.Reports(RecordType.ToExclude, Load.Groups(Few, 120_000));
            using var sources = Load.Reports(RecordType.Allow, Load.SourceSpecificGroups(Few, 50_000), Load.Sources(1));
            WarmUp.With(peer, () =>
            {
                foreach (var frames in (FrameSequence[])[joins, sources])
                    peer.Members.Pace(frames, frames.Count, 1_000);
            });
            peer.BeginCounting();
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }
}
