using System.Buffers.Binary;

namespace MulticastLab.Packets.Decoding;

/// <summary>The fixed header of IPv6 (RFC 8200 §3): source and destination.</summary>
internal static class Ipv6Decoder
{
    private const int HeaderLength = 40;

    public static void Decode(Portion part, FrameBuilder builder)
    {
        var packet = part.Bytes;
        builder.Protocol = "IPv6";
        if (!builder.Holds(part, HeaderLength, PacketError.Ipv6TooShort))
            return;

        builder.Source = Address.Read(packet.Slice(8, 16)).ToString();
        builder.Destination = Address.Read(packet.Slice(24, 16)).ToString();
        var layer = new LayerBuilder(part.Offset);
        layer.Number("ipv6.plen", "Payload Length", 4, 2, BinaryPrimitives.ReadUInt16BigEndian(packet[4..]));
        layer.Number("ipv6.nxt", "Next Header", 6, 1, packet[6]);
        layer.Number("ipv6.hlim", "Hop Limit", 7, 1, packet[7]);
        layer.Text("ipv6.src", "Source Address", 8, 16, builder.Source);
        layer.Text("ipv6.dst", "Destination Address", 24, 16, builder.Destination);
        builder.Add(layer.ToLayer("ipv6", $"Internet Protocol Version 6, {builder.Source} → {builder.Destination}", HeaderLength));
        builder.Stop("IPv6", $"IPv6 next header {packet[6]}", $"next header {packet[6]}", part.From(HeaderLength));
    }
}
