using System.Diagnostics;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Benchmarks;

/// <summary>
/// The ways to receive reports, side by side: the same frames over a veth pair, taken by system calls or from a ring, by a reader
/// that does nothing else and by the shipped router. Every way is measured in every round, so that other load on the machine affects all of
/// them.
/// </summary>
internal static class ReceiveBenchmarks
{
    private const int Rounds = 5;
    private const int Groups = 1_000;
    private const int Burst = 100_000;

    private static readonly string[] Ways = ["socket", "ring"];

    private static readonly Load[] Loads =
    [
        new("flood", 300_000, 0),
        new("20,000/s", 40_000, 20_000),
        new("1,000/s", 2_000, 1_000),
    ];

    private static readonly PacketSocketOptions Listening = new()
    {
        Protocol = PacketSocketOptions.Ipv4,
        LinkHeader = false,
        Filter = PacketFilter.Of(Dialect.Igmp.Filter),
        AllMulticast = true,
        IgnoreOutgoing = true,
        ReceiveBufferBytes = 32 << 20,
    };

    public static IEnumerable<Row> Run()
    {
        var figures = new Dictionary<string, List<double>>();
        Processors.Pin(Processors.Sender);
        for (var round = 0; round < Rounds; round++)
        {
            Bare(figures);
            foreach (var way in Ways)
            {
                Daemon(way, figures);
                DaemonBurst(way, figures);
            }
        }

        return figures.Select(each =>
            Bench.Of(each.Key, [.. each.Value], each.Key.StartsWith("lost", StringComparison.Ordinal) ? "%" : "µs"));
    }

    private static void Bare(Dictionary<string, List<double>> figures)
    {
        const string Wire = """
            set -e
            ip link add eth0 type veth peer name sender
            ip link set eth0 up
            ip link set sender up
            echo up
            exec cat
            """;
        using var wire = Process.Start(
            new ProcessStartInfo("unshare", ["--net", "/bin/sh", "-c", Wire])
            {
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
            }
        )!;
        wire.StandardOutput.ReadLine();
        using var namespaces = ProcessReference.Find(wire.Id)!;
        using var sender = NamespaceThread.RunIn(
            namespaces, NamespaceKinds.Network, () => PacketSocket.Open("sender", new PacketSocketOptions { Protocol = 0 }));
        var frames = DaemonBenchmarks.Frames(RecordType.IsExclude, Groups);
        foreach (var load in Loads)
        {
            foreach (var sleeps in new[] { false, true })
            {
                foreach (var way in Ways)
                {
                    var options = Listening with { Ring = way == "ring" ? new PacketRingOptions() : null };
                    using var socket = NamespaceThread.RunIn(namespaces, NamespaceKinds.Network, () => PacketSocket.Open("eth0", options));
                    var reader = new BareReader(socket, sleeps, load.Count);
                    load.Send(sender, frames);
                    var each = reader.Join();
                    Note(figures, $"bare reader{(sleeps ? " that sleeps" : "")}, {load.Name}: {way}", each);
                    Note(
                        figures, $"lost by the bare reader{(sleeps ? " that sleeps" : "")}, {load.Name}: {way}",
                        100.0 * (load.Count - reader.Count) / load.Count);
                }
            }
        }

        wire.StandardInput.Close();
        wire.WaitForExit();
    }

    private static void Daemon(string way, Dictionary<string, List<double>> figures) => WithDaemon(way, (router, control, socket) =>
    {
        var joins = DaemonBenchmarks.Frames(RecordType.ToExclude, Groups);
        var refreshes = DaemonBenchmarks.Frames(RecordType.IsExclude, Groups);
        DaemonBenchmarks.Send(socket, joins, joins.Length);
        // The first warms the daemon's compiled code up.
        DaemonBenchmarks.Measure(router, control, () => Loads[0].Send(socket, refreshes));
        foreach (var load in Loads)
        {
            var (each, lost) = DaemonBenchmarks.Measure(router, control, () => load.Send(socket, refreshes));
            Note(figures, $"router, {load.Name}: {way}", each);
            Note(figures, $"lost by the router, {load.Name}: {way}", 100 * lost);
        }
    });

    private static void DaemonBurst(string way, Dictionary<string, List<double>> figures) =>
        WithDaemon(
            way,
            (router, control, socket) =>
            {
                var joins = DaemonBenchmarks.Frames(RecordType.ToExclude, Burst);
                var (each, _) = DaemonBenchmarks.Measure(router, control, () => DaemonBenchmarks.Send(socket, joins, Burst));
                Note(figures, $"router, burst of {Burst:N0} joins: {way}", each);
                // The probe's group is there too.
                Note(
                    figures, $"lost by the router, burst of {Burst:N0} joins: {way}",
                    100.0 * (Burst + 1 - DaemonBenchmarks.Received(control).Groups) / Burst);
            });

    private static void WithDaemon(string way, Action<Process, string, PacketSocket> measure)
    {
        var folder = Directory.CreateTempSubdirectory("multicast-lab-benchmark-").FullName;
        var control = Path.Combine(folder, "router.sock");
        using var router = DaemonBenchmarks.Start(control, $"--receive {way}");
        try
        {
            Processors.Pin(Processors.Reader, router.Id);
            using var namespaces = ProcessReference.Find(router.Id)!;
            using var socket = NamespaceThread.RunIn(
                namespaces, NamespaceKinds.Network, () => PacketSocket.Open("sender", new PacketSocketOptions { Protocol = 0 }));
            var probe = DaemonBenchmarks.Frame(Reports.Of(RecordType.ToExclude, [Address.Parse("239.255.0.1")]));
            while (DaemonBenchmarks.Received(control).Groups == 0)
                socket.Send(probe);
            measure(router, control, socket);
        }
        finally
        {
            router.Kill();
            router.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Note(Dictionary<string, List<double>> figures, string name, double figure)
    {
        if (!figures.TryGetValue(name, out var list))
            figures.Add(name, list = []);
        list.Add(figure);
    }
}
