using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>How soon after a join the first packet of a running stream is forwarded.</summary>
internal sealed class FirstPacket : Measurement
{
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc/>
    public override string Name => "first-packet";

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        using var peer = trial.Start();
        using var ear = peer.Bed.OpenEar(TestBed.Members);
        foreach (var (what, groups, joins) in Joins(trial))
        {
            // The first half warms up.
            var half = trial.Scale.JoinTrials;
            Play(peer, ear, groups[..half], joins);
            MeasureDelays(trial, $"join {what}", () => Play(peer, ear, groups[half..], joins));
        }
    }

    /// <summary>The same of processes that have not seen such a join before.</summary>
    internal static void DoCold(Trial trial)
    {
        foreach (var (what, groups, joins) in Joins(trial))
        {
            using var peer = trial.StartCold();
            using var ear = peer.Bed.OpenEar(TestBed.Members);
            MeasureDelays(trial, $"cold: join {what}", () => Play(peer, ear, groups[..trial.Scale.JoinTrials], joins));
        }
    }

    private static IEnumerable<(string What, Address[] Groups, Func<Address[], FrameSequence> Joins)> Joins(Trial trial) =>
    [
        ("(*,G)", Load.Groups(2 * trial.Scale.JoinTrials), groups => Load.Reports(RecordType.ToExclude, groups)),
        ("(S,G)", Load.SourceSpecificGroups(2 * trial.Scale.JoinTrials), groups => Load.Reports(RecordType.Allow, groups, [Load.Source])),
    ];

    private static void MeasureDelays(Trial trial, string what, Func<List<double>> play)
    {
        var delays = new List<double>();
        trial.Measure(
            new Line($"{what} → first packet, 50,000 packets/s, p50", "ms", Aim.Times(0.7)), () => Percentile.Of(delays = play(), 0.5));
        trial.Measure(new Line($"{what} → first packet, 50,000 packets/s, p99", "ms", Aim.Times(1)), () => Percentile.Of(delays, 0.99));
    }

    private static List<double> Play(Peer peer, PacketSocket ear, Address[] groups, Func<Address[], FrameSequence> joins)
    {
        using var frames = joins(groups);
        using var probe = new Probe(peer, ear, groups, frames);
        return probe.Play(Before);
    }
}
