using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Membership.Host;

/// <summary>The packets behind a host's effects: one place for every shell that sends IGMP.</summary>
public static class MemberMessage
{
    /// <summary>Writes the IPv4 packet.</summary>
    /// <param name="buffer">As long as the MTU.</param>
    /// <param name="effect">What is to be sent.</param>
    /// <param name="source">The interface's address; 0.0.0.0 while it has none (RFC 9776 §4.2.14).</param>
    /// <returns>The packet's length.</returns>
    public static int WriteIgmp(Span<byte> buffer, SendAsMember effect, Address source)
    {
        ArgumentNullException.ThrowIfNull(effect);
        return effect switch
        {
            SendReport report => IgmpWriter.WriteReport(buffer, report.Report, source, report.Destination),
            SendOlderReport { Version: 1 } report => Write(buffer, IgmpType.V1MembershipReport, report.Group, report.Destination),
            SendOlderReport report => Write(buffer, IgmpType.V2MembershipReport, report.Group, report.Destination),
            SendLeave leave => Write(buffer, IgmpType.V2LeaveGroup, leave.Group, leave.Destination),
            _ => throw new ArgumentException($"{effect} is no message of IGMP.", nameof(effect)),
        };

        int Write(Span<byte> into, IgmpType type, Address group, Address destination) =>
            IgmpWriter.WriteGroupMessage(into, type, group, source, destination);
    }
}
