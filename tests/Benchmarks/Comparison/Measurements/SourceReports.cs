using System.Globalization;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>Sources: joins with their kernel routes, and refreshes of groups with few and with many of them.</summary>
internal sealed class SourceReports : Measurement
{
    private const int Groups = 1_000;
    private const int Few = 10;
    private const int Many = 1_000;
    private const int Refreshed = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly int[] Sizes = [100, 1_000, 5_000];
    private static readonly Line JoinMany = new(
        $"ALLOW with kernel route, 1,000/s, {Groups:N0} groups × {Few} sources", "µs/(S,G)", Aim.Times(0.33));
    private static readonly Line JoinOne = new(
        $"ALLOW with kernel route, one burst, 1 group × {Many:N0} sources", "µs/(S,G)", Aim.Times(0.33));

    /// <inheritdoc/>
    public override string Name => "sources";

    /// <inheritdoc/>
    // The bridge keeps 32 sources per group at most, and says nothing about the others.
    public override bool Fits(PeerKind kind) => kind != PeerKind.Bridge;

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        using var peer = trial.Start();
        Prepare(peer);
        Join(trial, peer, JoinMany, Load.SourceSpecificGroups(Groups), Load.Sources(Few), 1_000);
        Join(trial, peer, JoinOne, Load.SourceSpecificGroups(1, 5_000), Load.Sources(Many), null);

        var costs = new List<double>();
        for (var i = 0; i < Sizes.Length; i++)
        {
            var line = new Line(
                string.Create(CultureInfo.InvariantCulture, $"refresh IS_IN of 1 group with {Sizes[i]:N0} sources, burst"), "µs/source",
                Aim.Times(0.33));
            if (!Known(trial, peer, line, Load.SourceSpecificGroups(1, 6_000 + i), Load.Sources(Sizes[i])))
                return;
            using var reports = Load.Reports(RecordType.IsInclude, Load.SourceSpecificGroups(1, 6_000 + i), Load.Sources(Sizes[i]));
            var count = Refreshed * reports.Count / Sizes[i];
            trial.Measure(line, () =>
            {
                costs.Add(WarmUp.Steady(peer, () => peer.Spend(load => load.Pace(reports, count, 2_000))) / Refreshed);
                return costs[^1];
            });
        }

        trial
            .Table[new Line($"the same: {Sizes[^1]:N0} sources against {Sizes[0]:N0}", "×", Aim.AtMost(1.5, "×: flat")), trial.Column]
            .Add(costs[^1] / costs[0]);
    }

    private static void Prepare(Peer peer)
    {
        var (groups, sources) = (Load.SourceSpecificGroups(100, 50_000), Load.Sources(Few));
        Routes.MakeFor(peer, groups, sources);
        using var joins = Load.Reports(RecordType.Allow, groups, sources);
        using var refreshes = Load.Reports(RecordType.IsInclude, groups, sources);
        using var leaves = Load.Reports(RecordType.Block, groups, sources);
        var others = peer.Routes().Leading;
        WarmUp.With(peer, () =>
        {
            peer.Members.Pace(joins, joins.Count, 1_000);
            peer.Members.Pace(refreshes, 10 * refreshes.Count, 2_000);
            peer.Members.Pace(leaves, leaves.Count, 1_000);
            peer.Until(() => peer.Routes().Leading <= others, "all sources that were left have ended", Patience);
        });
    }

    private static void Join(Trial trial, Peer peer, Line line, Address[] groups, Address[] sources, int? rate)
    {
        Routes.MakeFor(peer, groups, sources);
        using var joins = Load.Reports(RecordType.Allow, groups, sources);
        var before = peer.Routes().Leading;
        var count = groups.Length * sources.Length;
        trial.Measure(line, () =>
        {
            var spent = peer.Spend(load =>
            {
                if (rate is { } paced)
                    load.Pace(joins, joins.Count, paced);
                else
                    load.Flood(joins, joins.Count);
            });
            var joined = peer.Routes().Leading - before;
            return joined == count ? spent / count : throw new MeasurementFailedException($"of {count:N0} sources {joined:N0} have a "
                + "route");
        });
    }

    /// <summary>Makes the sources known; false when the peer takes too long for that.</summary>
    private static bool Known(Trial trial, Peer peer, Line line, Address[] group, Address[] sources)
    {
        // Only a first run waits for what has turned out to take too long.
        if (trial.Table[line, trial.Column] is { Count: 0, HasRemarks: true })
            return false;
        using var joins = Load.Reports(RecordType.Allow, group, sources);
        peer.Members.Flood(joins, joins.Count);
        var patience = 2 * trial.Scale.Patience;
        try
        {
            peer.Settle(patience);
            return true;
        }
        catch (MeasurementFailedException) when (sources.Length > Many)
        {
            trial.Say(line, $"not within {patience.TotalSeconds:0} s");
            return false;
        }
    }
}
