using MulticastLab.Tests.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>
/// Single packets that have stopped, blinded or crashed routers of the past, and their twins in MLD; each must leave this one unaffected.
/// </summary>
internal static class Killers
{
    /// <summary>What the packet is, and the packet.</summary>
    public static IReadOnlyList<(string Name, byte[] Packet)> Igmp { get; } =
    [
        // The list of sources changes while a record walks it.
        (
            "sources deleted by one record after the other",
            Report(
                "0005 02000003 ef010101 c0000201 c0000202 c0000203 04000001 ef010101 c0000204 03000001 ef010101 c0000205 01000002 "
                    + "ef010101 c0000201 c0000206 02000000 ef010101")),
        // Older messages in a router that knows only the current version.
        ("version 1 report", Packet.Igmp("12000000 ef010101")),
        ("version 2 report", Packet.Igmp("16000000 ef010101")),
        ("leave", Packet.Igmp("17000000 ef010101")),
        ("version 2 query of a higher address", Packet.WithOptions("94040000", Hex.Bytes("1164ee9b 00000000"))),
        ("version 1 query", Packet.Igmp("11000000 00000000")),

        // A record of a type that is not known, one with auxiliary data, and a sound one behind them.
        ("unknown record type", Report("0002 07000001 ef010101 c0000201 04000000 ef010102")),
        ("auxiliary data", Report("0002 02010000 ef010101 deadbeef 04000000 ef010102")),

        // A record whose group is none: the handler returned with its lock held.
        ("unicast group", Report("0001 04000000 0a000001")),
        ("unspecified group", Report("0001 04000000 00000000")),
        ("group of all ones", Report("0001 02000000 ffffffff")),

        // Groups of the local network: never forwarded, the first of them never reported.
        ("224.0.0.1", Report("0001 04000000 e0000001")),
        ("224.0.0.251", Report("0001 04000000 e00000fb")),

        ("report without records", Report("0000")),
        ("query for a group that nobody has", Packet.Igmp("110a0000 ef090909 027d0000")),
        ("query for a unicast address", Packet.Igmp("110a0000 0a000001 027d0000")),
        ("query with sources and no group", Packet.Igmp("110a0000 00000000 027d0001 c0000201")),
        ("query with S flag, QRV 0, QQIC 0, no time to respond", Packet.Igmp("11000000 00000000 08000000")),
        ("query with the longest times", Packet.Igmp("11ff0000 00000000 07ff0000")),
    ];

    /// <summary>The same in MLD.</summary>
    public static IReadOnlyList<(string Name, byte[] Packet)> Mld { get; } =
    [
        ("sources deleted by one record after the other",
            MldReport($"0005 02000003 {G} {S}01 {S}02 {S}03 04000001 {G} {S}04 03000001 {G} {S}05 01000002 {G} {S}01 {S}06 02000000 {G}")),

        ("version 1 report", Ipv6Packet.Mld($"83000000 00000000 {G}")),
        ("done", Ipv6Packet.Mld($"84000000 00000000 {G}")),
        ("version 1 query", Ipv6Packet.Mld($"82000000 27100000 {None}")),
        ("version 1 query that grants no time", Ipv6Packet.Mld($"82000000 00000000 {None}")),

        ("unknown record type", MldReport($"0002 07000001 {G} {S}01 04000000 {G}")),
        ("auxiliary data", MldReport($"0002 02010000 {G} deadbeef 04000000 {G}")),

        ("unicast group", MldReport($"0001 04000000 {S}01")),
        ("unspecified group", MldReport($"0001 04000000 {None}")),
        ("group of all ones", MldReport("0001 02000000 ffffffffffffffffffffffffffffffff")),

        // Scopes that do not leave the host or the link.
        ("ff01::1", MldReport("0001 04000000 ff010000000000000000000000000001")),
        ("ff02::1", MldReport("0001 04000000 ff020000000000000000000000000001")),
        ("solicited-node group", MldReport("0001 04000000 ff0200000000000000000001ff000001")),

        ("report without records", MldReport("0000")),
        ("query for a group that nobody has", Ipv6Packet.Mld("82000000 03e80000 ff1e0000000000000000000000090909 027d0000")),
        ("query for a unicast address", Ipv6Packet.Mld($"82000000 03e80000 {S}01 027d0000")),
        ("query with sources and no group", Ipv6Packet.Mld($"82000000 03e80000 {None} 027d0001 {S}01")),
        ("query with S flag, QRV 0, QQIC 0, no time to respond", Ipv6Packet.Mld($"82000000 00000000 {None} 08000000")),
        ("query with the longest times", Ipv6Packet.Mld($"82000000 ffff0000 {None} 07ff0000")),
        (
            "report in front of which everything that may stand there does",
            Ipv6Packet.WithExtensions(
                0, "3c00 0502 0000 0100 2b00 0104 0000 0000 2c00 0000 0000 0000 3a00 0000 1234 5678",
                Ipv6Packet.WithChecksum(Hex.Bytes($"8f000000 00000001 04000000 {G}")))),
    ];

    private const string G = "ff1e0000000000000000000000000001";
    private const string None = "00000000000000000000000000000000";
    private const string S = "20010db80000000000000000000000";

    private static byte[] MldReport(string countAndRecords) => Ipv6Packet.Mld("8f000000 0000" + countAndRecords);

    private static byte[] Report(string countAndRecords) => Packet.Igmp("22000000 0000" + countAndRecords);
}
