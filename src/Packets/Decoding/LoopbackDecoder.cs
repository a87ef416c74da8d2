using System.Buffers.Binary;

namespace MulticastLab.Packets.Decoding;

/// <summary>The loopback interfaces of BSD and its kin: an address family of 4 bytes, then the packet.</summary>
internal static class LoopbackDecoder
{
    private const int HeaderLength = 4;
    private const uint Ipv4 = 2;

    public static void Decode(Portion frame, bool isBigEndian, FrameBuilder builder)
    {
        builder.Protocol = "Loopback";
        if (!builder.Holds(frame, HeaderLength, PacketError.LinkTooShort))
            return;
        var family = isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(frame.Bytes) : BinaryPrimitives.ReadUInt32LittleEndian(frame.Bytes);
        // The byte order is that of the machine that captured, whatever the file's is. All families are small.
        if (family > ushort.MaxValue)
            family = BinaryPrimitives.ReverseEndianness(family);
        var layer = new LayerBuilder(frame.Offset);
        layer.Number("null.family", "Address Family", 0, HeaderLength, family);
        builder.Add(layer.ToLayer("null", "BSD loopback", HeaderLength));
        var packet = frame.From(HeaderLength);
        switch (family)
        {
            case Ipv4:
                Ipv4Decoder.Decode(packet, builder);
                break;
            // IPv6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS.
            case 10 or 23 or 24 or 28 or 30:
                Ipv6Decoder.Decode(packet, builder);
                break;
            default:
                builder.Stop("Loopback", $"address family {family}", $"address family {family}", packet);
                break;
        }
    }
}
