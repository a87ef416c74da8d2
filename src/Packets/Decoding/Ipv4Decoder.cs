using System.Buffers.Binary;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Packets.Decoding;

/// <summary>IPv4 (RFC 791). A wrong checksum or option does not keep it from showing what comes after.</summary>
internal static class Ipv4Decoder
{
    // Wireshark's numbers for the status of a checksum.
    private const int Wrong = 0;
    private const int Right = 1;
    private const int Unverified = 2;

    public static void Decode(Portion packet, FrameBuilder builder)
    {
        builder.Protocol = "IPv4";
        var bytes = packet.Bytes;
        if (!builder.Holds(packet, Ipv4View.MinimumHeaderLength, PacketError.Ipv4TooShort))
            return;
        var headerLength = (bytes[0] & 0xF) * 4;
        if (bytes[0] >> 4 != 4 || headerLength < Ipv4View.MinimumHeaderLength)
        {
            builder.Fail(bytes[0] >> 4 != 4 ? PacketError.Ipv4Version : PacketError.Ipv4HeaderLength);
            return;
        }

        builder.Source = Address.Read(bytes.Slice(Ipv4View.SourceAt, 4)).ToString();
        builder.Destination = Address.Read(bytes.Slice(Ipv4View.DestinationAt, 4)).ToString();
        var totalLength = packet.U16(Ipv4View.TotalLengthAt);
        if (!builder.Holds(packet, headerLength, PacketError.Ipv4HeaderLength))
        {
            builder.Add(Header(bytes, headerLength, packet.Offset, builder));
            return;
        }

        var header = bytes[..headerLength];
        builder.Fail(Judge(header, totalLength, packet.Length));
        builder.Add(Header(header, headerLength, packet.Offset, builder));
        if (totalLength >= headerLength)
            Payload(header, packet.First(totalLength).From(headerLength), builder);
    }

    // In the order of Ipv4View.TryRead, by the length on the wire.
    private static PacketError Judge(ReadOnlySpan<byte> header, int totalLength, long available)
    {
        if (totalLength < header.Length)
            return PacketError.Ipv4TotalLength;
        if (totalLength > available)
            return PacketError.Ipv4Truncated;
        if (!InternetChecksum.IsValid(header))
            return PacketError.Ipv4HeaderChecksum;
        return Ipv4Option.TryWalk(header[Ipv4View.MinimumHeaderLength..], out _) ? PacketError.None : PacketError.Ipv4Options;
    }

    private static void Payload(ReadOnlySpan<byte> header, Portion payload, FrameBuilder builder)
    {
        var protocol = header[Ipv4View.ProtocolAt];
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(header[Ipv4View.FragmentAt..]);
        if ((fragment & (Ipv4View.FragmentOffsetBits | Ipv4View.MoreFragmentsBit)) != 0)
        {
            if (protocol == IpProtocol.Igmp)
                builder.Fail(PacketError.Ipv4Fragment);
            builder.Stop(
                "IPv4", "IPv4 fragment", $"fragment at {(fragment & Ipv4View.FragmentOffsetBits) * 8} of protocol {protocol}", payload);
            return;
        }

        switch (protocol)
        {
            case IpProtocol.Igmp:
                IgmpDecoder.Decode(header, payload, builder);
                break;
            case IpProtocol.Udp:
                UdpDecoder.Decode(payload, builder);
                break;
            case IpProtocol.Icmp:
                IcmpDecoder.Decode(payload, builder);
                break;
            default:
                builder.Stop("IPv4", $"IP protocol {protocol}{Name(protocol)}", $"protocol {protocol}{Name(protocol)}", payload);
                break;
        }
    }

    private static string Name(byte protocol) => protocol switch
    {
        IpProtocol.Tcp => " (TCP)",
        IpProtocol.Pim => " (PIM)",
        _ => "",
    };

