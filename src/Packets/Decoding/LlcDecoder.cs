using System.Buffers.Binary;

namespace MulticastLab.Packets.Decoding;

/// <summary>Logical Link Control (IEEE 802.2), with SNAP (IEEE 802, RFC 1042).</summary>
/// <remarks>
/// <code>
/// | DSAP (1) | SSAP (1) | Control (1, of numbered frames 2) | SNAP only: OUI (3) | SNAP only: Protocol (2) |
/// </code>
/// </remarks>
internal static class LlcDecoder
{
    private const int ShortLength = 3;
    private const int LongLength = 4;
    private const int SnapLength = 8;
    private const byte SnapSap = 0xAA;
    private const byte IpSap = 0x06;
    private const byte Unnumbered = 0x03;

    // The protocol is an EtherType: RFC 1042, and IEEE 802.1H, with which bridges mark frames that come from Ethernet.
    private const int Encapsulated = 0x000000;
    private const int Bridged = 0x0000F8;

    // For which Wireshark has a name of its own.
    private const int Cisco = 0x00000C;

    public static void Decode(Portion frame, FrameBuilder builder)
    {
        builder.Protocol = "LLC";
        if (!builder.Holds(frame, ShortLength, PacketError.LinkTooShort))
            return;
        var (destination, source, control) = (frame.Bytes[0], frame.Bytes[1], (ushort)frame.Bytes[2]);
        var length = (control & Unnumbered) == Unnumbered ? ShortLength : LongLength;
        if (!builder.Holds(frame, length, PacketError.LinkTooShort))
            return;
        if (length == LongLength)
            control = BinaryPrimitives.ReadUInt16LittleEndian(frame.Bytes[2..]);
        var layer = new LayerBuilder(frame.Offset);
        layer.Hex("llc.dsap", "DSAP", 0, 1, destination);
        layer.Hex("llc.ssap", "SSAP", 1, 1, source);
        layer.Hex("llc.control", "Control", 2, length - 2, control, digits: 4);
        if (destination == SnapSap && source == SnapSap && control == Unnumbered)
        {
            Snap(frame, layer, builder);
            return;
        }

        builder.Add(layer.ToLayer("llc", "Logical Link Control", length));
        if (destination == IpSap && control == Unnumbered)
            Ipv4Decoder.Decode(frame.From(length), builder);
        else
            builder.Stop(
                "LLC", $"LLC SAP 0x{destination:x2}{Name(destination)}", $"SAP 0x{destination:x2}{Name(destination)}", frame.From(length));
    }

    private static void Snap(Portion frame, LayerBuilder layer, FrameBuilder builder)
    {
        if (!builder.Holds(frame, SnapLength, PacketError.LinkTooShort))
        {
            builder.Add(layer.ToLayer("llc", "Logical Link Control", ShortLength));
            return;
        }

        var organization = frame.Bytes[3] << 16 | frame.U16(4);
        var protocol = frame.U16(6);
        layer.Number("llc.oui", "Organization Code", 3, 3, organization);
        var isEtherType = organization is Encapsulated or Bridged;
        if (isEtherType)
            layer.Hex("llc.type", "Type", 6, 2, protocol);
        else
            layer.Hex(organization == Cisco ? "llc.cisco_pid" : "llc.pid", "Protocol", 6, 2, protocol);
        builder.Add(layer.ToLayer("llc", "Logical Link Control", SnapLength));
        var rest = frame.From(SnapLength);
        if (isEtherType)
            PayloadType.Decode(protocol, rest, "LLC", builder);
        else
            builder.Stop("LLC", $"SNAP protocol 0x{organization:x6}/0x{protocol:x4}", $"SNAP 0x{organization:x6}/0x{protocol:x4}", rest);
    }

    private static string Name(byte sap) => sap switch
    {
        0x42 => " (Spanning Tree)",
        0xFE => " (OSI)",
        _ => "",
    };
}
