using MulticastLab.Packets.Ethernet;

namespace MulticastLab.Packets.Decoding;

/// <summary>
/// The two bytes that identify what follows a link-layer header: an EtherType, or up to 1500 a length, and LLC follows (IEEE 802.3 §3.2.6).
/// </summary>
internal static class PayloadType
{
    /// <summary>The highest that is a length.</summary>
    public const int MostLength = 1500;

    /// <summary>Adds the field under the name that it has in its role.</summary>
    public static void Add(ushort type, int at, string typeName, string lengthName, LayerBuilder layer)
    {
        if (type <= MostLength)
            layer.Number(lengthName, "Length", at, 2, type);
        else
            layer.Hex(typeName, "Type", at, 2, type);
    }

    /// <summary>Decodes what follows.</summary>
    /// <param name="type">The two bytes.</param>
    /// <param name="payload">What follows them.</param>
    /// <param name="container">The protocol that they are of.</param>
    /// <param name="builder">The frame.</param>
    public static void Decode(ushort type, Portion payload, string container, FrameBuilder builder)
    {
        if (builder.IsFull)
        {
            builder.Stop(container, "so many layers", $"type 0x{type:x4} within so many layers", payload);
            return;
        }

        switch (type)
        {
            case <= MostLength:
                LlcDecoder.Decode(payload.First(type), builder);
                break;
            case EtherType.Ipv4:
                Ipv4Decoder.Decode(payload, builder);
                break;
            case EtherType.Ipv6:
                Ipv6Decoder.Decode(payload, builder);
                break;
            case EtherType.Arp:
                ArpDecoder.Decode(payload, builder);
                break;
            case EtherType.Vlan or EtherType.StackedVlan:
                VlanDecoder.Decode(payload, container, builder);
                break;
            case EtherType.ServiceVlan:
                VlanDecoder.DecodeService(payload, container, builder);
                break;
            case EtherType.PppoeDiscovery:
                PppoeDecoder.DecodeDiscovery(payload, builder);
                break;
            case EtherType.PppoeSession:
                PppoeDecoder.DecodeSession(payload, builder);
                break;
            default:
                builder.Stop(container, $"ethertype 0x{type:x4}", $"type 0x{type:x4}", payload);
                break;
        }
    }
}