    // Of a header that ends within its options, what there is.
    private static Field Header(ReadOnlySpan<byte> header, int headerLength, int offset, FrameBuilder builder)
    {
        var flags = BinaryPrimitives.ReadUInt16BigEndian(header[Ipv4View.FragmentAt..]);
        var typeOfService = header[Ipv4View.TypeOfServiceAt];
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(header[Ipv4View.ChecksumAt..]);
        var (status, verdict) = header.Length < headerLength ? (Unverified, " (not verified)")
            : InternetChecksum.IsValid(header) ? (Right, " (right)") : (Wrong, " (wrong)");

        var layer = new LayerBuilder(offset);
        layer.Number("ip.version", "Version", 0, 1, header[0] >> 4);
        layer.Number("ip.hdr_len", "Header Length", 0, 1, headerLength);
        layer.Hex("ip.dsfield", "Differentiated Services Field", Ipv4View.TypeOfServiceAt, 1, typeOfService);
        var services = layer.Nested();
        services.Number("ip.dsfield.dscp", "DSCP", Ipv4View.TypeOfServiceAt, 1, typeOfService >> 2);
        services.Number("ip.dsfield.ecn", "ECN", Ipv4View.TypeOfServiceAt, 1, typeOfService & 3);
        layer.Under(services);
        layer.Number(
            "ip.len", "Total Length", Ipv4View.TotalLengthAt, 2, BinaryPrimitives.ReadUInt16BigEndian(header[Ipv4View.TotalLengthAt..]));
        layer.Hex(
            "ip.id", "Identification", Ipv4View.IdentificationAt, 2,
            BinaryPrimitives.ReadUInt16BigEndian(header[Ipv4View.IdentificationAt..]));
        layer.Hex("ip.flags", "Flags", Ipv4View.FragmentAt, 1, (uint)flags >> 13);
        var bits = layer.Nested();
        bits.Flag("ip.flags.rb", "Reserved bit", Ipv4View.FragmentAt, 1, flags >> 15 != 0);
        bits.Flag("ip.flags.df", "Don't fragment", Ipv4View.FragmentAt, 1, (flags & Ipv4View.DontFragmentBit) != 0);
        bits.Flag("ip.flags.mf", "More fragments", Ipv4View.FragmentAt, 1, (flags & Ipv4View.MoreFragmentsBit) != 0);
        layer.Under(bits);
        layer.Number("ip.frag_offset", "Fragment Offset", Ipv4View.FragmentAt, 2, (flags & Ipv4View.FragmentOffsetBits) * 8);
        layer.Number("ip.ttl", "Time to Live", Ipv4View.TimeToLiveAt, 1, header[Ipv4View.TimeToLiveAt]);
        layer.Number("ip.proto", "Protocol", Ipv4View.ProtocolAt, 1, header[Ipv4View.ProtocolAt]);
        layer.Hex("ip.checksum", "Header Checksum", Ipv4View.ChecksumAt, 2, checksum, verdict);
        layer.Number("ip.checksum.status", "Header Checksum Status", Ipv4View.ChecksumAt, 0, status);
        layer.Text("ip.src", "Source Address", Ipv4View.SourceAt, 4, builder.Source);
        layer.Text("ip.dst", "Destination Address", Ipv4View.DestinationAt, 4, builder.Destination);
        Options(header[Ipv4View.MinimumHeaderLength..], layer);
        return layer.ToLayer("ip", $"Internet Protocol Version 4, {builder.Source} → {builder.Destination}", header.Length);
    }

    // To the end of the list, or to the first option whose length is impossible.
    private static void Options(ReadOnlySpan<byte> options, LayerBuilder layer)
    {
        var at = 0;
        while (at < options.Length)
        {
            var type = options[at];
            var option = layer.Nested();
            var position = Ipv4View.MinimumHeaderLength + at;
            option.Number("ip.opt.type", "Type", position, 1, type);
            if (type is Ipv4Option.End or Ipv4Option.NoOperation)
            {
                layer.Group("ip.opt", $"Option: {(type == Ipv4Option.End ? "End of Options List" : "No Operation")}", position, 1, option);
                if (type == Ipv4Option.End)
                    return;
                at++;
                continue;
            }

            if (at + 1 >= options.Length)
                return;
            int length = options[at + 1];
            if (length < 2 || at + length > options.Length)
                return;
            option.Number("ip.opt.len", "Length", position + 1, 1, length);
            var routerAlert = type == Ipv4Option.RouterAlert && length == Ipv4Option.RouterAlertLength;
            if (routerAlert)
                option.Number("ip.opt.ra", "Router Alert", position + 2, 2, BinaryPrimitives.ReadUInt16BigEndian(options[(at + 2)..]));
            layer.Group("ip.opt", $"Option: {(routerAlert ? "Router Alert" : $"type {type}")}, {length} bytes", position, length, option);
            at += length;
        }
    }
}
