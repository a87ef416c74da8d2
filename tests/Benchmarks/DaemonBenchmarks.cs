using System.Diagnostics;
using MulticastLab.Daemon.Control;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Tests;

namespace MulticastLab.Benchmarks;

/// <summary>
/// What the router daemon costs in processor time per report: the shipped program in a network namespace, flooded over a veth pair.
/// Processor time is the scheduler's, of all its threads, so system calls count; the time of the sender does not.
/// </summary>
internal static class DaemonBenchmarks
{
    private const int Refreshes = 200_000;
    private const int NewGroups = 5_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(20);
    private static readonly string Folder = Directory.CreateTempSubdirectory("multicast-lab-benchmark-").FullName;

    public static IEnumerable<Row> Run()
    {
        var rows = new List<Row>();
        try
        {
            foreach (var groups in new[] { 100, 1_000, 10_000 })
                rows.AddRange(Flood(groups));
        }
        finally
        {
            Directory.Delete(Folder, recursive: true);
        }

        return rows;
    }

    private static List<Row> Flood(int groups)
    {
        var control = Path.Combine(Folder, $"{groups}.sock");
        using var router = Start(control);
        try
        {
            using var namespaces = ProcessReference.Find(router.Id)!;
            using var socket = NamespaceThread.RunIn(namespaces, NamespaceKinds.Network,
                // Protocol 0: it only sends.
                () => PacketSocket.Open("sender", new PacketSocketOptions { Protocol = 0 }));
            var joins = Frames(RecordType.ToExclude, groups + NewGroups);
            var refreshes = Frames(RecordType.IsExclude, groups);
            // The first packets after the link has come up may vanish; a group outside the range tells when the daemon hears us.
            var probe = Frame(Reports.Of(RecordType.ToExclude, [Address.Parse("239.255.0.1")]));
            while (Received(control).Groups == 0)
                socket.Send(probe);

            Measure(router, control, () => Send(socket, joins.AsSpan(0, groups), groups));
            var (join, _) = Measure(router, control, () => Send(socket, joins.AsSpan(groups), NewGroups));
            // Twice: the first warms the daemon's compiled code up.
            Measure(router, control, () => Send(socket, refreshes, Refreshes));
            var (refresh, lost) = Measure(router, control, () => Send(socket, refreshes, Refreshes));
            return
            [
                Bench.Of(
                    $"daemon, new join TO_EX{{}}, {NewGroups:N0} in one burst beside {groups:N0} groups", [join], "µs", null, "≤ 10 µs"),
                Bench.Of(
                    $"daemon, refresh IS_EX{{}} under a flood, {groups:N0} groups (lost {lost:P1})", [refresh], "µs", null, "≤ 1.1 µs"),
            ];
        }
        finally
        {
            router.Kill();
            router.WaitForExit();
        }
    }

    internal static Process Start(string control, string options = "")
    {
        const string Wire = """
            set -e
            ip link add eth0 type veth peer name sender
            ip address add 10.0.0.1/24 dev eth0
            ip link set eth0 up
            ip link set sender up
            ip link set lo up
            exec "$0" run --interface eth0 --control "$1" $2
            """;
        return Start(Wire, [control, options]);
    }

    /// <summary>Starts a router in a network namespace of its own, and waits until it is ready.</summary>
    /// <param name="wire">A script that makes the namespace's interfaces and then executes "$0", the router.</param>
    /// <param name="arguments">The script's arguments.</param>
    internal static Process Start(string wire, string[] arguments)
    {
        var program = ShippedPrograms.PathOf("router");
        var router = Process.Start(
            new ProcessStartInfo("unshare", ["--net", "/bin/sh", "-c", wire, program, .. arguments]) { RedirectStandardError = true })!;
        while (router.StandardError.ReadLine() is { } line)
        {
            if (line.Contains("router: ready", StringComparison.Ordinal))
            {
                // What it says from here on must not fill the pipe.
                _ = router.StandardError.ReadToEndAsync();
                return router;
            }
        }

        throw new InvalidOperationException("the router ended before it was ready");
    }

    /// <summary>The daemon's processor time per report that it received, in microseconds, and the share that it lost.</summary>
    internal static (double Microseconds, double Lost) Measure(Process router, string control, Func<int> send)
    {
        var before = Received(control).Reports;
        var time = Settled(router.Id, Quiet);
        var sent = send();
        time = Settled(router.Id, Quiet) - time;
        var received = Received(control).Reports - before;
        return (time / 1_000.0 / received, 1 - (received / (double)sent));
    }

    /// <summary>The processor time when the process has had nothing to do for a while. (Asking it would be counted as its work.)</summary>
    internal static long Settled(int process, TimeSpan quiet)
    {
        var time = Comparison.ProcessorTime.ByClockOf(process);
        while (SpinWait.SpinUntil(() => Comparison.ProcessorTime.ByClockOf(process) != time, quiet))
            time = Comparison.ProcessorTime.ByClockOf(process);
        return time;
    }

    internal static int Send(PacketSocket socket, ReadOnlySpan<byte[]> frames, int count)
    {
        for (var i = 0; i < count; i++)
            socket.Send(frames[i % frames.Length]);
        return count;
    }

    internal static (long Reports, long Groups) Received(string control)
    {
        using var client = ControlClient.Connect(control).GetAwaiter().GetResult();
        var state = client.Ask("show").GetAwaiter().GetResult();
        var global = state.GetProperty("ietf-igmp-mld:igmp").GetProperty("global");
        return (global.GetProperty("statistics").GetProperty("received").EnumerateObject()
            .Where(each => each.Name.Contains("report", StringComparison.Ordinal)).Sum(each => each.Value.GetInt64()),
            global.GetProperty("groups-count").GetInt64());
    }

    internal static byte[][] Frames(RecordType type, int groups) =>
        [.. Reports.Groups(groups).Select(group => Frame(Reports.Of(type, [group])))];

    internal static byte[] Frame(ReportContent report)
    {
        var buffer = new byte[2_000];
        var length = EthernetWriter.WriteIpv4(buffer, new MacAddress(0x0200_0000_00AA), Reports.PacketOf(report));
        return buffer[..length];
    }
}
