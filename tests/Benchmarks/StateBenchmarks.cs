using System.Diagnostics;
using System.Globalization;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Benchmarks;

/// <summary>
/// What changes of state cost the shipped router in processor time and memory: joins with and without a kernel route, leaves with their
/// queries and all that follows, sources, by the thousand.
/// </summary>
internal static class StateBenchmarks
{
    private const int Rounds = 3;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongerThanAnyInterval = TimeSpan.FromSeconds(1.2);
    private static readonly Address Source = Address.Parse("10.0.2.9");

    public static IEnumerable<Row> Run()
    {
        var figures = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        Processors.Pin(Processors.Sender);
        for (var round = 0; round < Rounds; round++)
        {
            Joins(figures);
            Routes(figures);
            Sources(figures);
            Memory(figures);
        }

        return figures.Select(each =>
            Bench.Of(each.Key, [.. each.Value], each.Key.Contains("memory", StringComparison.Ordinal) ? "bytes" : "µs"));
    }

    private static void Joins(SortedDictionary<string, List<double>> figures) =>
        WithRouter(
            "",
            ["eth0"],
            (router, sockets) =>
            {
                WarmUp(router, sockets[0]);
                var groups = Reports.Groups(10_000);
                Note(
                    figures, "join, 10,000 at 1,000/s",
                    Cost(router, new Load("", 10_000, 1_000), sockets[0], Frames(RecordType.ToExclude, groups)));
                Note(
                    figures, "leave with its queries and end, 1,000 at 1,000/s",
                    Cost(router, new Load("", 1_000, 1_000), sockets[0], Frames(RecordType.ToInclude, groups[..1_000])));
                Note(
                    figures, "leave with its queries and end, 9,000 in one burst",
                    Cost(router, new Load("", 9_000, 0), sockets[0], Frames(RecordType.ToInclude, groups[1_000..])));
            });

    private static void Routes(SortedDictionary<string, List<double>> figures) =>
        WithRouter(
            "--forward",
            ["eth0", "eth1"],
            (router, sockets) =>
            {
                WarmUp(router, sockets[0]);
                var all = Reports.Groups(11_000);
                foreach (var groups in new[] { all[..1_000], all[1_000..] })
                {
                    var count = groups.Length;
                    // Each has its entry, to nowhere, before anybody joins.
                    new Load("", count, 10_000).Send(sockets[1], [.. groups.Select(Datagram)]);
                    Settled(router, Quiet);
                    // The sweep of idle entries never lets it be quiet for long.
                    Note(
                        figures, $"join with its kernel route, {count:N0} at 1,000/s",
                        Cost(router, new Load("", count, 1_000), sockets[0], Frames(RecordType.ToExclude, groups), Quiet));
                }
            });

    private static void Sources(SortedDictionary<string, List<double>> figures) =>
        WithRouter(
            "",
            ["eth0"],
            (router, sockets) =>
            {
                WarmUp(router, sockets[0]);
                var groups = Specific(1_000);
                Note(
                    figures,
                    "(S,G) join, 1,000 × 10 at 1,000/s, per (S,G)",
                    Cost(
                        router, new Load("", 1_000, 1_000), sockets[0],
                        [.. groups.Select(each => Frame(RecordType.Allow, each, Reports.Sources(10)))]) / 10);
                Note(
                    figures,
                    "(S,G) refresh, 1,000 × 10 at 1,000/s, per (S,G)",
                    Cost(
                        router, new Load("", 10_000, 1_000), sockets[0],
                        [.. groups.Select(each => Frame(RecordType.IsInclude, each, Reports.Sources(10)))]) / 10);
                foreach (var count in new[] { 250, 1_000, 5_000 })
                {
                    var group = Address.FromV4(0xE802_0000 + (uint)count);
                    var lists = Reports.Sources(count).Chunk(250).ToArray();
                    Note(
                        figures,
                        $"(S,G) join, {count:N0} sources of one group, per (S,G)",
                        Cost(
                            router, new Load("", lists.Length, 0), sockets[0],
                            [.. lists.Select(each => Frame(RecordType.Allow, group, each))]) / 250);
                    Note(
                        figures,
                        $"(S,G) refresh, {count:N0} sources of one group, per (S,G)",
                        Cost(
                            router, new Load("", 2_000, 5_000), sockets[0],
                            [.. lists.Select(each => Frame(RecordType.IsInclude, group, each))]) / 250);
                }
            });

    private static void Memory(SortedDictionary<string, List<double>> figures)
    {
        foreach (var count in new[] { 10_000, 100_000 })
        {
            WithRouter(
                "",
                ["eth0"],
                (router, sockets) =>
                {
                    WarmUp(router, sockets[0]);
                    Grow(
                        router,
                        sockets[0],
                        $"memory per group, {count:N0}",
                        count,
                        [.. Reports.Groups(count).Chunk(100).Select(some => DaemonBenchmarks.Frame(Reports.Of(RecordType.ToExclude, some)))]
                    );
                });
            WithRouter(
                "",
                ["eth0"],
                (router, sockets) =>
                {
                    WarmUp(router, sockets[0]);
                    Grow(
                        router, sockets[0], $"memory per (S,G), {count:N0} as {count / 10:N0} × 10", count,
                        [.. Specific(count / 10).Select(each => Frame(RecordType.Allow, each, Reports.Sources(10)))]);
                });
        }

        void Grow(Process router, PacketSocket socket, string name, int count, byte[][] frames)
        {
            var before = Resident(router);
            Cost(router, new Load("", frames.Length, 5_000), socket, frames);
            Note(figures, name, (Resident(router) - before) / (double)count);
        }
    }

