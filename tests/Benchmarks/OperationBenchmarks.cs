using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MulticastLab.Daemon.Metrics;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks;

/// <summary>
/// What watching costs: the histogram in the hot path, and how long the loop of the shipped router stands still with 100,000 groups while
/// their state is dumped again and again. A pause shows in the metrics as the latency of reports that come in all the while, a thousand a
/// second.
/// </summary>
internal static class OperationBenchmarks
{
    private const int Groups = 100_000;
    private const int Reports = 5_000;
    private static readonly string Folder = Directory.CreateTempSubdirectory("multicast-lab-benchmark-").FullName;

    public static IEnumerable<Row> Run()
    {
        var histogram = new LatencyHistogram();
        var rows = new List<Row>
        {
            Bench.PerOperation("histogram, one observation of 60 µs", 1_000_000, count =>
            {
                for (var i = 0; i < count; i++)
                    histogram.Observe(60_000 + (i & 1023));
            }, "≤ 5 ns"),
        };
        try
        {
            rows.AddRange(Pauses());
        }
        finally
        {
            Directory.Delete(Folder, recursive: true);
        }

        return rows;
    }

    private static List<Row> Pauses()
    {
        var control = Path.Combine(Folder, "router.sock");
        using var router = DaemonBenchmarks.Start(control, "--metrics 9464");
        try
        {
            using var namespaces = ProcessReference.Find(router.Id)!;
            using var socket = NamespaceThread.RunIn(
                namespaces, NamespaceKinds.Network, () => PacketSocket.Open("sender", new PacketSocketOptions { Protocol = 0 }));
            var groups = Benchmarks.Reports.Groups(Groups);
            var joins = groups
                .Chunk(180)
                .Select(some => DaemonBenchmarks.Frame(Benchmarks.Reports.Of(RecordType.ToExclude, some)))
                .ToArray();
            var refreshes = groups
                .Take(1_000)
                .Select(each => DaemonBenchmarks.Frame(Benchmarks.Reports.Of(RecordType.IsExclude, [each])))
                .ToArray();
            while (Read(namespaces).Groups < Groups)
            {
                foreach (var join in joins)
                    socket.Send(join);
            }

            var rows = new List<Row>();
            Trickle(socket, refreshes);
            var before = Read(namespaces);
            Trickle(socket, refreshes);
            var quiet = Read(namespaces);
            rows.AddRange(Rows("alone", before, quiet));

            using var enough = new CancellationTokenSource();
            var dumping = Task.Run(() => Dump(control, enough.Token));
            Trickle(socket, refreshes);
            enough.Cancel();
            var dumps = dumping.GetAwaiter().GetResult();
            rows.AddRange(Rows($"while dumped {dumps.Count} times", quiet, Read(namespaces)));
            rows.Add(Bench.Of($"dump of {Groups:N0} groups, first byte to last", [.. dumps], "ms"));
            return rows;
        }
        finally
        {
            router.Kill();
            router.WaitForExit();
        }
    }

    private static IEnumerable<Row> Rows(string when, Figures before, Figures after)
    {
        var counts = after.Buckets.Zip(before.Buckets, (now, then) => now - then).ToArray();
        var total = counts.Sum();
        var highest = Array.FindLastIndex(counts, each => each > 0);
        var over = counts.Skip(LatencyHistogram.Bounds.IndexOf(5_000_000) + 1).Sum();
        var collections = after.Collections - before.Collections;
        yield return Bench.Of(
            $"{Groups:N0} groups {when}: slowest of {total} reports, at most",
            [highest < LatencyHistogram.Bounds.Length ? LatencyHistogram.Bounds[highest] / 1e6 : double.PositiveInfinity], "ms", null,
            "≤ 5 ms");
        yield return Bench.Of($"{Groups:N0} groups {when}: reports that waited more than 5 ms", [over], "reports");
        yield return Bench.Of(
            $"{Groups:N0} groups {when}: {collections} collections, pause each",
            [(after.Pause - before.Pause) * 1_000 / Math.Max(1, collections)], "ms");
        yield return Bench.Of($"{Groups:N0} groups {when}: resident memory", [after.Resident / 1e6], "MB");
    }

    /// <summary>A thousand reports a second.</summary>
    private static void Trickle(PacketSocket socket, byte[][] frames)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Reports; i++)
        {
            while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < i)
                Thread.Yield();
            socket.Send(frames[i % frames.Length]);
        }
    }

    private static List<double> Dump(string control, CancellationToken enough)
    {
        var times = new List<double>();
        var buffer = new byte[256 * 1024];
        while (!enough.IsCancellationRequested)
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.Connect(new UnixDomainSocketEndPoint(control));
            client.Send("{\"command\":\"show\"}\n"u8);
            var start = Stopwatch.GetTimestamp();
            int count;
            do
            {
                count = client.Receive(buffer);
            }
            while (buffer[count - 1] != '\n');
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static Figures Read(ProcessReference namespaces)
    {
        using var socket = NamespaceThread.RunIn(namespaces, NamespaceKinds.Network, () =>
        {
            var connected = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            connected.Connect(IPAddress.Loopback, 9464);
            return connected;
        });
        socket.Send("GET /metrics HTTP/1.0\r\n\r\n"u8);
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        var samples = reader
            .ReadToEnd()
            .Split('\n')
            .Where(line => line.StartsWith("multicast", StringComparison.Ordinal) || line.StartsWith("process", StringComparison.Ordinal))
            .Select(line => line.Split(' '))
            .Where(words => words.Length == 2)
            .Select(words => (Name: words[0], Value: double.Parse(words[1], CultureInfo.InvariantCulture)))
            .ToList();
        var below = samples
            .Where(each => each.Name.StartsWith("multicast_lab_report_latency_seconds_bucket", StringComparison.Ordinal))
            .Select(each => each.Value)
            .ToArray();
        return new Figures(
            [.. below.Select((each, i) => each - (i == 0 ? 0 : below[i - 1]))],
            (int)Of("multicast_lab_groups{"),
            Of("multicast_lab_gc_pause_seconds_total"),
            Of("multicast_lab_gc_collections_total{generation=\"0\"}"),
            Of("process_resident_memory_bytes"));

        double Of(string name) => samples.First(each => each.Name.StartsWith(name, StringComparison.Ordinal)).Value;
    }

    private sealed record Figures(double[] Buckets, int Groups, double Pause, double Collections, double Resident);
}
