using MulticastLab.Packets;
using MulticastLab.Packets.Captures;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>Capture files of both formats and both byte orders that are almost right.</summary>
internal static class CaptureInputs
{
    public static IEnumerable<FuzzInput> Files(Random random)
    {
        var sound = new[] { ByteOrder.LittleEndian, ByteOrder.BigEndian }.SelectMany(order => new[] { Pcapng(order, random), Pcap(order, random) }).ToList();
        while (true)
            yield return new FuzzInput(TimeSpan.Zero, Blur.Apply(sound[random.Next(sound.Count)], random));
    }

    private static byte[] Pcapng(ByteOrder order, Random random)
    {
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, "a comment", order, leaveOpen: true))
        {
            var lan = writer.AddInterface("A", "the LAN");
            var grammar = new Grammar(random);
            for (var i = 0; i < 3; i++)
                writer.WritePacket(lan, new Instant(i), grammar.Packet(), i == 1 ? ["step", "verdict"] : [], PacketDirection.Outbound);
        }

        return file.ToArray();
    }

    private static byte[] Pcap(ByteOrder order, Random random)
    {
        using var file = new MemoryStream();
        using (var writer = new PcapWriter(file, byteOrder: order, leaveOpen: true))
        {
            var grammar = new Grammar(random);
            for (var i = 0; i < 3; i++)
                writer.WritePacket(new Instant(i), grammar.Packet());
        }

        return file.ToArray();
    }
}

/// <summary>The readers of capture files: an error with its place, or packets that the file really holds.</summary>
internal sealed class CaptureTarget : IFuzzTarget
{
    public void Feed(FuzzInput input)
    {
        var held = 0L;
        try
        {
            using var reader = CaptureReader.Open(new MemoryStream(input.Bytes!));
            foreach (var packet in reader.ReadAll())
                held += packet.Data.Length + 1;
        }
        catch (CaptureException wrong)
        {
            Invariant.Holds(wrong.Offset >= 0 && wrong.Offset <= input.Bytes!.Length, $"the error is at byte {wrong.Offset} of {input.Bytes!.Length}");
        }

        Invariant.Holds(held <= input.Bytes!.Length, $"{held} bytes of packets were read out of {input.Bytes!.Length}");
    }

    public void Finish()
    {
    }
}
