using System.Buffers.Binary;
using System.IO.Compression;
using MulticastLab.Packets;
using MulticastLab.Packets.Captures;
using MulticastLab.Packets.Decoding;
using MulticastLab.Tests.Packets.Decoding;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>
/// Capture files of both formats and both byte orders, with every kind of block and every link layer, that are almost right.
/// </summary>
internal static class CaptureInputs
{
    public static IEnumerable<FuzzInput> Files(Random random)
    {
        var sound = new[] { ByteOrder.LittleEndian, ByteOrder.BigEndian }
            .SelectMany(order => new[] { Pcapng(order, random), Pcap(order, random), OldBlocks(order, random), Links(order) }).ToList();
        sound.AddRange(sound.ConvertAll(Compressed));
        while (true)
            yield return new FuzzInput(TimeSpan.Zero, Blur.Apply(sound[random.Next(sound.Count)], random));
    }

    private static byte[] Pcapng(ByteOrder order, Random random)
    {
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, "a comment", order, leaveOpen: true))
        {
            var lan = writer.AddInterface("A", "the LAN");
            var grammar = new IgmpGrammar(random);
            for (var i = 0; i < 3; i++)
                writer.WritePacket(lan, new Instant(i), grammar.Packet(), i == 1 ? ["step", "verdict"] : [], PacketDirection.Outbound);
        }

        return file.ToArray();
    }

    // What PcapngWriter does not write: packets in old, simple and enhanced blocks with other options, and a block of a type that is not
    // known.
    private static byte[] OldBlocks(ByteOrder order, Random random)
    {
        using var file = new MemoryStream();
        var packet = new IgmpGrammar(random).Packet();
        Block(0x0A0D_0D0A, [.. U32(0x1A2B_3C4D), .. U16(1), .. U16(0), .. U32(uint.MaxValue), .. U32(uint.MaxValue)]);
        Block(1, [.. U16(101), .. U16(0), .. U32(1500), .. Option(2, [65, 66]), .. Option(9, [9]), .. Option(14, [.. U32(1), .. U32(0)])]);
        Block(2, [.. U16(0), .. U16(7), .. Stamped(packet), .. Option(1, [67, 68, 69]), .. Option(2, U32(2))]);
        Block(11, U32(1));
        Block(3, [.. U32((uint)packet.Length), .. Padded(packet)]);
        Block(6, [.. U32(0), .. Stamped(packet), .. Option(2, U32(1)), .. Option(4, [.. U32(0), .. U32(3)])]);
        Block(4, U32(0));
        return file.ToArray();

        void Block(uint type, byte[] body)
        {
            byte[] length = U32((uint)body.Length + 12);
            file.Write([.. U32(type), .. length, .. body, .. length]);
        }

        byte[] Stamped(byte[] data) => [.. U32(0), .. U32(1), .. U32((uint)data.Length), .. U32((uint)data.Length), .. Padded(data)];

        byte[] Option(ushort code, byte[] value) => [.. U16(code), .. U16((ushort)value.Length), .. Padded(value)];

        byte[] Padded(byte[] data) => [.. data, .. new byte[-data.Length & 3]];

        byte[] U16(ushort value) =>
            BitConverter.GetBytes(order == ByteOrder.LittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));

        byte[] U32(uint value) =>
            BitConverter.GetBytes(order == ByteOrder.LittleEndian ? value : BinaryPrimitives.ReverseEndianness(value));
    }

    // Cut by the capture, some of them.
    private static byte[] Links(ByteOrder order)
    {
        using var file = new MemoryStream();
        using (var writer = new PcapngWriter(file, byteOrder: order, leaveOpen: true))
        {
            foreach (var (_, linkType, header, trailer, _) in LinkFrames.Carriers.Select(row => row.Data))
            {
                var frame = LinkFrames.Frame(header, trailer);
                writer.WritePacket(
                    writer.AddInterface("A", null, linkType), new Instant(1), frame, [], originalLength: frame.Length + (frame.Length % 3));
            }
        }

        return file.ToArray();
    }

    private static byte[] Compressed(byte[] file)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(file);
        return compressed.ToArray();
    }

    private static byte[] Pcap(ByteOrder order, Random random)
    {
        using var file = new MemoryStream();
        using (var writer = new PcapWriter(file, byteOrder: order, leaveOpen: true))
        {
            var grammar = new IgmpGrammar(random);
            for (var i = 0; i < 3; i++)
                writer.WritePacket(new Instant(i), grammar.Packet());
        }

        return file.ToArray();
    }
}

/// <summary>The readers of capture files: an error with its place, or packets that the file really holds, and each can be told.</summary>
internal sealed class CaptureTarget : IFuzzTarget
{
    // What deflate can make of a byte.
    private const long MostInAByte = 1032;

    public void Feed(FuzzInput input)
    {
        var held = 0L;
        var most = input.Bytes is [0x1F, 0x8B, ..] ? input.Bytes.Length * MostInAByte : input.Bytes!.Length;
        try
        {
            using var reader = CaptureReader.Open(new MemoryStream(input.Bytes!));
            foreach (var packet in reader.ReadAll())
            {
                held += packet.Data.Length + 1;
                Invariant.Holds(FrameDecoder.Decode(packet).ToString().Length > 0, $"there is no text");
                foreach (var notice in packet.Notices)
                    Holds(notice, most);
            }

            foreach (var notice in reader.Notices)
                Holds(notice, most);
        }
        catch (CaptureException wrong)
        {
            Invariant.Holds(wrong.Offset >= 0 && wrong.Offset <= most, $"the error is at byte {wrong.Offset} of {most}");
            Invariant.Holds(wrong.Message.Contains($"(at byte {wrong.Offset}"), $"the error does not say where it is: {wrong.Message}");
        }

        Invariant.Holds(held <= most, $"{held} bytes of packets were read out of {most}");
    }

    private static void Holds(CaptureNotice notice, long most) =>
        Invariant.Holds(
            notice.Offset >= 0 && notice.Offset <= most && notice.Text.Contains($"(at byte {notice.Offset}"),
            $"{notice} is at byte {notice.Offset} of {most}");

    public void Finish()
    {
    }
}
