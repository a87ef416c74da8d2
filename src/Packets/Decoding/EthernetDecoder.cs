using MulticastLab.Packets.Ethernet;

namespace MulticastLab.Packets.Decoding;

/// <summary>Ethernet (RFC 894) and IEEE 802.3 with LLC.</summary>
internal static class EthernetDecoder
{
    public static void Decode(Portion frame, FrameBuilder builder)
    {
        builder.Protocol = "Ethernet";
        if (!builder.Holds(frame, EthernetView.HeaderLength, PacketError.EthernetTooShort))
            return;
        var type = frame.U16(EthernetView.TypeAt);
        builder.Source = MacAddress.Read(frame.Bytes[EthernetView.SourceAt..]).ToString();
        builder.Destination = MacAddress.Read(frame.Bytes).ToString();
        var layer = new LayerBuilder(frame.Offset);
        layer.Text("eth.dst", "Destination", 0, 6, builder.Destination);
        layer.Text("eth.src", "Source", EthernetView.SourceAt, 6, builder.Source);
        PayloadType.Add(type, EthernetView.TypeAt, "eth.type", "eth.len", layer);
        builder.Add(layer.ToLayer("eth", $"Ethernet, {builder.Source} → {builder.Destination}", EthernetView.HeaderLength));
        PayloadType.Decode(type, frame.From(EthernetView.HeaderLength), "Ethernet", builder);
    }
}
