using MulticastLab.Packets.Captures;
using Xunit;

namespace MulticastLab.Tests.Packets.Decoding;

/// <summary>Frames of every link layer that is decoded.</summary>
internal static class LinkFrames
{
    private const string Receiver = "01005e000001";
    private const string Sender = "020000000001";
    private const string Third = "020000000002";
    private const string Fourth = "020000000003";
    private const string Ethernet = Receiver + Sender;
    private const string Snap = "aaaa03 000000 0800";
    private const string Wlan = "3000" + Receiver + Sender + Third + "1000";

    /// <summary>The packet that they all carry: a Leave Group of 32 bytes.</summary>
    public static byte[] Carried => Packet.Igmp("17000000 ef010101");

    /// <summary>Headers in front of <see cref="Carried"/> and what follows it; whether Wireshark 4.0 reads them too.</summary>
    public static TheoryData<string, LinkType, string, string, bool> Carriers =>
        new()
        {
            { "Ethernet, padded", LinkType.Ethernet, Ethernet + "0800", "000000000000", true },
            { "802.1Q", LinkType.Ethernet, Ethernet + "8100 0007 0800", "", true },
            { "802.1Q with priority and DEI", LinkType.Ethernet, Ethernet + "8100 b007 0800", "", true },
            { "802.1ad", LinkType.Ethernet, Ethernet + "88a8 6002 8100 b007 0800", "", true },
            { "802.1ad alone", LinkType.Ethernet, Ethernet + "88a8 6002 0800", "", true },
            { "0x9100", LinkType.Ethernet, Ethernet + "9100 6002 8100 b007 0800", "", true },
            { "0x8100 twice", LinkType.Ethernet, Ethernet + "8100 6002 8100 b007 0800", "", true },
            { "a customer's tag outside", LinkType.Ethernet, Ethernet + "8100 6002 88a8 b007 0800", "", true },
            { "802.3 with SNAP, padded", LinkType.Ethernet, Ethernet + "0028" + Snap, "0000", true },
            { "SNAP of a bridge", LinkType.Ethernet, Ethernet + "0028 aaaa03 0000f8 0800", "", true },
            { "802.3 with a tag and SNAP", LinkType.Ethernet, Ethernet + "88a8 6002 8100 0003 0028" + Snap, "", true },
            { "802.3 with the IP SAP", LinkType.Ethernet, Ethernet + "0023 060603", "", true },
            { "PPPoE", LinkType.Ethernet, Receiver + Sender + "8864 11 00 0001 0022 0021", "", true },
            { "PPPoE, compressed protocol", LinkType.Ethernet, Receiver + Sender + "8864 11 00 0001 0021 21", "", true },
            { "PPPoE in a VLAN", LinkType.Ethernet, Receiver + Sender + "8100 0007 8864 11 00 0001 0022 0021", "", true },
            { "BSD loopback, little-endian", LinkType.Null, "02000000", "", true },
            { "BSD loopback, big-endian", LinkType.Null, "00000002", "", true },
            { "OpenBSD loopback", LinkType.Loop, "00000002", "", true },
            { "OpenBSD loopback, little-endian", LinkType.Loop, "02000000", "", false },
            { "raw, 12", LinkType.RawBsd, "", "", true },
            { "raw, 14", LinkType.RawOpenBsd, "", "", true },
            { "raw, 101", LinkType.Raw, "", "", true },
            { "raw, 228", LinkType.Ipv4, "", "", true },
            { "raw, 229", LinkType.Ipv6, "", "", false },
            { "Linux cooked", LinkType.LinuxCooked, "0000 0001 0006 020000000001 aabb 0800", "", true },
            { "Linux cooked, no address", LinkType.LinuxCooked, "0004 0304 0000 0000000000000000 0800", "", true },
            { "Linux cooked, IPv4 address", LinkType.LinuxCooked, "0000 0308 0004 0a000001 00000000 0800", "", true },
            { "Linux cooked, long address", LinkType.LinuxCooked, "0000 0020 0014 0102030405060708 0800", "", true },
            { "Linux cooked, GRE", LinkType.LinuxCooked, "0000 030a 0004 0a000001 00000000 0800", "", true },
            { "Linux cooked with a tag", LinkType.LinuxCooked, "0000 0001 0006 020000000001 0000 8100 0007 0800", "", true },
            { "Linux cooked with LLC", LinkType.LinuxCooked, "0000 0001 0006 020000000001 0000 0004" + Snap, "", true },
            { "Linux cooked 2", LinkType.LinuxCooked2, "0800 0000 00000003 0001 02 06 020000000001 aabb", "", true },
            { "Linux cooked 2, no address", LinkType.LinuxCooked2, "0800 0000 00000003 0200 02 00 0000000000000000", "", true },
            { "PPP", LinkType.Ppp, "ff03 0021", "", true },
            { "PPP, no address and control", LinkType.Ppp, "0021", "", true },
            { "PPP, compressed protocol", LinkType.Ppp, "21", "", true },
            { "PPP, address, control and compressed protocol", LinkType.Ppp, "ff03 21", "", true },
            { "PPP in HDLC", LinkType.PppHdlc, "ff03 0021", "", true },
            { "PPP in HDLC, no address and control", LinkType.PppHdlc, "0021", "", true },
            { "Cisco HDLC as PPP", LinkType.PppHdlc, "0f00 0800", "", true },
            { "Cisco HDLC", LinkType.CiscoHdlc, "8f00 0800", "", true },
            { "802.11 within a cell", LinkType.Wlan, "0800" + Wlan + Snap, "", true },
            { "802.11 to the access point", LinkType.Wlan, "0801" + Wlan + Snap, "", true },
            { "802.11 from the access point", LinkType.Wlan, "0802" + Wlan + Snap, "", true },
            { "802.11 between access points", LinkType.Wlan, "0803" + Wlan + Fourth + Snap, "", true },
            { "802.11 with all other flags", LinkType.Wlan, "083a" + Wlan + Snap, "", true },
            { "802.11 QoS", LinkType.Wlan, "8802" + Wlan + "0500" + Snap, "", true },
            { "802.11 QoS between access points", LinkType.Wlan, "8803" + Wlan + Fourth + "0000" + Snap, "", true },
            { "802.11 QoS with HT Control", LinkType.Wlan, "8882" + Wlan + "0000 11223344" + Snap, "", true },
            { "802.11 data with CF-Ack", LinkType.Wlan, "1802" + Wlan + Snap, "", true },
            { "Radiotap", LinkType.Radiotap, "00 00 0800 00000000 0802" + Wlan + Snap, "", true },
            { "Radiotap with FCS", LinkType.Radiotap, "00 00 0900 02000000 10 0802" + Wlan + Snap, "deadbeef", true },
            { "Radiotap with a timer", LinkType.Radiotap, "00 00 1100 03000000 0102030405060708 10 0802" + Wlan + Snap, "deadbeef", true },
            { "Radiotap with padding", LinkType.Radiotap, "00 00 0a00 06000000 20 02 8802" + Wlan + "0500 0000" + Snap, "", true },
            { "Radiotap with two words", LinkType.Radiotap, "00 00 0d00 02000080 00000000 10 0802" + Wlan + Snap, "deadbeef", true },
            {
                "Radiotap, words and alignment",
                LinkType.Radiotap,
                "00 00 1900 03000080 00000000 00000000 0102030405060708 10 0802" + Wlan + Snap,
                "deadbeef",
                true
            },
        };

