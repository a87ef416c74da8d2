namespace MulticastLab.Packets.Captures;

/// <summary>What the packets of an interface begin with: the link types of pcap files. Others occur and are kept as their number.</summary>
public enum LinkType : ushort
{
    /// <summary>An Ethernet header.</summary>
    Ethernet = 1,

    /// <summary>An IPv4 or IPv6 header.</summary>
    Raw = 101,

    /// <summary>An IPv4 header.</summary>
    Ipv4 = 228,
}
