using System.Buffers.Binary;

namespace MulticastLab.Packets.Decoding;

/// <summary>
/// What Linux puts in place of a link-layer header on the interface "any", and where there is none: <see cref="LinuxCookedLayout"/>.
/// </summary>
internal static class LinuxCookedDecoder
{
    private const string Name = "Linux cooked";
    private const int AddressRoom = 8;

    // Up to here the protocol is one of Linux's own numbers.
    private const int LastOwnProtocol = 1536;
    private const ushort Llc = 0x0004;

    // ARPHRD types for which the protocol field means something else.
    private const ushort FrameRelay = 770;
    private const ushort Gre = 778;
    private const ushort Radiotap = 803;
    private const ushort Netlink = 824;

    public static void Decode(Portion frame, LinuxCookedLayout layout, FrameBuilder builder)
    {
        builder.Protocol = Name;
        if (!builder.Holds(frame, layout.Length, PacketError.LinkTooShort))
            return;
        var protocol = frame.U16(layout.ProtocolAt);
        var hardware = frame.U16(layout.HardwareTypeAt);
        var packetType = Short(frame, layout.PacketTypeAt, layout);
        var layer = new LayerBuilder(frame.Offset);
        layer.Number("sll.pkttype", "Packet Type", layout.PacketTypeAt, layout.ShortFieldLength, packetType, PacketType(packetType));
        layer.Number("sll.hatype", "ARPHRD Type", layout.HardwareTypeAt, 2, hardware);
        if (layout.InterfaceAt is { } at)
            layer.Number("sll.ifindex", "Interface Index", at, 4, BinaryPrimitives.ReadUInt32BigEndian(frame.Bytes[at..]));
        builder.Source = SenderAddress(frame, layout, layer);
        layer.Hex(FieldOf(hardware, protocol), "Protocol", layout.ProtocolAt, 2, protocol);
        builder.Add(layer.ToLayer("sll", $"Linux cooked capture, version {layout.Version}", layout.Length));

        var payload = frame.From(layout.Length);
        if (hardware == Radiotap)
            RadiotapDecoder.Decode(payload, builder);
        else if (hardware is FrameRelay or Netlink)
            builder.Stop(Name, $"Linux cooked ARPHRD type {hardware}", $"ARPHRD type {hardware}", payload);
        else if (protocol > LastOwnProtocol)
            PayloadType.Decode(protocol, payload, Name, builder);
        else if (protocol == Llc)
            LlcDecoder.Decode(payload, builder);
        else
            builder.Stop(Name, $"Linux cooked protocol 0x{protocol:x4}", $"protocol 0x{protocol:x4}", payload);
    }

    private static string SenderAddress(Portion frame, LinuxCookedLayout layout, LayerBuilder layer)
    {
        var told = Short(frame, layout.AddressLengthAt, layout);
        layer.Number("sll.halen", "Address Length", layout.AddressLengthAt, layout.ShortFieldLength, told);
        // A longer one is cut.
        var length = Math.Min(told, AddressRoom);
        var address = frame.Bytes.Slice(layout.AddressAt, length);
        var text = length switch
        {
            4 => Address.Read(address).ToString(),
            6 => MacAddress.Read(address).ToString(),
            _ => "",
        };
        if (length is 4 or 6)
            layer.Text(length == 4 ? "sll.src.ipv4" : "sll.src.eth", "Source", layout.AddressAt, length, text);
        else
            layer.Bytes("sll.src.other", "Source", layout.AddressAt, address);
        layer.Bytes(
            "sll.unused", "Unused", layout.AddressAt + length, frame.Bytes[(layout.AddressAt + length)..(layout.AddressAt + AddressRoom)]);
        return text;
    }

    private static int Short(Portion frame, int at, LinuxCookedLayout layout) =>
        layout.ShortFieldLength == 1 ? frame.Bytes[at] : frame.U16(at);

    private static string FieldOf(ushort hardware, ushort protocol) =>
        hardware == Gre ? "sll.gretype" : protocol <= LastOwnProtocol ? "sll.ltype" : "sll.etype";

    private static string PacketType(int type) => type switch
    {
        0 => " (to this machine)",
        1 => " (broadcast)",
        2 => " (multicast)",
        3 => " (to another machine)",
        4 => " (sent by this machine)",
        _ => "",
    };
}
