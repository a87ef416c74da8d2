namespace MulticastLab.Packets.Igmp;

/// <summary>
/// Writes IGMP messages as whole IPv4 packets: TTL 1, TOS 0xC0, Router Alert (RFC 9776 §4), both checksums filled in.
/// Every method returns the packet's length; <see cref="ArgumentException"/> when the buffer is too small.
/// </summary>
public static class IgmpWriter
{
    /// <summary>Writes a query in the form of its version.</summary>
    public static int WriteQuery(Span<byte> buffer, QueryContent query, Address source, Address destination) => throw new NotImplementedException();

    /// <summary>Writes a version 3 report.</summary>
    public static int WriteReport(Span<byte> buffer, ReportContent report, Address source, Address destination) => throw new NotImplementedException();

    /// <summary>Writes a version 1 or 2 report or a leave.</summary>
    public static int WriteGroupMessage(Span<byte> buffer, IgmpType type, Address group, Address source, Address destination) => throw new NotImplementedException();
}
