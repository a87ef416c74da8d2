using System.Globalization;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>
/// New groups with their kernel routes, and groups that end, with the queries and timers that belong to it. Ours makes an entry on the
/// first packet of a stream; so that is sent before, and the join turns an entry that leads nowhere into one that leads to the members.
/// </summary>
internal sealed class JoinAndLeave : Measurement
{
    private const int Some = 1_000;
    private const int Many = 10_000;
    private const int Few = 100;
    private const int Rounds = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Line LeaveLine = new(
        $"leave TO_IN{{}} at 1,000/s with queries and expiry, {Some:N0} groups", "µs/group", Aim.Times(0.05));

    /// <inheritdoc/>
    public override string Name => "join";

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        using (var peer = trial.Start())
        {
            if (!peer.HasProcesses)
            {
                Join(trial, peer, JoinLine("one burst", Some), Load.Groups(Some), null);
                Join(trial, peer, JoinLine("one burst", Many), Load.Groups(Many, Some), null);
                return;
            }

            Prepare(peer);
            Join(trial, peer, JoinLine("1,000/s", Some), Load.Groups(Some), 1_000);
            trial.Measure(
                LeaveLine, () => WarmUp.Steady(peer, () => Leave(peer, Load.Groups(Some)), () => Spend(peer, Load.Groups(Some), null)));
            Join(trial, peer, JoinLine("one burst", Some), Load.Groups(Some, Some), null);
            Leave(peer, Load.Groups(Some, Some));
            Join(trial, peer, JoinLine("one burst", Many), Load.Groups(Many, 2 * Some), null);
        }

        if (trial.Scale.LongJoin == 0)
            return;
        using var other = trial.Start();
        Prepare(other);
        Join(trial, other, JoinLine("1,000/s", trial.Scale.LongJoin), Load.Groups(trial.Scale.LongJoin), 1_000);
    }

    /// <summary>Joins and leaves that are not measured: some, and some more while the first are about to end.</summary>
    internal static void Prepare(Peer peer)
    {
        var before = peer.Routes().Leading;
        for (var i = 0; i < Rounds; i++)
        {
            var groups = Load.Groups(Few, 60_000 + (i * Few));
            using var leaves = Load.Reports(RecordType.ToInclude, groups);
            using var joins = Load.Reports(RecordType.ToExclude, groups);
            Routes.MakeFor(peer, groups, [Load.Source]);
            peer.Members.Pace(joins, Few, i % 2 == 0 ? 1_000 : 1_000_000);
            peer.Pass(WarmUp.Break);
            peer.Members.Pace(leaves, Few, 1_000);
            peer.Pass(WarmUp.Break);
        }

        peer.Until(() => peer.Routes().Leading <= before, "all groups that were left have ended", Patience);
        peer.Pass(WarmUp.Break);
        peer.Settle();
    }

    private static Line JoinLine(string how, int count) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"new join TO_EX{{}} with kernel route, {how}, {count:N0} groups"), "µs/group",
            Aim.Times(0.25));

    private static void Join(Trial trial, Peer peer, Line line, Address[] groups, int? rate)
    {
        var before = Known(peer, groups);
        trial.Measure(line, () => WarmUp.Steady(peer, Once, () => Leave(peer, groups)));

        double Once()
        {
            var spent = Spend(peer, groups, rate);
            var joined = peer.HasProcesses ? peer.Routes().Leading - before : peer.CountGroups() - before;
            return joined == groups.Length
                ? spent / groups.Length
                : throw new MeasurementFailedException($"of {groups.Length:N0} joins {joined:N0} have a route");
        }
    }

    /// <summary>Microseconds that the joins cost in all, at a rate or as fast as they can be sent.</summary>
    internal static double Spend(Peer peer, Address[] groups, int? rate)
    {
        using var joins = Load.Reports(RecordType.ToExclude, groups);
        return peer.Spend(load =>
        {
            if (rate is { } paced)
                load.Pace(joins, joins.Count, paced);
            else
                load.Flood(joins, joins.Count);
        });
    }

    /// <summary>
    /// How many routes or groups there are before the join; each group has an entry that leads nowhere, where that is the order of things.
    /// </summary>
    internal static long Known(Peer peer, Address[] groups)
    {
        if (!peer.HasProcesses)
            return peer.CountGroups();
        Routes.MakeFor(peer, groups, [Load.Source]);
        return peer.Routes().Leading;
    }

    /// <summary>Microseconds per group from the first leave until all have ended.</summary>
    internal static double Leave(Peer peer, Address[] groups)
    {
        using var leaves = Load.Reports(RecordType.ToInclude, groups);
        var before = peer.Routes().Leading;
        return peer.Spend(load =>
        {
            load.Pace(leaves, leaves.Count, 1_000);
            peer.Until(() => peer.Routes().Leading <= before - groups.Length, "all groups that were left have ended", Patience);
        }) / groups.Length;
    }
}
