namespace MulticastLab.Packets.Decoding;

/// <summary>PPP (RFC 1661 §2).</summary>
/// <remarks>
/// In HDLC-like framing (RFC 1662 §3.1) the first two bytes may be there, and may have been compressed away; so may the first of the
/// protocol's two, which is even, while the last is odd:
/// <code>
/// | Address, 0xff (1) | Control, 0x03 (1) | Protocol (1 or 2) | Information … |
/// </code>
/// </remarks>
internal static class PppDecoder
{
    private const byte AllStations = 0xFF;
    private const int AddressAndControl = 2;
    private const ushort Ipv4 = 0x0021;
    private const ushort Ipv6 = 0x0057;

    /// <summary>In HDLC-like framing, or what Cisco has in its place.</summary>
    public static void DecodeFramed(Portion frame, FrameBuilder builder)
    {
        if (frame.Bytes.Length > 0 && frame.Bytes[0] is CiscoHdlcDecoder.Unicast or CiscoHdlcDecoder.Broadcast)
            CiscoHdlcDecoder.Decode(frame, builder);
        else if (frame.Bytes.Length > 0 && frame.Bytes[0] == AllStations)
            Decode(frame, AddressAndControl, builder);
        else
            Decode(frame, builder);
    }

    /// <summary>From the protocol on.</summary>
    public static void Decode(Portion frame, FrameBuilder builder) => Decode(frame, protocolAt: 0, builder);

    private static void Decode(Portion frame, int protocolAt, FrameBuilder builder)
    {
        builder.Protocol = "PPP";
        if (!builder.Holds(frame, protocolAt + 1, PacketError.LinkTooShort))
            return;
        // RFC 1661 §2: the last bit of the last byte is set, that of the first is not.
        var protocolLength = (frame.Bytes[protocolAt] & 1) != 0 ? 1 : 2;
        if (!builder.Holds(frame, protocolAt + protocolLength, PacketError.LinkTooShort))
            return;
        var protocol = protocolLength == 1 ? frame.Bytes[protocolAt] : frame.U16(protocolAt);
        var layer = new LayerBuilder(frame.Offset);
        if (protocolAt > 0)
        {
            layer.Hex("ppp.address", "Address", 0, 1, frame.Bytes[0]);
            layer.Hex("ppp.control", "Control", 1, 1, frame.Bytes[1]);
        }

        layer.Hex("ppp.protocol", "Protocol", protocolAt, protocolLength, protocol, Name(protocol), digits: 4);
        var headerLength = protocolAt + protocolLength;
        builder.Add(layer.ToLayer("ppp", "Point-to-Point Protocol", headerLength));
        var information = frame.From(headerLength);
        switch (protocol)
        {
            case Ipv4:
                Ipv4Decoder.Decode(information, builder);
                break;
            case Ipv6:
                Ipv6Decoder.Decode(information, builder);
                break;
            default:
                var told = $"protocol 0x{protocol:x4}{Name(protocol)}";
                builder.Stop("PPP", $"PPP {told}", told, information);
                break;
        }
    }

    // IANA, Point-to-Point (PPP) Protocol Field Assignments.
    private static string Name(ushort protocol) => protocol switch
    {
        Ipv4 => " (IPv4)",
        Ipv6 => " (IPv6)",
        0x002D => " (compressed TCP)",
        0x002F => " (uncompressed TCP)",
        0x0031 => " (bridging)",
        0x003D => " (multilink)",
        0x00FD => " (compressed datagram)",
        0x8021 => " (IPCP)",
        0x8057 => " (IPV6CP)",
        0x80FD => " (CCP)",
        0xC021 => " (LCP)",
        0xC023 => " (PAP)",
        0xC025 => " (LQR)",
        0xC223 => " (CHAP)",
        _ => "",
    };
}
