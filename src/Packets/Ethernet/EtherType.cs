namespace MulticastLab.Packets.Ethernet;

/// <summary>The EtherTypes known here (IEEE 802 numbers).</summary>
public static class EtherType
{
    /// <summary>IPv4 (RFC 894).</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>ARP (RFC 826).</summary>
    public const ushort Arp = 0x0806;

    /// <summary>A VLAN tag (IEEE 802.1Q).</summary>
    public const ushort Vlan = 0x8100;

    /// <summary>IPv6 (RFC 2464).</summary>
    public const ushort Ipv6 = 0x86DD;

    /// <summary>PPP over Ethernet, discovery stage (RFC 2516).</summary>
    public const ushort PppoeDiscovery = 0x8863;

    /// <summary>PPP over Ethernet, session stage (RFC 2516).</summary>
    public const ushort PppoeSession = 0x8864;

    /// <summary>A service provider's VLAN tag (IEEE 802.1ad).</summary>
    public const ushort ServiceVlan = 0x88A8;

    /// <summary>An outer VLAN tag of before IEEE 802.1ad, which many switches still send.</summary>
    public const ushort StackedVlan = 0x9100;
}
