using MulticastLab.Packets.Captures;

namespace MulticastLab.Packets.Decoding;

/// <summary>Decodes frames to text and fields. Any bytes give a result: what is wrong is part of it.</summary>
public static class FrameDecoder
{
    /// <summary>Decodes a captured packet.</summary>
    public static DecodedFrame Decode(CapturedPacket packet) => Decode(packet.Data.Span, packet.Interface.LinkType);

    /// <summary>Decodes a frame.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="linkType">What they begin with.</param>
    public static DecodedFrame Decode(ReadOnlySpan<byte> frame, LinkType linkType = LinkType.Ethernet)
    {
        var builder = new FrameBuilder();
        switch (linkType)
        {
            case LinkType.Ethernet:
                EthernetDecoder.Decode(frame, builder);
                break;
            case LinkType.Raw when frame.Length > 0 && frame[0] >> 4 == 6:
                Ipv6Decoder.Decode(frame, 0, builder);
                break;
            case LinkType.Raw or LinkType.Ipv4:
                Ipv4Decoder.Decode(frame, 0, builder);
                break;
            default:
                builder.Protocol = $"Link type {(int)linkType}";
                builder.Info = $" {frame.Length} bytes";
                break;
        }

        return builder.ToFrame();
    }
}
