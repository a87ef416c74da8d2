using static MulticastLab.Packets.Igmp.IgmpLayout;

namespace MulticastLab.Packets.Igmp;

/// <summary>Which version of IGMP a message is of.</summary>
public static class IgmpVersion
{
    /// <summary>A query's version is that of its form (RFC 9776 §7.1), any other message's that of its type.</summary>
    /// <param name="message">The message without its IP header, checked or not.</param>
    /// <returns>1 to 3; null for an unknown type and for a query of no version's length.</returns>
    public static int? Of(ReadOnlySpan<byte> message) => message.IsEmpty ? null : (IgmpType)message[0] switch
    {
        IgmpType.MembershipQuery when message.Length >= QueryV3Length => 3,
        IgmpType.MembershipQuery when message.Length == FixedLength => message[CodeAt] == 0 ? 1 : 2,
        IgmpType.V1MembershipReport => 1,
        IgmpType.V2MembershipReport or IgmpType.V2LeaveGroup => 2,
        IgmpType.V3MembershipReport => 3,
        _ => null,
    };
}
