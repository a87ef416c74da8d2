namespace MulticastLab.Packets.Decoding;

/// <summary>Cisco HDLC: an address, a control byte of 0, an EtherType (RFC 1547 §4.3.1).</summary>
internal static class CiscoHdlcDecoder
{
    /// <summary>The address of a frame to the other end.</summary>
    public const byte Unicast = 0x0F;

    /// <summary>The address of a broadcast.</summary>
    public const byte Broadcast = 0x8F;

    private const int HeaderLength = 4;

    public static void Decode(Portion frame, FrameBuilder builder)
    {
        builder.Protocol = "Cisco HDLC";
        if (!builder.Holds(frame, HeaderLength, PacketError.LinkTooShort))
            return;
        var type = frame.U16(2);
        var layer = new LayerBuilder(frame.Offset);
        layer.Hex("chdlc.address", "Address", 0, 1, frame.Bytes[0]);
        layer.Hex("chdlc.control", "Control", 1, 1, frame.Bytes[1]);
        layer.Hex("chdlc.protocol", "Protocol", 2, 2, type);
        builder.Add(layer.ToLayer("chdlc", "Cisco HDLC", HeaderLength));
        // There are no lengths here: numbers that low are protocols as well.
        if (type <= PayloadType.MostLength)
            builder.Stop("Cisco HDLC", $"Cisco HDLC type 0x{type:x4}", $"type 0x{type:x4}", frame.From(HeaderLength));
        else
            PayloadType.Decode(type, frame.From(HeaderLength), "Cisco HDLC", builder);
    }
}
