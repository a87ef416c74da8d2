using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Tests.Packets;

namespace MulticastLab.Tests.Lab.Scenarios;

/// <summary>
/// Made-up frames for the judge: valid in everything that a test does not specify. 10.0.0.1 asks, 10.0.0.11 reports.
/// </summary>
internal static class MadeUpFrames
{
    public static readonly Address G = Address.Parse("239.1.1.1");
    public static readonly Address G2 = Address.Parse("239.1.1.2");
    public static readonly Address S1 = Address.Parse("10.1.0.100");
    public static readonly Address S2 = Address.Parse("10.1.0.101");
    public static readonly Address S3 = Address.Parse("10.1.0.102");

    private static readonly Timing Timing = Timing.Default;
    private static readonly Address Router = Address.Parse("10.0.0.1");
    private static readonly Address Host = Address.Parse("10.0.0.11");

    /// <summary>A General Query of version 3 that announces the RFC's defaults.</summary>
    public static readonly QueryContent GeneralQuery =
        new(Generation.Sources, Timing.QueryResponseInterval, Address.AnyV4, false, Timing.RobustnessVariable, Timing.QueryInterval, []);

    /// <summary>The same for a group, or for sources of it.</summary>
    public static QueryContent QueryOf(Address group, params Address[] sources) =>
        GeneralQuery with { MaxResponseTime = Timing.LastMemberQueryInterval, Group = group, Sources = sources };

    /// <summary>An IP packet with this query, to where RFC 9776 §4.1.12 has it sent unless told otherwise.</summary>
    public static byte[] IgmpPacket(QueryContent query, Address? to = null) =>
        Packet.Written(buffer =>
            IgmpWriter.WriteQuery(buffer, query, Router, to ?? (query.Group.IsUnspecified ? Dialect.Igmp.AllSystems : query.Group)));

    /// <summary>An IP packet with a report of these records, to where RFC 9776 §4.2.15 has it sent unless told otherwise.</summary>
    public static byte[] IgmpPacket(Address? to, params RecordContent[] records) =>
        Packet.Written(buffer => IgmpWriter.WriteReport(buffer, new ReportContent(records), Host, to ?? Dialect.Igmp.ReportDestination));

    /// <summary>An IP packet with a report or leave of version 1 or 2.</summary>
    public static byte[] IgmpPacket(IgmpType type, Address group, Address to) =>
        Packet.Written(buffer => IgmpWriter.WriteGroupMessage(buffer, type, group, Host, to));

    /// <summary>The packet in a frame, as the judge sees it.</summary>
    public static SeenFrame Seen(byte[] packet, string from = "r1", string lan = "A") =>
        SeenFrame.Decode(Frame(1, default, lan, from, packet), Dialect.Igmp);

    public static LabFrame Frame(int number, Instant at, string lan, string from, ReadOnlySpan<byte> packet)
    {
        var bytes = new byte[EthernetView.HeaderLength + packet.Length];
        EthernetWriter.WriteIpv4(bytes, Packet.Mac, packet);
        return new LabFrame(number, at, lan, from, "eth0", bytes);
    }
}
