using System.Globalization;
using System.Text.Json;
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

    /// <summary>
    /// Writes it as JSON. Times are seconds since 1970 with nine decimals, as text, since JSON numbers do not hold that many digits.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="droppedByKernel">How many datagrams the receiving socket dropped for lack of buffer space; they count as lost, though
    /// the network did deliver them.</param>
    public void WriteTo(Utf8JsonWriter writer, long droppedByKernel)
    {
        writer.WriteStartObject();
        writer.WriteString("group", group.ToString());
        writer.WriteNumber("port", port);
        WriteCounts(writer, Sum(each => each.Received), receptions.Values.Aggregate(0UL, (sum, each) => sum + each.Analysis.Lost),
            Sum(each => each.Duplicates), Sum(each => each.Reordered));
        writer.WriteNumber("foreign", Foreign);
        writer.WriteNumber("dropped-by-kernel", droppedByKernel);
        writer.WriteStartArray("streams");
        foreach (
            var ((source, stream), reception) in receptions.OrderBy(each => each.Key.Source).ThenBy(each => each.Value.Analysis.FirstAt))
            Write(writer, source, stream, reception);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The report in words: one line per stream, and one per gap.</summary>
    /// <param name="report">What <see cref="WriteTo"/> wrote.</param>
    public static IEnumerable<string> Lines(JsonElement report)
    {
        foreach (var stream in report.GetProperty("streams").EnumerateArray())
        {
            yield return $"{Text(stream, "source")} stream {Text(stream, "stream")}: received {Text(stream, "received")}, lost "
                + $"{Text(stream, "lost")}, "
                + $"duplicates {Text(stream, "duplicates")}, reordered {Text(stream, "reordered")}";
            foreach (var gap in stream.GetProperty("gaps").EnumerateArray())
                yield return $"  gap #{Text(gap, "from")} to #{Text(gap, "to")}: {Text(gap, "count")} missing, "
                    + $"{Text(gap, "duration-us")} µs";
        }

        if (report.GetProperty("foreign").GetInt64() > 0)
            yield return $"{Text(report, "foreign")} datagrams of another format";
        if (report.GetProperty("dropped-by-kernel").GetInt64() > 0)
            yield return $"{Text(report, "dropped-by-kernel")} of the lost ones did arrive, but the receiving socket's buffer was full";
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).ToString();

    private static void Write(Utf8JsonWriter writer, Address source, ulong stream, Reception reception)
    {
        var analysis = reception.Analysis;
        writer.WriteStartObject();
        writer.WriteString("source", source.ToString());
        writer.WriteString("stream", stream.ToString("x16", CultureInfo.InvariantCulture));
        WriteCounts(writer, analysis.Received, analysis.Lost, analysis.Duplicates, analysis.Reordered);
        writer.WriteNumber("first-sequence", analysis.First);
        writer.WriteNumber("last-sequence", analysis.Last);
        writer.WriteString("first-at", analysis.FirstAt.ToString());
        writer.WriteString("last-at", analysis.LastAt.ToString());
        writer.WriteStartObject("delay-us");
        writer.WriteNumber("least", reception.Delays.Least.TotalMicroseconds);
        writer.WriteNumber("mean", reception.Delays.Mean.TotalMicroseconds);
        writer.WriteNumber("most", reception.Delays.Most.TotalMicroseconds);
        writer.WriteEndObject();
        writer.WriteStartArray("gaps");
        foreach (var gap in analysis.Gaps)
        {
            writer.WriteStartObject();
            writer.WriteNumber("from", gap.From);
            writer.WriteNumber("to", gap.To);
            writer.WriteNumber("count", gap.Count);
            writer.WriteString("at", gap.Before.ToString());
            writer.WriteNumber("duration-us", gap.Duration.TotalMicroseconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, long received, ulong lost, long duplicates, long reordered)
    {
        writer.WriteNumber("received", received);
        writer.WriteNumber("lost", lost);
        writer.WriteNumber("duplicates", duplicates);
        writer.WriteNumber("reordered", reordered);
    }

    private long Sum(Func<SequenceAnalysis, long> count) => receptions.Values.Sum(each => count(each.Analysis));

    private sealed class Reception
    {
        public SequenceAnalysis Analysis { get; } = new();

        public Delays Delays { get; } = new();
    }
}
