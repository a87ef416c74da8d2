using MulticastLab.Packets.Ethernet;

namespace MulticastLab.Packets.Decoding;

internal static class EthernetDecoder
{
    public static void Decode(ReadOnlySpan<byte> frame, FrameBuilder builder)
    {
        var error = EthernetView.TryRead(frame, out var ethernet);
        if (error != PacketError.None)
        {
            builder.Protocol = "Ethernet";
            builder.Fail(error);
            return;
        }

        var headerLength = frame.Length - ethernet.Payload.Length;
        builder.Source = ethernet.Source.ToString();
        builder.Destination = ethernet.Destination.ToString();
        var layer = new LayerBuilder(0);
        layer.Text("eth.dst", "Destination", 0, 6, builder.Destination);
        layer.Text("eth.src", "Source", EthernetView.SourceAt, 6, builder.Source);
        layer.Hex("eth.type", "Type", headerLength - 2, 2, ethernet.EtherType);
        builder.Add(layer.ToLayer("eth", $"Ethernet, {builder.Source} → {builder.Destination}", headerLength));

        if (ethernet.VlanId is { } vlan)
        {
            var tag = new LayerBuilder(EthernetView.HeaderLength);
            tag.Number("vlan.id", "VLAN", 0, 2, vlan);
            builder.Add(tag.ToLayer("vlan", $"VLAN {vlan}", EthernetView.VlanTagLength));
        }

        switch (ethernet.EtherType)
        {
            case EtherType.Ipv4:
                Ipv4Decoder.Decode(ethernet.Payload, headerLength, builder);
                break;
            case EtherType.Ipv6:
                Ipv6Decoder.Decode(ethernet.Payload, headerLength, builder);
                break;
            case EtherType.Arp:
                ArpDecoder.Decode(ethernet.Payload, headerLength, builder);
                break;
            default:
                builder.Protocol = "Ethernet";
                builder.Info = $"type 0x{ethernet.EtherType:x4}  {ethernet.Payload.Length} bytes";
                break;
        }
    }
}
