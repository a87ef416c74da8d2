using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Membership.Host;

/// <summary>What a host does with each kind of IGMP message: one place for every shell that receives IGMP.</summary>
public static class IgmpReception
{
    /// <summary>Hands a valid message to the core. Messages other than queries and older reports are of no concern to hosts (RFC 9776 §5).</summary>
    public static IReadOnlyList<Effect> ReceiveIgmp(this HostInterface host, in IgmpPacket packet, Instant now)
    {
        ArgumentNullException.ThrowIfNull(host);
        return packet.Type switch
        {
            IgmpType.MembershipQuery => host.Receive(packet.Envelope, packet.Query, now),
            IgmpType.V1MembershipReport or IgmpType.V2MembershipReport => host.ReceiveOlderReport(packet.Group, now),
            _ => host.Advance(now),
        };
    }
}
