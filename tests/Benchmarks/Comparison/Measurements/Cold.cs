using System.Globalization;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>
/// What a process costs that has just started: every figure is of a fresh one, which before has only been given what there has to be: the
/// groups that are left or refreshed, the stream that waits for its members.
/// </summary>
internal sealed class Cold : Measurement
{
    private const int Groups = 1_000;
    private const int Remembered = 10_000;
    private const int Records = 50;

    /// <inheritdoc/>
    public override string Name => "cold";

    /// <inheritdoc/>
    // There is no process.
    public override bool Fits(PeerKind kind) => kind != PeerKind.Bridge;

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        Join(trial, "without a stream", Aim.Times(0.07), peer => peer.CountGroups);
        Join(trial, "with kernel route", Aim.Times(0.12), peer =>
        {
            var before = JoinAndLeave.Known(peer, Load.Groups(Groups));
            return () => peer.Routes().Leading - before;
        });
        Leave(trial);
        Refresh(trial, "flood", "report", Aim.Times(0.15), records: 1, trial.Scale.Reports / 10,
            (load, reports, count) => load.Flood(reports, count));
        Refresh(
            trial, $"1,000/s, {Records} records each", "record", Aim.Times(0.25), Records, trial.Scale.PacedReports,
            (load, reports, count) => load.Pace(reports, count, 1_000));
        Memory(trial);
        FirstPacket.DoCold(trial);
    }

    private static Line Of(string what, string unit, Aim aim) => new($"cold: {what}", unit, aim);

    /// <param name="trial">The trial.</param>
    /// <param name="how">What a join leads to.</param>
    /// <param name="aim">The aim.</param>
    /// <param name="prepare">Makes what there has to be, and tells how many joins have had their effect.</param>
    private static void Join(Trial trial, string how, Aim aim, Func<Peer, Func<long>> prepare)
    {
        using var peer = trial.StartCold();
        var count = prepare(peer);
        trial.Measure(
            Of($"new join TO_EX{{}} {how}, 1,000/s, {Text(Groups)} groups", "µs/group", aim),
            () =>
            {
                var spent = JoinAndLeave.Spend(peer, Load.Groups(Groups), 1_000);
                var joined = count();
                return joined == Groups
                    ? spent / Groups
                    : throw new MeasurementFailedException($"of {Text(Groups)} joins {Text(joined)} have had their effect");
            });
    }

    private static void Leave(Trial trial)
    {
        using var peer = trial.StartCold();
        var groups = Load.Groups(Groups);
        JoinAndLeave.Known(peer, groups);
        JoinAndLeave.Spend(peer, groups, 1_000);
        trial.Measure(
            Of($"leave TO_IN{{}} at 1,000/s with queries and expiry, {Text(Groups)} groups", "µs/group", Aim.Times(0.05)),
            () => JoinAndLeave.Leave(peer, groups));
    }

    private static void Refresh(
        Trial trial, string how, string per, Aim aim, int records, int count, Action<LoadGenerator, FrameSequence, int> send)
    {
        using var peer = trial.StartCold();
        var line = Of($"refresh IS_EX{{}} of {Text(Groups)} groups, {how}", $"µs/{per}", aim);
        // What is measured with one record in a report is joined with many, and the other way round.
        using var joins = Load.Reports(RecordType.ToExclude, Load.Groups(Groups), records == 1 ? Records : 1);
        using var reports = Load.Reports(RecordType.IsExclude, Load.Groups(Groups), records);
        peer.Members.Pace(joins, joins.Count, 1_000);
        peer.Settle();
        trial.Measure(
            line,
            () =>
                Measurements.Refresh.PerReport(trial, line, count, Measurements.Refresh.Spend(peer, load => send(load, reports, count)))
                / records);
    }

    private static void Memory(Trial trial)
    {
        using var peer = trial.StartCold();
        var before = peer.ReadMemory();
        JoinAndLeave.Spend(peer, Load.Groups(Remembered), null);
        var after = peer.ReadMemory();
        trial.Measure(
            Of($"memory per group, {Text(Remembered)} groups", "bytes", Aim.Times(0.25)),
            () =>
                peer.CountGroups() == Remembered
                    ? (after - before) / (double)Remembered
                    : throw new MeasurementFailedException("not all joins were recorded"));
    }

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
