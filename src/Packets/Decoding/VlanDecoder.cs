namespace MulticastLab.Packets.Decoding;

/// <summary>A VLAN tag after its EtherType (IEEE 802.1Q §9.6); others may follow.</summary>
/// <remarks>
/// <code>
/// | Priority (3 bits) | DEI (1) | VLAN identifier (12) | Type (2 bytes) |
/// </code>
/// </remarks>
internal static class VlanDecoder
{
    private const int Length = 4;
    private const int TypeAt = 2;

    /// <summary>A tag of IEEE 802.1Q.</summary>
    public static void Decode(Portion tag, string container, FrameBuilder builder)
    {
        if (!Begin(tag, container, builder))
            return;
        var (control, type) = (tag.U16(0), tag.U16(TypeAt));
        var layer = new LayerBuilder(tag.Offset);
        layer.Number("vlan.priority", "Priority", 0, 2, control >> 13);
        layer.Flag("vlan.dei", "DEI", 0, 2, IsDropEligible(control));
        layer.Number("vlan.id", "VLAN", 0, 2, control & 0xFFF);
        PayloadType.Add(type, TypeAt, "vlan.etype", "vlan.len", layer);
        builder.Add(layer.ToLayer("vlan", $"VLAN {control & 0xFFF}", Length, repeats: true));
        PayloadType.Decode(type, tag.From(Length), container, builder);
    }

    /// <summary>A service tag (IEEE 802.1ad), which Wireshark has another dissector for.</summary>
    public static void DecodeService(Portion tag, string container, FrameBuilder builder)
    {
        if (!Begin(tag, container, builder))
            return;
        var (control, type) = (tag.U16(0), tag.U16(TypeAt));
        var layer = new LayerBuilder(tag.Offset);
        layer.Number("ieee8021ad.priority", "Priority", 0, 1, control >> 13);
        layer.Number("ieee8021ad.dei", "DEI", 0, 1, IsDropEligible(control) ? 1 : 0);
        layer.Number("ieee8021ad.id", "VLAN", 0, 2, control & 0xFFF);
        layer.Hex("ieee8021ah.etype", "Type", TypeAt, 2, type);
        builder.Add(layer.ToLayer("ieee8021ad", $"Service VLAN {control & 0xFFF}", Length, repeats: true));
        PayloadType.Decode(type, tag.From(Length), container, builder);
    }

    private static bool Begin(Portion tag, string container, FrameBuilder builder)
    {
        builder.Protocol = container;
        return builder.Holds(tag, Length, PacketError.EthernetTooShort);
    }

    private static bool IsDropEligible(ushort control) => (control >> 12 & 1) != 0;
}
