using MulticastLab.Packets.Captures;

namespace MulticastLab.Packets.Decoding;

/// <summary>Decodes frames to text and fields. Any bytes give a result: what is wrong, cut off or not known is part of it.</summary>
public static class FrameDecoder
{
    /// <summary>Decodes a captured packet.</summary>
    public static DecodedFrame Decode(CapturedPacket packet) => Decode(packet.Data.Span, packet.Interface.LinkType, packet.OriginalLength);

    /// <summary>Decodes a frame.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="linkType">What they begin with.</param>
    /// <param name="originalLength">Its length on the wire, when not all of its bytes were kept.</param>
    public static DecodedFrame Decode(ReadOnlySpan<byte> frame, LinkType linkType = LinkType.Ethernet, long? originalLength = null)
    {
        var whole = new Portion(frame, 0, originalLength ?? frame.Length);
        var builder = new FrameBuilder(whole);
        switch (linkType)
        {
            case LinkType.Ethernet:
                EthernetDecoder.Decode(whole, builder);
                break;
            case LinkType.Null:
                LoopbackDecoder.Decode(whole, isBigEndian: false, builder);
                break;
            case LinkType.Loop:
                LoopbackDecoder.Decode(whole, isBigEndian: true, builder);
                break;
            case LinkType.LinuxCooked:
                LinuxCookedDecoder.Decode(whole, LinuxCookedLayout.Version1, builder);
                break;
            case LinkType.LinuxCooked2:
                LinuxCookedDecoder.Decode(whole, LinuxCookedLayout.Version2, builder);
                break;
            case LinkType.Ppp or LinkType.PppHdlc:
                PppDecoder.DecodeFramed(whole, builder);
                break;
            case LinkType.CiscoHdlc:
                CiscoHdlcDecoder.Decode(whole, builder);
                break;
            case LinkType.Wlan:
                WlanDecoder.Decode(whole, isPadded: false, builder);
                break;
            case LinkType.Radiotap:
                RadiotapDecoder.Decode(whole, builder);
                break;
            case LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd or LinkType.Ipv4 or LinkType.Ipv6:
                DecodeRaw(whole, builder);
                break;
            case LinkType.Undescribed:
                builder.Stop("Unknown", "an interface without a description", "link type", whole);
                break;
            default:
                builder.Stop($"Link type {(int)linkType}", $"link type {(int)linkType}", "", whole);
                break;
        }

        return builder.ToFrame();
    }

    private static void DecodeRaw(Portion packet, FrameBuilder builder)
    {
        builder.Protocol = "IP";
        if (!builder.Holds(packet, 1, PacketError.Ipv4TooShort))
            return;
        if (packet.Bytes[0] >> 4 == 6)
            Ipv6Decoder.Decode(packet, builder);
        else
            Ipv4Decoder.Decode(packet, builder);
    }
}
