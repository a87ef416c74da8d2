using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>How soon a join opens the way for a stream that runs already.</summary>
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
        var trials = trial.Scale.JoinTrials;
        var (any, specific) = (Load.Groups(2 * trials), Load.SourceSpecificGroups(2 * trials));
        Play("(*,G)", any, groups => Load.Reports(RecordType.ToExclude, groups));
        Play("(S,G)", specific, groups => Load.Reports(RecordType.Allow, groups, [Load.Source]));

        void Play(string what, Address[] groups, Func<Address[], FrameSequence> joins)
        {
            // The first half warms up.
            PlayHalf(groups[..trials], joins);
            var p50 = new Line($"join {what} → first packet, 50,000 packets/s, p50", "ms", Aim.Times(1));
            var delays = new List<double>();
            trial.Measure(p50, () => Percentile.Of(delays = PlayHalf(groups[trials..], joins), 0.5));
            trial.Measure(new Line($"join {what} → first packet, 50,000 packets/s, p99", "ms", Aim.Times(1)), () => Percentile.Of(delays, 0.99));
        }

        List<double> PlayHalf(Address[] groups, Func<Address[], FrameSequence> joins)
        {
            using var frames = joins(groups);
            using var probe = new Probe(peer, ear, groups, frames);
            return probe.Play(Before);
        }
    }
}
