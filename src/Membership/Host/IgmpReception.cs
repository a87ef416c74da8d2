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
            // RFC 1112 has no message of this type: were a host of version 1 to give way to it, routers would not know that there is one.
            IgmpType.V2MembershipReport when host.Settings.Version == 1 => host.Advance(now),
            IgmpType.V1MembershipReport or IgmpType.V2MembershipReport => host.ReceiveOlderReport(packet.Group, now),
            _ => host.Advance(now),
        };
    }
}
