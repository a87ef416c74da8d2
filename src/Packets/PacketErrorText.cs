namespace MulticastLab.Packets;

/// <summary>The errors in words.</summary>
public static class PacketErrorText
{
    /// <summary>What is wrong, as the end of a sentence: "the IGMP checksum is wrong".</summary>
    public static string Describe(this PacketError error) => error switch
    {
        PacketError.None => "nothing is wrong",
        PacketError.EthernetTooShort => "the frame ends within its Ethernet header",
        PacketError.LinkTooShort => "the frame ends within its link-layer header",
        PacketError.Ipv4TooShort => "there are fewer than the 20 bytes of an IPv4 header",
        PacketError.Ipv4Version => "the IP version is not 4",
        PacketError.Ipv4HeaderLength => "the IPv4 header length is impossible",
        PacketError.Ipv4TotalLength => "the IPv4 total length is less than the header",
        PacketError.Ipv4Truncated => "there are fewer bytes than the IPv4 total length says",
        PacketError.Ipv4HeaderChecksum => "the IPv4 header checksum is wrong",
        PacketError.Ipv4Options => "the length of an IPv4 option is impossible",
        PacketError.NotIgmp => "the IP protocol is not IGMP",
        PacketError.Ipv4Fragment => "the packet is a fragment",
        PacketError.IgmpTooShort => "the IGMP message has fewer than 8 bytes",
        PacketError.IgmpChecksum => "the IGMP checksum is wrong",
        PacketError.IgmpUnknownType => "the IGMP type is unknown",
        PacketError.IgmpQueryLength => "a query of this length is of no version",
        PacketError.IgmpQuerySources => "the query counts more sources than it holds",
        PacketError.IgmpReportRecords => "the report counts more group records than it holds",
        PacketError.IgmpRecordSources => "a group record counts more sources than the report holds",
        PacketError.IgmpRecordAuxiliaryData => "the auxiliary data of a group record reach beyond the report",
        PacketError.Ipv6TooShort => "there are fewer than the 40 bytes of an IPv6 header",
        PacketError.Ipv6Version => "the IP version is not 6",
        PacketError.Ipv6Truncated => "there are fewer bytes than the IPv6 payload length says",
        PacketError.Ipv6ExtensionHeader => "the length or place of an IPv6 extension header is impossible",
        PacketError.Ipv6Options => "the length of an IPv6 option is impossible",
        PacketError.Ipv6UnknownOption => "an unknown IPv6 option requires the packet to be discarded",
        PacketError.NotIcmpv6 => "the next header is not ICMPv6",
        PacketError.Ipv6Fragment => "the IPv6 packet is a fragment",
        PacketError.MldTooShort => "the MLD message is shorter than its fixed part",
        PacketError.MldChecksum => "the ICMPv6 checksum is wrong",
        PacketError.MldUnknownType => "the ICMPv6 type is none of MLD",
        PacketError.MldQueryLength => "an MLD query of this length is of no version",
        PacketError.MldQuerySources => "the MLD query counts more sources than it holds",
        PacketError.MldReportRecords => "the report counts more multicast address records than it holds",
        PacketError.MldRecordSources => "a multicast address record counts more sources than the report holds",
        PacketError.MldRecordAuxiliaryData => "the auxiliary data of a multicast address record reach beyond the report",
        PacketError.UdpTooShort => "there are fewer than the 8 bytes of a UDP header",
        PacketError.UdpLength => "the UDP length is impossible",
        PacketError.UdpChecksum => "the UDP checksum is wrong",
    };
}
