namespace MulticastLab.Tests.Packets.Igmp;

/// <summary>Packets that are almost right: the hostile ones.</summary>
internal static class Mutations
{
    private static readonly byte[][] Messages =
    [
        Hex.Bytes("1164ec1e 00000000 027d0000"),
        Hex.Bytes("110a0000 ef010101 0a7d0003 c0000201 c0000202 c0000203"),
        Hex.Bytes("11640000 00000000"),
        Hex.Bytes("12000000 ef010101"),
        Hex.Bytes("16000000 ef010101"),
        Hex.Bytes("17000000 ef010101"),
        Hex.Bytes("22000000 00000003 04000000 ef010101 05010002 e8010101 c0000201 c0000202 11223344 06000001 ef010102 c0000201 0000"),
    ];

    /// <summary>An IPv4 packet with right checksums around a message of which some bytes are changed, cut off or added.</summary>
    public static byte[] Message(Random random)
    {
        var message = Changed(Messages[random.Next(Messages.Length)], random);
        return Packet.Igmp(message);
    }

    /// <summary>A packet of which any byte may be changed, the headers' too; checksums are right now and then.</summary>
    public static byte[] AnyPacket(Random random)
    {
        var packet = Changed(Message(random), random);
        return random.Next(2) == 0 || packet.Length < 20 || (packet[0] & 0xF) * 4 > packet.Length || (packet[0] & 0xF) < 5
            ? packet
            : Packet.WithHeaderChecksum(packet);
    }

    /// <summary>Random bytes, half of them with the first byte of an IPv4 header.</summary>
    public static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(120)];
        random.NextBytes(bytes);
        if (bytes.Length > 0 && random.Next(2) == 0)
            bytes[0] = 0x46;
        return bytes;
    }

    /// <summary>A copy with a few bytes changed, and now and then cut or lengthened.</summary>
    public static byte[] Changed(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        for (var changes = random.Next(4); changes > 0 && bytes.Length > 0; changes--)
            bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : random.Next(8));
        return random.Next(4) switch
        {
            0 => bytes[..random.Next(bytes.Length + 1)],
            1 => [.. bytes, .. new byte[random.Next(12)]],
            _ => bytes,
        };
    }
}
