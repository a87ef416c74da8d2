using MulticastLab.Linux.PacketSockets;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Benchmarks.Comparison;

/// <summary>
/// What passes the members' end of their LAN, by the kernel's timestamps: when they reported a group last, and when its first and last
/// packet came.
/// </summary>
internal sealed class WireWatch(PacketSocket ear) : IDisposable
{
    private readonly PacketBatch batch = new(256, 128);
    private readonly Dictionary<Address, Instant> reported = [];
    private readonly Dictionary<Address, Instant> first = [];
    private readonly Dictionary<Address, Instant> last = [];

    /// <summary>When a group was last reported.</summary>
    public Instant Reported(Address group) =>
        reported.TryGetValue(group, out var at)
            ? at
            : throw new MeasurementFailedException($"the report of {group} was not seen on the wire");

    /// <summary>When the first packet to a group came; null when none has.</summary>
    public Instant? First(Address group) => first.TryGetValue(group, out var at) ? at : null;

    /// <summary>When the last packet to a group came; null when none has.</summary>
    public Instant? Last(Address group) => last.TryGetValue(group, out var at) ? at : null;

    /// <summary>Reads what has come.</summary>
    public void Take()
    {
        while (ear.Receive(batch) > 0)
        {
            for (var i = 0; i < batch.Count; i++)
                Take(batch[i]);
        }
    }

    /// <summary>Whether the ear has missed anything.</summary>
    public bool HasMissed => ear.ReadStatistics().Dropped > 0;

    /// <inheritdoc/>
    public void Dispose() => batch.Dispose();

    private void Take(in ReceivedPacket packet)
    {
        var bytes = packet.Bytes;
        if (bytes.Length < Ipv4View.MinimumHeaderLength || bytes[0] >> 4 != 4)
            return;
        if (bytes[9] == IpProtocol.Udp)
        {
            var group = Address.Read(bytes.Slice(Ipv4View.DestinationAt, 4));
            first.TryAdd(group, packet.At);
            last[group] = packet.At;
        }
        else if (
            packet.Type == PacketType.Outgoing
            && IgmpPacket.TryRead(bytes, out var igmp) == PacketError.None
            && igmp.Type == IgmpType.V3MembershipReport)
        {
            foreach (var record in igmp.Report)
                reported[record.Group] = packet.At;
        }
    }
}
