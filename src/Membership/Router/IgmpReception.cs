using System.Diagnostics;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Membership.Router;

/// <summary>What a router does with each kind of IGMP message: one place for every shell that receives IGMP.</summary>
public static class IgmpReception
{
    /// <summary>Hands a valid message of whatever type and version to the core.</summary>
    public static IReadOnlyList<Effect> ReceiveIgmp(this RouterInterface router, in IgmpPacket packet, Instant now)
    {
        ArgumentNullException.ThrowIfNull(router);
        return packet.Type switch
        {
            IgmpType.MembershipQuery => router.Receive(packet.Envelope, packet.Query, now),
            IgmpType.V3MembershipReport => router.Receive(packet.Envelope, packet.Report, now),
            IgmpType.V1MembershipReport or IgmpType.V2MembershipReport or IgmpType.V2LeaveGroup =>
                router.Receive(packet.Envelope, packet.GroupMessage, now),
            _ => throw new UnreachableException(),
        };
    }
}
