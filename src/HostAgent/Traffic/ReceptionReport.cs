using System.Globalization;
using MulticastLab.Linux.Datagrams;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.HostAgent.Traffic;

/// <summary>What a receiver has received of a group: per source and stream, with loss, duplicates, order, gaps and delay.</summary>
/// <param name="group">The group.</param>
/// <param name="port">The port.</param>
internal sealed class ReceptionReport(Address group, ushort port)
{
    private readonly Dictionary<(Address Source, ulong Stream), Reception> receptions = [];

    /// <summary>How many numbered datagrams were received, duplicates included.</summary>
    public long Received { get; private set; }

    /// <summary>How many datagrams were of another format.</summary>
    public long Foreign { get; private set; }

    /// <summary>A datagram was received.</summary>
    /// <returns>False when it is of another format.</returns>
    public bool Add(in ReceivedDatagram received, out StreamDatagram datagram)
    {
        if (!StreamDatagram.TryRead(received.Payload, out datagram))
        {
            Foreign++;
            return false;
        }

        var key = (received.Source, datagram.Stream);
        if (!receptions.TryGetValue(key, out var reception))
            receptions[key] = reception = new Reception();
        Received++;
        reception.Analysis.Add(datagram.Sequence, received.At);
        reception.Delays.Add(received.At - datagram.SentAt);
        return true;
    }

    /// <summary>The report as it stands in JSON. It is read while it is written: nothing may be added then.</summary>
    /// <param name="droppedByKernel">How many datagrams the receiving socket dropped for lack of buffer space; they count as lost, though
    /// the network did deliver them.</param>
    public ReportLeaves ToLeaves(long droppedByKernel) => new(
        group, port, Sum(each => each.Received), receptions.Values.Aggregate(0UL, (sum, each) => sum + each.Analysis.Lost),
        Sum(each => each.Duplicates), Sum(each => each.Reordered), Foreign, droppedByKernel,
        receptions
            .OrderBy(each => each.Key.Source)
            .ThenBy(each => each.Value.Analysis.FirstAt)
            .Select(each => ToLeaves(each.Key.Source, each.Key.Stream, each.Value)));

    /// <summary>A report in words: one line per stream, and one per gap.</summary>
    public static IEnumerable<string> Lines(ReportLeaves report)
    {
        foreach (var stream in report.Streams)
        {
            yield return $"{stream.Source} stream {stream.Stream}: received {stream.Received}, lost {stream.Lost}, "
                + $"duplicates {stream.Duplicates}, reordered {stream.Reordered}";
            foreach (var gap in stream.Gaps)
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"  gap #{gap.From} to #{gap.To}: {gap.Count} missing, {gap.DurationUs} µs");
        }

        if (report.Foreign > 0)
            yield return $"{report.Foreign} datagrams of another format";
        if (report.DroppedByKernel > 0)
            yield return $"{report.DroppedByKernel} of the lost ones did arrive, but the receiving socket's buffer was full";
    }

    private static StreamLeaves ToLeaves(Address source, ulong stream, Reception reception)
    {
        var (analysis, delays) = (reception.Analysis, reception.Delays);
        return new StreamLeaves(
            source, stream.ToString("x16", CultureInfo.InvariantCulture), analysis.Received, analysis.Lost, analysis.Duplicates,
            analysis.Reordered, analysis.First, analysis.Last, analysis.FirstAt.ToString(), analysis.LastAt.ToString(),
            new DelayLeaves(delays.Least.TotalMicroseconds, delays.Mean.TotalMicroseconds, delays.Most.TotalMicroseconds),
            analysis.Gaps.Select(each => new GapLeaves(
                each.From, each.To, each.Count, each.Before.ToString(), each.Duration.TotalMicroseconds)));
    }

    private long Sum(Func<SequenceAnalysis, long> count) => receptions.Values.Sum(each => count(each.Analysis));

    private sealed class Reception
    {
        public SequenceAnalysis Analysis { get; } = new();

        public Delays Delays { get; } = new();
    }
}