    /// <summary>
    /// Joins and leaves of both kinds, often enough that the runtime has compiled them for good and the heap has its size.
    /// </summary>
    private static void WarmUp(Process router, PacketSocket socket)
    {
        var groups = Enumerable.Range(0, 500).Select(i => Address.FromV4(0xEF80_0000 + (uint)i)).ToArray();
        var specific = Enumerable.Range(0, 100).Select(i => Address.FromV4(0xE880_0000 + (uint)i)).ToArray();
        byte[][] frames =
        [
            .. Frames(RecordType.ToExclude, groups), .. specific.Select(each => Frame(RecordType.Allow, each, Reports.Sources(10))),
            .. Frames(RecordType.IsExclude, groups), .. specific.Select(each => Frame(RecordType.IsInclude, each, Reports.Sources(10))),
            .. Frames(RecordType.ToInclude, groups), .. specific.Select(each => Frame(RecordType.Block, each, Reports.Sources(10))),
        ];
        for (var i = 0; i < 3; i++)
            Cost(router, new Load("", frames.Length, 2_000), socket, frames);
    }

    /// <summary>The processor time for each report, with all that follows from it.</summary>
    private static double Cost(Process router, Load load, PacketSocket socket, byte[][] frames, TimeSpan? quiet = null)
    {
        var time = Settled(router, Quiet);
        load.Send(socket, frames);
        return (Settled(router, quiet ?? LongerThanAnyInterval) - time) / 1_000.0 / load.Count;
    }

    private static long Settled(Process router, TimeSpan quiet) => DaemonBenchmarks.Settled(router.Id, quiet);

    private static long Resident(Process router) =>
        Environment.SystemPageSize * long.Parse(File.ReadAllText($"/proc/{router.Id}/statm").Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>Groups of the source-specific range.</summary>
    private static Address[] Specific(int count) => [.. Enumerable.Range(0, count).Select(i => Address.FromV4(0xE801_0000 + (uint)i))];

    private static byte[][] Frames(RecordType type, Address[] groups) => [.. groups.Select(each => Frame(type, each, []))];

    private static byte[] Frame(RecordType type, Address group, Address[] sources) =>
        DaemonBenchmarks.Frame(new ReportContent([new RecordContent(type, group, sources)]));

    private static byte[] Datagram(Address group)
    {
        var packet = new byte[100];
        var length = UdpWriter.Write(packet, Ipv4Header.ForUdp(Source, group, 8), 5000, 5000, "join"u8);
        var frame = new byte[200];
        return frame[..EthernetWriter.WriteIpv4(frame, new MacAddress(0x0200_0000_00AA), packet.AsSpan(0, length))];
    }

    /// <summary>
    /// A router with a veth pair per interface; members are on the first one. The sockets are the other ends, hosts on the LANs.
    /// </summary>
    private static void WithRouter(string options, string[] interfaces, Action<Process, PacketSocket[]> measure)
    {
        const string Wire = """
            set -e
            control=$1 options=$2
            shift 2
            lan=1
            for each; do
              ip link add $each type veth peer name host-$each
              ip address add 10.0.$lan.1/24 dev $each
              ip link set $each up
              ip link set host-$each up
              options="$options --interface $each"
              lan=$((lan + 1))
            done
            exec "$0" run --control "$control" $options
            """;
        var folder = Directory.CreateTempSubdirectory("multicast-lab-benchmark-").FullName;
        var control = Path.Combine(folder, "router.sock");
        using var router = DaemonBenchmarks.Start(Wire, [control, options, .. interfaces]);
        try
        {
            Processors.Pin(Processors.Reader, router.Id);
            using var namespaces = ProcessReference.Find(router.Id)!;
            var sockets = NamespaceThread.RunIn(namespaces, NamespaceKinds.Network,
                () => interfaces.Select(each => PacketSocket.Open($"host-{each}", new PacketSocketOptions { Protocol = 0 })).ToArray());
            var probe = DaemonBenchmarks.Frame(Reports.Of(RecordType.ToExclude, [Address.Parse("239.255.0.1")]));
            while (DaemonBenchmarks.Received(control).Groups == 0)
                sockets[0].Send(probe);
            measure(router, sockets);
            Array.ForEach(sockets, each => each.Dispose());
        }
        finally
        {
            router.Kill();
            router.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Note(SortedDictionary<string, List<double>> figures, string name, double figure)
    {
        if (!figures.TryGetValue(name, out var list))
            figures.Add(name, list = []);
        list.Add(figure);
    }
}
