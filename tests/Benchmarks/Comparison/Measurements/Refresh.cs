using System.Globalization;
using MulticastLab.Benchmarks.Comparison.Peers;
using MulticastLab.Benchmarks.Comparison.Table;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks.Comparison.Measurements;

/// <summary>The cost of refreshes: IS_EX{} of existing groups, in tables of several sizes.</summary>
internal sealed class Refresh : Measurement
{
    private const int Records = 50;
    private const int Fast = 20_000;

    /// <inheritdoc/>
    public override string Name => "refresh";

    /// <inheritdoc/>
    public override void Do(Trial trial)
    {
        using var peer = trial.Start();
        var scale = trial.Scale;
        var known = 0;
        var floods = new List<double>();
        foreach (var size in scale.RefreshedGroups)
        {
            var flood = Of(size, "flood", "report", Aim.Times(0.33));
            if (!Grow(trial, peer, known, size, flood))
                break;
            var groups = Load.Groups(size);
            using var reports = Load.Reports(RecordType.IsExclude, groups);
            using var longReports = Load.Reports(RecordType.IsExclude, groups, Records);
            if (known == 0)
                Prepare(peer, reports, longReports, scale);
            known = size;

            trial.Measure(flood, () =>
            {
                floods.Add(PerReport(trial, flood, peer, load => load.Flood(reports, scale.Reports), scale.Reports));
                return floods[^1];
            });
            if (peer.HasProcesses)
            {
                Paced("1,000/s", Aim.Times(0.5), reports, 1_000, 1);
                Paced("20,000/s", Aim.Times(0.5), reports, Fast, 1);
                Paced("1,000/s, 50 records each", Aim.Times(0.33), longReports, 1_000, Records);
            }

            var longFlood = Of(size, "flood, 50 records each", "record", Aim.Times(0.33));
            var count = scale.Reports / 10;
            trial.Measure(longFlood, () => PerReport(trial, longFlood, peer, load => load.Flood(longReports, count), count) / Records);

            void Paced(string how, Aim aim, FrameSequence frames, int rate, int records)
            {
                var line = Of(size, how, records == 1 ? "report" : "record", aim);
                var paced = rate == Fast ? 10 * scale.PacedReports : scale.PacedReports;
                trial.Measure(line, () => PerReport(trial, line, peer, load => load.Pace(frames, paced, rate), paced) / records);
            }
        }

        if (floods.Count > 1 && known == scale.RefreshedGroups[^1])
            trial
                .Table[
                    new Line($"the same flood: {known:N0} groups against {scale.RefreshedGroups[0]:N0}", "×", Aim.AtMost(1.5, "×: flat")),
                    trial.Column]
                .Add(floods[^1] / floods[0]);
    }

    private static Line Of(int groups, string how, string per, Aim aim) =>
        new(string.Create(CultureInfo.InvariantCulture, $"refresh IS_EX{{}} of {groups:N0} groups, {how}"), $"µs/{per}", aim);

    /// <summary>Lets the table grow; false when the peer takes too long for that.</summary>
    private static bool Grow(Trial trial, Peer peer, int known, int size, Line line)
    {
        // Only a first run waits for what has turned out to take too long.
        var isLarge = size > 10_000;
        if (isLarge && trial.Table[line, trial.Column] is { Count: 0, HasRemarks: true })
            return false;
        using var joins = Load.Reports(RecordType.ToExclude, Load.Groups(size - known, known), Records);
        peer.Members.Pace(joins, joins.Count, Fast);
        try
        {
            peer.Settle(trial.Scale.Patience);
        }
        catch (MeasurementFailedException) when (isLarge)
        {
            trial.Say(line, string.Create(CultureInfo.InvariantCulture, $"not within {trial.Scale.Patience.TotalSeconds:0} s"));
            return false;
        }

        var groups = peer.CountGroups();
        return groups == size ? true : throw new MeasurementFailedException($"it knows {groups:N0} of {size:N0} groups");
    }

    private static void Prepare(Peer peer, FrameSequence reports, FrameSequence longReports, Scale scale) => WarmUp.With(peer, () =>
    {
        peer.Members.Flood(reports, scale.Reports / 10);
        peer.Members.Flood(longReports, scale.Reports / 100);
        foreach (var rate in (int[])[1_000, Fast])
        {
            peer.Members.Pace(reports, rate / 10, rate);
            peer.Members.Pace(longReports, 100, 1_000);
        }
    });

    /// <summary>Microseconds per report that was received, by a peer that has rehearsed it.</summary>
    private static double PerReport(Trial trial, Line line, Peer peer, Action<LoadGenerator> load, int sent) =>
        PerReport(trial, line, sent, WarmUp.Steady(peer, () => Spend(peer, load)));

    /// <summary>Microseconds per report that was received.</summary>
    internal static double PerReport(Trial trial, Line line, int sent, (double Microseconds, long? Received) figure)
    {
        if (figure.Received is not { } received)
            return figure.Microseconds / sent;
        if (received == 0)
            throw new MeasurementFailedException($"of {sent:N0} reports it has received none");
        if (received < sent)
            trial.Say(line, string.Create(CultureInfo.InvariantCulture, $"lost {1 - (received / (double)sent):P1}"));
        return figure.Microseconds / received;
    }

    /// <summary>What a load of reports costs, and how many of them were received, where that is known.</summary>
    internal static (double Microseconds, long? Received) Spend(Peer peer, Action<LoadGenerator> load)
    {
        var before = peer.CountReports();
        var spent = peer.Spend(load);
        return (spent, peer.HasProcesses ? peer.CountReports() - before : null);
    }
}
