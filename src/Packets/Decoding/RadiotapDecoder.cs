using System.Buffers.Binary;

namespace MulticastLab.Packets.Decoding;

/// <summary>What a radio reports about an IEEE 802.11 frame (radiotap.org): as far as is needed to read the frame.</summary>
/// <remarks>
/// Little-endian; the fields that are present follow in the order of their bits, each aligned to its size:
/// <code>
/// | Version (1) | Pad (1) | Length (2) | Present (4), once more for each with the highest bit set | Fields … |
/// </code>
/// </remarks>
internal static class RadiotapDecoder
{
    private const int FixedLength = 8;
    private const int PresentAt = 4;
    private const uint MoreWords = 0x8000_0000;
    private const uint HasTimer = 1;
    private const uint HasFlags = 2;

    // Of the field Flags.
    private const byte HasFrameCheckSequence = 0x10;
    private const byte HasPadding = 0x20;
    private const int FrameCheckSequenceLength = 4;

    public static void Decode(Portion frame, FrameBuilder builder)
    {
        builder.Protocol = "Radiotap";
        if (!builder.Holds(frame, FixedLength, PacketError.LinkTooShort))
            return;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(frame.Bytes[2..]);
        if (length < FixedLength)
        {
            builder.Fail(PacketError.LinkTooShort);
            return;
        }

        if (!builder.Holds(frame, length, PacketError.LinkTooShort))
            return;
        var header = frame.Bytes[..length];
        var layer = new LayerBuilder(frame.Offset);
        layer.Number("radiotap.version", "Version", 0, 1, header[0]);
        layer.Number("radiotap.pad", "Pad", 1, 1, header[1]);
        layer.Number("radiotap.length", "Length", 2, 2, length);
        var flags = Flags(header, layer);
        builder.Add(layer.ToLayer("radiotap", "Radiotap", length));
        var rest = frame.From(length);
        if ((flags & HasFrameCheckSequence) != 0)
            rest = rest.First(Math.Max(rest.Length - FrameCheckSequenceLength, 0));
        WlanDecoder.Decode(rest, isPadded: (flags & HasPadding) != 0, builder);
    }

    private static byte Flags(ReadOnlySpan<byte> header, LayerBuilder layer)
    {
        var at = PresentAt;
        uint word;
        do
        {
            if (at + 4 > header.Length)
                return 0;
            word = BinaryPrimitives.ReadUInt32LittleEndian(header[at..]);
            layer.Hex("radiotap.present.word", "Present", at, 4, word, digits: 8, repeats: true);
            at += 4;
        }
        while ((word & MoreWords) != 0);

        var first = BinaryPrimitives.ReadUInt32LittleEndian(header[PresentAt..]);
        if ((first & HasTimer) != 0)
            at = ((at + 7) & ~7) + 8;
        if ((first & HasFlags) == 0 || at >= header.Length)
            return 0;
        layer.Hex("radiotap.flags", "Flags", at, 1, header[at]);
        return header[at];
    }
}
