namespace MulticastLab.Packets;

/// <summary>
/// Every way in which a received packet can be wrong, each with a counter of its own, in the order in which they are looked for.
/// </summary>
public enum PacketError
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The frame ends within its Ethernet header or a VLAN tag.</summary>
    EthernetTooShort,

    /// <summary>
    /// The frame ends within its header of another link layer. Only decoded captures have these: no socket gives such frames.
    /// </summary>
    LinkTooShort,

    /// <summary>There are fewer bytes than the 20 of the shortest IPv4 header (RFC 791 §3.1).</summary>
    Ipv4TooShort,

    /// <summary>The IP version is not 4.</summary>
    Ipv4Version,

    /// <summary>The IPv4 header length is below 20 bytes, or reaches beyond the packet.</summary>
    Ipv4HeaderLength,

    /// <summary>The IPv4 total length is below the header length.</summary>
    Ipv4TotalLength,

    /// <summary>There are fewer bytes than the IPv4 total length says.</summary>
    Ipv4Truncated,

    /// <summary>The IPv4 header checksum is wrong (RFC 1122 §3.2.1.2).</summary>
    Ipv4HeaderChecksum,

    /// <summary>An IPv4 option is shorter than 2 bytes or reaches beyond the header (RFC 1122 §3.2.1.8).</summary>
    Ipv4Options,

    /// <summary>The IPv4 protocol number is not that of IGMP, 2.</summary>
    NotIgmp,

    /// <summary>
    /// The packet is a fragment. IGMP messages fit the MTU (RFC 9776 §4.1.8, §4.2.17), and a fragment of one cannot be checked.
    /// </summary>
    Ipv4Fragment,

    /// <summary>The IGMP message has fewer than 8 bytes, the fixed part of every message (RFC 9776 §4).</summary>
    IgmpTooShort,

    /// <summary>The IGMP checksum is wrong (RFC 9776 §4.1.2, §4.2.2).</summary>
    IgmpChecksum,

    /// <summary>The IGMP type is none of the five known ones (RFC 9776 §4: silently discarded).</summary>
    IgmpUnknownType,

    /// <summary>A query of 9 to 11 bytes, which is of no version (RFC 9776 §7.1: silently ignored).</summary>
    IgmpQueryLength,

    /// <summary>A query counts more sources than it holds (RFC 9776 §4.1.8).</summary>
    IgmpQuerySources,

    /// <summary>A report counts more group records than it holds: one begins beyond its end (RFC 9776 §4.2.4).</summary>
    IgmpReportRecords,

    /// <summary>The sources of a group record reach beyond the report (RFC 9776 §4.2.7).</summary>
    IgmpRecordSources,

    /// <summary>The auxiliary data of a group record reach beyond the report (RFC 9776 §4.2.6).</summary>
    IgmpRecordAuxiliaryData,

    /// <summary>There are fewer bytes than the 40 of an IPv6 header (RFC 8200 §3).</summary>
    Ipv6TooShort,

    /// <summary>The IP version is not 6.</summary>
    Ipv6Version,

    /// <summary>There are fewer bytes than the IPv6 payload length says.</summary>
    Ipv6Truncated,

    /// <summary>
    /// An extension header reaches beyond the packet, or is a Hop-by-Hop Options header at another place than the first (RFC 8200 §4.1).
    /// </summary>
    Ipv6ExtensionHeader,

    /// <summary>An option of an extension header reaches beyond it (RFC 8200 §4.2).</summary>
    Ipv6Options,

    /// <summary>An unknown option by which the packet is to be discarded (RFC 8200 §4.2).</summary>
    Ipv6UnknownOption,

    /// <summary>What the IPv6 packet carries is not ICMPv6, next header 58.</summary>
    NotIcmpv6,

    /// <summary>
    /// The packet is a fragment. MLD messages fit the MTU (RFC 9777 §5.1.10, §5.2.16), and a fragment of one cannot be checked.
    /// </summary>
    Ipv6Fragment,

    /// <summary>
    /// The MLD message is shorter than the fixed part of its type: 24 bytes, or 8 of a version 2 report (RFC 2710 §3, RFC 9777 §5.2).
    /// </summary>
    MldTooShort,

    /// <summary>The ICMPv6 checksum is wrong (RFC 9777 §5.1.2, §5.2.2).</summary>
    MldChecksum,

    /// <summary>The ICMPv6 type is none of the four of MLD (RFC 9777 §5: silently discarded).</summary>
    MldUnknownType,

    /// <summary>A query of 25 to 27 bytes, which is of no version (RFC 9777 §8.1: silently ignored).</summary>
    MldQueryLength,

    /// <summary>A query counts more sources than it holds (RFC 9777 §5.1.10).</summary>
    MldQuerySources,

    /// <summary>A report counts more multicast address records than it holds: one begins beyond its end (RFC 9777 §5.2.4).</summary>
    MldReportRecords,

    /// <summary>The sources of a multicast address record reach beyond the report (RFC 9777 §5.2.8).</summary>
    MldRecordSources,

    /// <summary>The auxiliary data of a multicast address record reach beyond the report (RFC 9777 §5.2.7).</summary>
    MldRecordAuxiliaryData,

    /// <summary>There are fewer bytes than the 8 of a UDP header (RFC 768).</summary>
    UdpTooShort,

    /// <summary>The UDP length is below 8 or beyond the packet.</summary>
    UdpLength,

    /// <summary>The UDP checksum is there and wrong (RFC 1122 §4.1.3.4).</summary>
    UdpChecksum,
}
