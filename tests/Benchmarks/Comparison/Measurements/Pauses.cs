using System.Globalization;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>
/// The longest that our router keeps anybody waiting with 100,000 groups: while 10,000 refreshes a second come in and 500 groups a second
/// come or go, one join after the other is sent, and each is timed until its stream comes through.
/// </summary>
internal sealed class Pauses : Measurement
{
    private const int Groups = 100_000;
    private const int Passing = 2_000;
    private const int RefreshRate = 10_000;
    private const int ChangeRate = 500;
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    public override string Name => "pause";

    /// <inheritdoc/>
    public override int Runs(Scale scale) => 1;

    /// <inheritdoc/>
    public override bool Fits(PeerKind kind) => kind == PeerKind.Ours;

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        using var peer = trial.Start();
        using var many = Load.Reports(RecordType.ToExclude, Load.Groups(Groups), 50);
        peer.Members.Pace(many, many.Count, 10_000);
        peer.Settle();
        if (peer.CountGroups() != Groups)
            throw new MeasurementFailedException($"it knows {peer.CountGroups():N0} of {Groups:N0} groups");

        var probed = Load.Groups(trial.Scale.Probes, Groups);
        Routes.MakeFor(peer, probed, [Load.Source]);
        using var refreshes = Load.Reports(RecordType.IsExclude, Load.Groups(Groups));
        using var comes = Load.Reports(RecordType.ToExclude, Load.Groups(Passing, Groups + trial.Scale.Probes));
        using var goes = Load.Reports(RecordType.ToInclude, Load.Groups(Passing, Groups + trial.Scale.Probes));
        using var joins = Load.Reports(RecordType.ToExclude, probed);
        using var ear = peer.Bed.OpenEar(TestBed.Members);
        var (refreshed, changed) = (0, 0);
        using var probe = new Probe(
            peer,
            ear,
            probed,
            joins,
            passed =>
            {
                if (passed.TotalSeconds * RefreshRate > refreshed)
                    peer.Members.Send(refreshes, refreshed++);
                if (passed.TotalSeconds * ChangeRate <= changed)
                    return;
                // All the passing groups come, then all go.
                peer.Members.Send(changed / Passing % 2 == 0 ? comes : goes, changed++);
            });
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"join → first packet beside {Groups:N0} groups, 10,000 refreshes/s, 500 groups/s that come or go");
        var delays = new List<double>();
        trial.Measure(
            new Line($"{what}: p99.9 of {trial.Scale.Probes:N0}", "ms", Aim.AtMost(5, "ms")),
            () => Percentile.Of(delays = probe.Play(Before), 0.999));
        var slowest = new Line($"{what}: slowest", "ms", Aim.AtMost(5, "ms"));
        trial.Measure(slowest, delays.Max);
        if (probe.Discarded > 0)
            trial.Say(slowest, $"{probe.Discarded} left out: the stream had a gap, or others had the processor");
    }
}
