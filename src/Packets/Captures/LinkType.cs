namespace MulticastLab.Packets.Captures;

/// <summary>
/// What the packets of an interface begin with: the LINKTYPE numbers of capture files. Those named here are decoded; others occur and are
/// kept as their number.
/// </summary>
public enum LinkType : ushort
{
    /// <summary>BSD loopback: an address family of 4 bytes in the byte order of the capturing machine.</summary>
    Null = 0,

    /// <summary>An Ethernet header.</summary>
    Ethernet = 1,

    /// <summary>PPP, with address and control (RFC 1662) or without.</summary>
    Ppp = 9,

    /// <summary>
    /// An IPv4 or IPv6 header, as most systems number it that write a number of their own instead of <see cref="Raw"/>.
    /// </summary>
    RawBsd = 12,

    /// <summary>An IPv4 or IPv6 header, as OpenBSD numbers it.</summary>
    RawOpenBsd = 14,

    /// <summary>PPP in HDLC-like framing (RFC 1662), or Cisco HDLC.</summary>
    PppHdlc = 50,

    /// <summary>An IPv4 or IPv6 header.</summary>
    Raw = 101,

    /// <summary>Cisco HDLC.</summary>
    CiscoHdlc = 104,

    /// <summary>An IEEE 802.11 header.</summary>
    Wlan = 105,

    /// <summary>OpenBSD loopback: an address family of 4 bytes in network byte order.</summary>
    Loop = 108,

    /// <summary>A pseudo header that Linux uses on the interface "any" and where there is no link-layer header, version 1.</summary>
    LinuxCooked = 113,

    /// <summary>A Radiotap header, then one of IEEE 802.11.</summary>
    Radiotap = 127,

    /// <summary>An IPv4 header.</summary>
    Ipv4 = 228,

    /// <summary>An IPv6 header.</summary>
    Ipv6 = 229,

    /// <summary>The same as <see cref="LinuxCooked"/>, version 2.</summary>
    LinuxCooked2 = 276,

    /// <summary>Not a number of the registry: the file does not give one.</summary>
    Undescribed = 0xFFFF,
}
