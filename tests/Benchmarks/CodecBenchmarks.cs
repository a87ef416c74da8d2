using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Benchmarks;

/// <summary>What reading and writing one message costs.</summary>
internal static class CodecBenchmarks
{
    public static IEnumerable<Row> Run()
    {
        var from = Address.Parse("10.0.0.11");
        var to = Address.Parse("224.0.0.22");
        foreach (var (records, sources) in new[] { (1, 0), (1, 10), (50, 0) })
        {
            var report = Reports.Of(RecordType.IsExclude, Reports.Groups(records), sources);
            var packet = new byte[1500];
            var length = IgmpWriter.WriteReport(packet, report, from, to);

            yield return Bench.PerOperation($"read and walk a report, {records} records of {sources} sources", 200_000 / records, count =>
            {
                for (var i = 0; i < count; i++)
                    Walk(packet.AsSpan(0, length));
            });
            yield return Bench.PerOperation($"write a report, {records} records of {sources} sources", 200_000 / records, count =>
            {
                for (var i = 0; i < count; i++)
                    IgmpWriter.WriteReport(packet, report, from, to);
            });
        }
    }

    private static uint Walk(ReadOnlySpan<byte> bytes)
    {
        if (IgmpPacket.TryRead(bytes, out var packet) != PacketError.None)
            throw new InvalidOperationException("The benchmark's own report was rejected.");
        var seen = 0u;
        foreach (var record in packet.Report)
        {
            seen += record.Group.V4Bits;
            foreach (var source in record.Sources)
                seen += source.V4Bits;
        }

        return seen;
    }
}
