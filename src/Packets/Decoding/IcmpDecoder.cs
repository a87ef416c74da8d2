using System.Buffers.Binary;

namespace MulticastLab.Packets.Decoding;

/// <summary>The first bytes of ICMP (RFC 792).</summary>
internal static class IcmpDecoder
{
    private const int HeaderLength = 8;
    private const byte EchoReply = 0;
    private const byte EchoRequest = 8;

    public static void Decode(Portion part, FrameBuilder builder)
    {
        var message = part.Bytes;
        builder.Protocol = "ICMP";
        if (message.Length < HeaderLength)
        {
            builder.Info = $"{part.Length} bytes";
            return;
        }

        var (type, code) = (message[0], message[1]);
        var echo = $"id {BinaryPrimitives.ReadUInt16BigEndian(message[4..])}, seq {BinaryPrimitives.ReadUInt16BigEndian(message[6..])}";
        builder.Info = type switch
        {
            EchoReply => $"Echo Reply  {echo}",
            3 => $"Destination Unreachable  code {code}",
            EchoRequest => $"Echo Request  {echo}",
            9 => "Router Advertisement",
            10 => "Router Solicitation",
            11 => $"Time Exceeded  code {code}",
            12 => $"Parameter Problem  code {code}",
            _ => $"type {type}  code {code}",
        };

        var layer = new LayerBuilder(part.Offset);
        layer.Number("icmp.type", "Type", 0, 1, type);
        layer.Number("icmp.code", "Code", 1, 1, code);
        layer.Hex("icmp.checksum", "Checksum", 2, 2, BinaryPrimitives.ReadUInt16BigEndian(message[2..]));
        builder.Add(layer.ToLayer("icmp", "Internet Control Message Protocol", message.Length));
    }
}