    /// <summary>What else is named, with its number: the line, and at what the decoding ended.</summary>
    public static TheoryData<LinkType, string, string, string?> Named =>
        new()
        {
            { (LinkType)147, "01020304", "Link type 147  4 bytes", "link type 147" },
            { LinkType.Undescribed, "01020304", "Unknown link type  4 bytes", "an interface without a description" },
            {
                LinkType.Ethernet,
                Ethernet + "88cc 0201",
                "02:00:00:00:00:01 → 01:00:5e:00:00:01  Ethernet type 0x88cc  2 bytes",
                "ethertype 0x88cc"
            },
            {
                LinkType.Ethernet,
                Ethernet + "8100 0007 88cc 02",
                "02:00:00:00:00:01 → 01:00:5e:00:00:01  Ethernet type 0x88cc  1 bytes",
                "ethertype 0x88cc"
            },
            {
                LinkType.Ethernet,
                Ethernet + "0005 424203 0000 000000",
                "02:00:00:00:00:01 → 01:00:5e:00:00:01  LLC SAP 0x42 (Spanning Tree)  2 bytes",
                "LLC SAP 0x42 (Spanning Tree)"
            },
            {
                LinkType.Ethernet,
                Ethernet + "0006 f0f0 0102 0304",
                "02:00:00:00:00:01 → 01:00:5e:00:00:01  LLC SAP 0xf0  2 bytes",
                "LLC SAP 0xf0"
            },
            {
                LinkType.Ethernet,
                Ethernet + "000a aaaa03 00000c 2000 0102",
                "02:00:00:00:00:01 → 01:00:5e:00:00:01  LLC SNAP 0x00000c/0x2000  2 bytes",
                "SNAP protocol 0x00000c/0x2000"
            },
            {
                LinkType.Ethernet,
                Ethernet + "8863 11 09 0000 0004 01010000",
                "02:00:00:00:00:01 → 01:00:5e:00:00:01  PPPoE discovery PADI (Initiation)  session 0x0000  4 bytes",
                null
            },
            {
                LinkType.Ethernet,
                Ethernet + "8864 11 00 0001 0006 c021 01020004 0000",
                "02:00:00:00:00:01 → 01:00:5e:00:00:01  PPP protocol 0xc021 (LCP)  4 bytes",
                "PPP protocol 0xc021 (LCP)"
            },
            { LinkType.Ppp, "1234 01", "PPP protocol 0x1234  1 bytes", "PPP protocol 0x1234" },
            { LinkType.CiscoHdlc, "8f00 8035 0102", "Cisco HDLC type 0x8035  2 bytes", "ethertype 0x8035" },
            { LinkType.CiscoHdlc, "8f00 0203 0102", "Cisco HDLC type 0x0203  2 bytes", "Cisco HDLC type 0x0203" },
            { LinkType.Null, "07000000 01", "Loopback address family 7  1 bytes", "address family 7" },
            {
                LinkType.LinuxCooked,
                "0000 0001 0006 020000000001 0000 88cc 02",
                "02:00:00:00:00:01 →   Linux cooked type 0x88cc  1 bytes",
                "ethertype 0x88cc"
            },
            {
                LinkType.LinuxCooked,
                "0000 0338 0000 0000000000000000 0000 02",
                "Linux cooked ARPHRD type 824  1 bytes",
                "Linux cooked ARPHRD type 824"
            },
            {
                LinkType.LinuxCooked,
                "0001 0118 0000 0000000000000000 000c 02",
                "Linux cooked protocol 0x000c  1 bytes",
                "Linux cooked protocol 0x000c"
            },
            {
                LinkType.LinuxCooked,
                "0000 0323 0000 0000000000000000 0004 00 00 0800 00000000 d400 0000" + Receiver,
                " → 01:00:5e:00:00:01  802.11 Ack  10 bytes",
                null
            },
            {
                LinkType.Wlan,
                "0842" + Wlan + "0011223300000000 0102",
                "02:00:00:00:00:02 → 01:00:5e:00:00:01  802.11 protected data  10 bytes",
                "802.11 protected data"
            },
            {
                LinkType.Wlan,
                "8802" + Wlan + "8000" + Receiver + Sender + "0001 01",
                "02:00:00:00:00:02 → 01:00:5e:00:00:01  802.11 aggregate (A-MSDU)  15 bytes",
                "802.11 aggregate (A-MSDU)"
            },
            {
                LinkType.Wlan,
                "0806" + Wlan + "0102",
                "02:00:00:00:00:02 → 01:00:5e:00:00:01  802.11 fragment 0 of number 1  2 bytes",
                "802.11 fragment"
            },
            {
                LinkType.Wlan,
                "0802 3000" + Receiver + Sender + Third + "1100 0102",
                "02:00:00:00:00:02 → 01:00:5e:00:00:01  802.11 fragment 1 of number 1  2 bytes",
                "802.11 fragment"
            },
            { LinkType.Wlan, "4801" + Wlan, "02:00:00:00:00:01 → 02:00:00:00:00:02  802.11 no data", null },
            { LinkType.Wlan, "c801" + Wlan + "0000", "02:00:00:00:00:01 → 02:00:00:00:00:02  802.11 no data", null },
            { LinkType.Wlan, "8000" + Wlan + "0102", "02:00:00:00:00:01 → 01:00:5e:00:00:01  802.11 Beacon  2 bytes", null },
            { LinkType.Wlan, "d400 0000" + Receiver, " → 01:00:5e:00:00:01  802.11 Ack  10 bytes", null },
            { LinkType.Wlan, "b400 0000" + Receiver + Sender, "02:00:00:00:00:01 → 01:00:5e:00:00:01  802.11 RTS  16 bytes", null },
            { LinkType.Wlan, "0902 01", "802.11 version 1  3 bytes", "802.11 version 1" },
            { LinkType.Wlan, "0c00 01", "802.11 type 3 subtype 0  1 bytes", "802.11 type 3 subtype 0" },
        };

