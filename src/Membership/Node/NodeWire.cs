using MulticastLab.Membership.Host;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Membership.Node;

/// <summary>The one place where a router node reads packets and writes them.</summary>
internal static class NodeWire
{
    /// <summary>Checks and reads a packet, from its IP header on.</summary>
    public static PacketError TryRead(ReadOnlySpan<byte> packet, out IgmpPacket message) => IgmpPacket.TryRead(packet, out message);

    /// <summary>Writes a message as a packet, from its IP header on.</summary>
    /// <param name="buffer">As long as the MTU.</param>
    /// <param name="message">The message.</param>
    /// <param name="source">The interface's address.</param>
    /// <returns>The packet's length.</returns>
    public static int Write(Span<byte> buffer, SendMessage message, Address source) => message switch
    {
        SendQuery query => IgmpWriter.WriteQuery(buffer, query.Query, source, query.Destination),
        SendAsMember report => MemberMessage.WriteIgmp(buffer, report, source),
        _ => throw new ArgumentException($"{message} is no message of a router.", nameof(message)),
    };

    /// <summary>Whether a message is a report, of whatever version.</summary>
    public static bool IsReport(in IgmpPacket message) =>
        message.Type is IgmpType.V1MembershipReport or IgmpType.V2MembershipReport or IgmpType.V3MembershipReport;
}
