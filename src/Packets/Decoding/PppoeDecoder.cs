namespace MulticastLab.Packets.Decoding;

/// <summary>PPP over Ethernet (RFC 2516 §4).</summary>
/// <remarks>
/// <code>
/// | Version (4 bits) | Type (4) | Code (1 byte) | Session (2) | Length (2) | Payload … |
/// </code>
/// </remarks>
internal static class PppoeDecoder
{
    private const int HeaderLength = 6;
    private const int LengthAt = 4;

    /// <summary>The discovery stage.</summary>
    public static void DecodeDiscovery(Portion packet, FrameBuilder builder)
    {
        if (!Header(packet, "pppoed", "PPPoE discovery", builder))
            return;
        var code = packet.Bytes[1];
        builder.Info = $"{Name(code)}  session 0x{packet.U16(2):x4}  {packet.U16(LengthAt)} bytes";
    }

    /// <summary>The session stage: PPP from its protocol on.</summary>
    public static void DecodeSession(Portion packet, FrameBuilder builder)
    {
        if (!Header(packet, "pppoes", "PPPoE session", builder))
            return;
        PppDecoder.Decode(packet.From(HeaderLength).First(packet.U16(LengthAt)), builder);
    }

    private static bool Header(Portion packet, string name, string protocol, FrameBuilder builder)
    {
        builder.Protocol = protocol;
        if (!builder.Holds(packet, HeaderLength, PacketError.LinkTooShort))
            return false;
        var layer = new LayerBuilder(packet.Offset);
        layer.Number("pppoe.version", "Version", 0, 1, packet.Bytes[0] >> 4);
        layer.Number("pppoe.type", "Type", 0, 1, packet.Bytes[0] & 0xF);
        layer.Hex("pppoe.code", "Code", 1, 1, packet.Bytes[1]);
        layer.Hex("pppoe.session_id", "Session", 2, 2, packet.U16(2));
        layer.Number("pppoe.payload_length", "Payload Length", LengthAt, 2, packet.U16(LengthAt));
        builder.Add(layer.ToLayer(name, protocol, HeaderLength));
        return true;
    }

    private static string Name(byte code) => code switch
    {
        0x09 => "PADI (Initiation)",
        0x07 => "PADO (Offer)",
        0x19 => "PADR (Request)",
        0x65 => "PADS (Session-confirmation)",
        0xA7 => "PADT (Terminate)",
        _ => $"code 0x{code:x2}",
    };
}
