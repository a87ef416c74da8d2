namespace MulticastLab.Packets.Ip;

/// <summary>The IP protocol numbers known here, and those that stand for an extension header of IPv6 (RFC 8200 §4).</summary>
public static class IpProtocol
{
    /// <summary>IPv6 Hop-by-Hop Options (RFC 8200 §4.3): directly after the IPv6 header or nowhere.</summary>
    public const byte HopByHopOptions = 0;

    /// <summary>ICMP (RFC 792).</summary>
    public const byte Icmp = 1;

    /// <summary>IGMP (RFC 9776 §4).</summary>
    public const byte Igmp = 2;

    /// <summary>TCP (RFC 9293).</summary>
    public const byte Tcp = 6;

    /// <summary>UDP (RFC 768).</summary>
    public const byte Udp = 17;

    /// <summary>IPv6 Routing header (RFC 8200 §4.4).</summary>
    public const byte Routing = 43;

    /// <summary>IPv6 Fragment header (RFC 8200 §4.5).</summary>
    public const byte Fragment = 44;

    /// <summary>Authentication Header (RFC 4302).</summary>
    public const byte Authentication = 51;

    /// <summary>ICMPv6 (RFC 4443), of which MLD is a part.</summary>
    public const byte Icmpv6 = 58;

    /// <summary>IPv6 Destination Options (RFC 8200 §4.6).</summary>
    public const byte DestinationOptions = 60;

    /// <summary>PIM (RFC 7761).</summary>
    public const byte Pim = 103;
}
