namespace MulticastLab.Packets.Ip;

/// <summary>The IP protocol numbers known here.</summary>
public static class IpProtocol
{
    /// <summary>ICMP (RFC 792).</summary>
    public const byte Icmp = 1;

    /// <summary>IGMP (RFC 9776 §4).</summary>
    public const byte Igmp = 2;

    /// <summary>TCP (RFC 9293).</summary>
    public const byte Tcp = 6;

    /// <summary>UDP (RFC 768).</summary>
    public const byte Udp = 17;

    /// <summary>PIM (RFC 7761).</summary>
    public const byte Pim = 103;
}
