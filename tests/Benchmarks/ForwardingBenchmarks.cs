using System.Diagnostics;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;
using MulticastLab.Tests;

namespace MulticastLab.Benchmarks;

/// <summary>
/// How soon a join takes effect: the shipped router between two LANs, a stream to every group on one, a thousand joins a second
/// on the other. From the kernel's timestamp of the join to that of the group's first packet behind the router. And how late queries are
/// when as many leave.
/// </summary>
internal static class ForwardingBenchmarks
{
    private const int Joins = 3_000;
    private const int WarmUp = 500;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan StreamPace = TimeSpan.FromMilliseconds(0.1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly Address Source = Address.Parse("10.0.0.2");
    private static readonly MacAddress Station = new(0x0200_0000_00AA);

    public static IEnumerable<Row> Run()
    {
        var folder = Directory.CreateTempSubdirectory("multicast-lab-benchmark-").FullName;
        using var router = Start(Path.Combine(folder, "router.sock"));
        try
        {
            using var namespaces = ProcessReference.Find(router.Id)!;
            // A packet socket does not see what it sends itself: one joins, and one looks on.
            var (source, member, ear) = NamespaceThread.RunIn(namespaces, NamespaceKinds.Network, () => (
                PacketSocket.Open("source", new PacketSocketOptions { Protocol = 0 }),
                PacketSocket.Open("member", new PacketSocketOptions { Protocol = 0 }),
                PacketSocket.Open("member", new PacketSocketOptions
                {
                    Protocol = PacketSocketOptions.AllProtocols, LinkHeader = false, AllMulticast = true, ReceiveBufferBytes = 64 << 20,
                })));
            using (source)
            using (member)
            using (ear)
            {
                using var measured = new JoinMeasurement(source, member, ear);
                var groups = Reports.Groups(WarmUp + Joins);
                measured.Play(groups.AsSpan(0, WarmUp), Pace, Patience);
                var delays = measured.Play(groups.AsSpan(WarmUp), Pace, Patience);
                Array.Sort(delays);
                using var leaves = new LeaveMeasurement(member, ear);
                var late = leaves.Play(groups.AsSpan(WarmUp), Pace, Patience);
                Array.Sort(late);
                return
                [
                    Bench.Of(
                        $"join → first packet, {Joins:N0} joins at 1,000/s ({Joins - delays.Length} never seen)", [.. delays], "ms", null,
                        "≤ 5 ms"),
                    Bench.Of("… of these the slowest 1 %", delays[^Math.Max(1, delays.Length / 100)..], "ms", null, "≤ 5 ms"),
                    Bench.Of(
                        $"leave → second query after its time, {Joins:N0} leaves at 1,000/s ({Joins - late.Length} never seen)", [.. late],
                        "ms"),
                    Bench.Of("… of these the latest 1 %", late[^Math.Max(1, late.Length / 100)..], "ms"),
                ];
            }
        }
        finally
        {
            router.Kill();
            router.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(string control)
    {
        const string Wire = """
            set -e
            ip link add eth0 type veth peer name source
            ip link add eth1 type veth peer name member
            ip address add 10.0.0.1/24 dev eth0
            ip address add 10.0.1.1/24 dev eth1
            for each in eth0 source eth1 member; do ip link set $each up; done
            exec "$0" run --forward --interface eth0 --interface eth1 --control "$1"
            """;
        var program = ShippedPrograms.PathOf("router");
        var router = Process.Start(
            new ProcessStartInfo("unshare", ["--net", "/bin/sh", "-c", Wire, program, control]) { RedirectStandardError = true })!;
        while (router.StandardError.ReadLine() is { } line)
        {
            if (!line.Contains("router: ready", StringComparison.Ordinal))
                continue;
            _ = router.StandardError.ReadToEndAsync();
            return router;
        }

        throw new InvalidOperationException("the router ended before it was ready");
    }

    /// <summary>A run of joins, and the outcome of each.</summary>
    private sealed class JoinMeasurement(PacketSocket source, PacketSocket member, PacketSocket ear) : IDisposable
    {
        private readonly PacketBatch batch = new();
        private readonly Dictionary<Address, Instant> joined = [];
        private readonly Dictionary<Address, double> delays = [];

        /// <summary>Joins one group after the other; the milliseconds that each took, of those that were seen.</summary>
        public double[] Play(ReadOnlySpan<Address> groups, TimeSpan pace, TimeSpan patience)
        {
            var joins = groups.ToArray().Select(group => Frame(Reports.PacketOf(Reports.Of(RecordType.ToExclude, [group])))).ToArray();
            var packets = groups.ToArray().Select(group => Frame(Datagram(group))).ToArray();
            // Each has its entry, to nowhere, before anybody joins.
            foreach (var packet in packets)
                At(KernelClock.Monotonic + (pace / 4), () => source.Send(packet));
            delays.Clear();
            joined.Clear();
            var (next, oldest) = (0, 0);
            var begun = KernelClock.Monotonic;
            var (last, due) = (begun, begun);
            while (oldest < joins.Length && KernelClock.Monotonic - last < patience)
            {
                if (next < joins.Length && KernelClock.Monotonic - begun >= pace * next)
                {
                    member.Send(joins[next++]);
                    last = KernelClock.Monotonic;
                }

                Take();
                while (oldest < next && delays.ContainsKey(groups[oldest]))
                    oldest++;
                if (KernelClock.Monotonic < due)
                    continue;
                due = KernelClock.Monotonic + StreamPace;
                // One packet to each group that was joined and is not seen yet.
                for (var i = oldest; i < next && i < oldest + 20; i++)
                {
                    if (!delays.ContainsKey(groups[i]))
                        source.Send(packets[i]);
                }
            }

            return [.. delays.Values];
        }

        public void Dispose() => batch.Dispose();

        private void At(Instant time, Action action)
        {
            while (KernelClock.Monotonic < time)
                Take();
            action();
        }

        private void Take()
        {
            while (ear.Receive(batch) > 0)
            {
                for (var i = 0; i < batch.Count; i++)
                {
                    var packet = batch[i];
                    if (packet.Bytes.Length < 20 || packet.Bytes[0] >> 4 != 4)
                        continue;
                    if (packet.Bytes[9] == IpProtocol.Udp && joined.TryGetValue(Address.Read(packet.Bytes[16..20]), out var at))
                        delays.TryAdd(Address.Read(packet.Bytes[16..20]), (packet.At - at).TotalMilliseconds);
                    else if (packet is { Type: PacketType.Outgoing } && packet.Bytes[9] == IpProtocol.Igmp)
                        joined.TryAdd(Joined(packet.Bytes), packet.At);
                }
            }
        }

        // Behind the IPv4 header with Router Alert: the report's header, then its record, which begins with type, length and number of
        // sources.
        private static Address Joined(ReadOnlySpan<byte> packet) => Address.Read(packet[(24 + 8 + 4)..(24 + 8 + 8)]);

        private static byte[] Datagram(Address group)
        {
            var buffer = new byte[100];
            return buffer[..UdpWriter.Write(buffer, Ipv4Header.ForUdp(Source, group, 8), 5000, 5000, "join"u8)];
        }

        private static byte[] Frame(byte[] packet)
        {
            var buffer = new byte[200];
            return buffer[..EthernetWriter.WriteIpv4(buffer, Station, packet)];
        }
    }
}