    /// <summary>Frames that end within a header; whether more of the frame would mend it, or a length in it says the same.</summary>
    public static TheoryData<LinkType, string, string, bool> Short => new()
    {
        { LinkType.Ethernet, Ethernet + "8100 00", "EthernetTooShort", true },
        { LinkType.Ethernet, Ethernet + "9100 0001 81", "EthernetTooShort", true },
        { LinkType.Ethernet, Ethernet + "88a8 0001 8100 0002 08", "EthernetTooShort", true },
        { LinkType.Ethernet, Ethernet + "8864 1100", "LinkTooShort", true },
        { LinkType.Ethernet, Ethernet + "8864 11 00 0001 0000 0021", "LinkTooShort", false },
        { LinkType.Ethernet, Ethernet + "0002 aaaa", "LinkTooShort", false },
        { LinkType.Ethernet, Ethernet + "0007 aaaa03 000000 08", "LinkTooShort", false },
        { LinkType.Ethernet, Ethernet + "0003 f0f000 00", "LinkTooShort", false },
        { LinkType.Null, "020000", "LinkTooShort", true },
        { LinkType.LinuxCooked, "0000 0001 0006 020000000001 0000 08", "LinkTooShort", true },
        { LinkType.LinuxCooked2, "0800 0000 00000003 0001 02 06 020000000001 00", "LinkTooShort", true },
        { LinkType.Ppp, "", "LinkTooShort", true },
        { LinkType.Ppp, "ff03 00", "LinkTooShort", true },
        { LinkType.Ppp, "ff03", "LinkTooShort", true },
        { LinkType.CiscoHdlc, "0f0008", "LinkTooShort", true },
        { LinkType.Wlan, "08", "LinkTooShort", true },
        { LinkType.Wlan, "0803" + Wlan + "0102", "LinkTooShort", true },
        { LinkType.Wlan, "8000 0000", "LinkTooShort", true },
        { LinkType.Wlan, "d400 0000 0102", "LinkTooShort", true },
        { LinkType.Radiotap, "00 00 08", "LinkTooShort", true },
        { LinkType.Radiotap, "00 00 0700 00000000", "LinkTooShort", false },
        { LinkType.Radiotap, "00 00 0900 00000000", "LinkTooShort", true },
        { LinkType.Raw, "", "Ipv4TooShort", true },
    };

    /// <summary>A row of <see cref="Carriers"/> as a frame.</summary>
    public static byte[] Frame(string header, string trailer) => [.. Hex.Bytes(header), .. Carried, .. Hex.Bytes(trailer)];
}
