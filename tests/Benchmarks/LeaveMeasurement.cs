using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Benchmarks;

/// <summary>A run of leaves, each from the last member of a group, and how late the second query for each group is, which is to come the
/// Last Member Query Interval after the leave (RFC 9776 §6.6.3.1).</summary>
/// <param name="member">Leaves.</param>
/// <param name="ear">Hears the leaves and the queries.</param>
internal sealed class LeaveMeasurement(PacketSocket member, PacketSocket ear) : IDisposable
{
    private static readonly MacAddress Station = new(0x0200_0000_00AA);
    private static readonly TimeSpan Interval = Timing.Default.LastMemberQueryInterval;

    private readonly PacketBatch batch = new();
    private readonly Dictionary<Address, Instant> left = [];
    private readonly HashSet<Address> asked = [];
    private readonly Dictionary<Address, double> late = [];

    /// <summary>
    /// Leaves one group after the other; by how many milliseconds each second query comes after its time, of those that were seen.
    /// </summary>
    public double[] Play(ReadOnlySpan<Address> groups, TimeSpan pace, TimeSpan patience)
    {
        var leaves = groups.ToArray().Select(Leave).ToArray();
        var begun = KernelClock.Monotonic;
        var end = begun + (pace * leaves.Length) + Interval + patience;
        for (var next = 0; late.Count < leaves.Length && KernelClock.Monotonic < end;)
        {
            if (next < leaves.Length && KernelClock.Monotonic - begun >= pace * next)
                member.Send(leaves[next++]);
            Take();
        }

        return [.. late.Values];
    }

    public void Dispose() => batch.Dispose();

    private void Take()
    {
        while (ear.Receive(batch) > 0)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (IgmpPacket.TryRead(batch[i].Bytes, out var packet) == PacketError.None)
                    Take(packet, batch[i].At);
            }
        }
    }

    private void Take(IgmpPacket packet, Instant at)
    {
        if (packet.Type == IgmpType.V3MembershipReport)
        {
            foreach (var record in packet.Report)
                left.TryAdd(record.Group, at);
        }
        else if (
            packet.Type == IgmpType.MembershipQuery
            && left.TryGetValue(packet.Query.Group, out var leave)
            && !asked.Add(packet.Query.Group))
        {
            late.TryAdd(packet.Query.Group, (at - leave - Interval).TotalMilliseconds);
        }
    }

    private static byte[] Leave(Address group)
    {
        var buffer = new byte[200];
        return buffer[..EthernetWriter.WriteIpv4(buffer, Station, Reports.PacketOf(Reports.Of(RecordType.ToInclude, [group])))];
    }
}
