using MulticastLab.Tests.Packets.Igmp;

namespace MulticastLab.Tests.Packets.Mld;

/// <summary>IPv6 packets that are almost right: the hostile ones.</summary>
internal static class MldMutations
{
    private const string Any = "00000000000000000000000000000000";
    private const string G1 = "ff1e0000000000000000000000010001";
    private const string S1 = "20010db8000100000000000000000001";

    private static readonly byte[][] Messages =
    [
        Hex.Bytes("82000000 27100000" + Any + "027d0000"),
        Hex.Bytes("82000000 03e80000" + G1 + "0a7d0002" + S1 + S1),
        Hex.Bytes("82000000 27100000" + Any),
        Hex.Bytes("83000000 00000000" + G1),
        Hex.Bytes("84000000 00000000" + G1),
        Hex.Bytes("8f000000 00000003 04000000" + G1 + "05010001" + G1 + S1 + "11223344 06000001" + G1 + S1 + "0000"),
    ];

    private static readonly (byte Number, string Headers)[] Extensions =
    [
        (0, Ipv6Packet.RouterAlert),
        (0, Ipv6Packet.RouterAlert),
        (0, Ipv6Packet.RouterAlert),
        (58, ""),
        (0, "3a01 0104 0000 0000 0502 0000 0102 0000"),
        (0, "2b00 0502 0000 0100 3c00 0000 0000 0000 3a00 0104 0000 0000"),
        (0, "2c00 0502 0000 0100 3a00 0000 1234 5678"),
        (51, "3a01 0000 0000 0001 0000 0001"),
    ];

    /// <summary>An IPv6 packet with a right checksum around a message of which some bytes are changed, cut off or added.</summary>
    public static byte[] Message(Random random) => Ipv6Packet.Mld(Mutations.Changed(Messages[random.Next(Messages.Length)], random));

    /// <summary>A packet of which any byte may be changed, the headers' too; the payload length is right now and then.</summary>
    public static byte[] AnyPacket(Random random)
    {
        var (number, headers) = Extensions[random.Next(Extensions.Length)];
        var message = Ipv6Packet.WithChecksum(Mutations.Changed(Messages[random.Next(Messages.Length)], random));
        var packet = Mutations.Changed(Ipv6Packet.WithExtensions(number, headers, message), random);
        if (packet.Length >= 40 && random.Next(2) != 0)
            (packet[4], packet[5]) = ((byte)((packet.Length - 40) >> 8), (byte)(packet.Length - 40));
        return packet;
    }

    /// <summary>
    /// Random bytes, half of them with the first byte of an IPv6 header, and of these half with the length and next header of one.
    /// </summary>
    public static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(120)];
        random.NextBytes(bytes);
        if (bytes.Length < 48 || random.Next(2) == 0)
            return bytes;
        bytes[0] = 0x60;
        if (random.Next(2) == 0)
            (bytes[4], bytes[5], bytes[6]) = (0, (byte)(bytes.Length - 40), (byte)(random.Next(2) == 0 ? 0 : 58));
        return bytes;
    }
}
