using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>
/// When a stream ends after the last member has left, against the Last Member Query Time: 2 s with every peer's defaults.
/// </summary>
internal sealed class LastPacket : Measurement
{
    private const double LastMemberQueryTime = 2_000;
    private const double Spacing = 2;
    private static readonly TimeSpan BetweenLeaves = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(LastMemberQueryTime + 500);
    private static readonly Line Line = new(
        "TO_IN{} → last packet, less the Last Member Query Time, packet every 2 ms", "ms", Aim.Between(0, 10, "ms", Spacing));

    /// <inheritdoc/>
    public override string Name => "last-packet";

    /// <inheritdoc/>
    public override int Runs(Scale scale) => 1;

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        var groups = Load.Groups(trial.Scale.LeaveTrials);
        using var peer = trial.Start();
        using var ear = peer.Bed.OpenEar(TestBed.Members);
        using var watch = new WireWatch(ear);
        using var stream = Load.Datagrams(groups, Load.Source);
        using var joins = Load.Reports(RecordType.ToExclude, groups);
        using var leaves = Load.Reports(RecordType.ToInclude, groups);
        peer.Streams.Flood(stream, groups.Length);
        peer.Members.Pace(joins, groups.Length, 1_000);
        peer.Settle();

        // All streams, one packet after the other, evenly; a leave now and then.
        var step = TimeSpan.FromMilliseconds(Spacing / groups.Length);
        var begun = KernelClock.Monotonic;
        var end = (BetweenLeaves * groups.Length) + Patience;
        var left = 0;
        for (var next = 0; step * next < end; next++)
        {
            while (KernelClock.Monotonic - begun < step * next)
                watch.Take();
            peer.Streams.Send(stream, next);
            if (left < groups.Length && step * next >= BetweenLeaves * (left + 1))
                peer.Members.Send(leaves, left++);
        }

        watch.Take();
        foreach (var group in groups)
        {
            trial.Measure(
                Line,
                () =>
                {
                    if (watch.HasMissed)
                        throw new MeasurementFailedException("the ear has missed packets");
                    var last = watch.Last(group) ?? throw new MeasurementFailedException($"{group} was joined, but no packet came");
                    var after = (last - watch.Reported(group)).TotalMilliseconds;
                    return after > 0
                        ? after - LastMemberQueryTime
                        : throw new MeasurementFailedException($"packets to {group} ended before it was left");
                });
        }
    }
}
