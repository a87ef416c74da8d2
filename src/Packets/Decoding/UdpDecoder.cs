using System.Buffers.Binary;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Packets.Decoding;

/// <summary>UDP (RFC 768). The checksum is not judged: a packet socket on a virtual link sees it before it is filled in.</summary>
internal static class UdpDecoder
{
    private const int Unverified = 2;
    private const int NotPresent = 3;

    public static void Decode(Portion part, FrameBuilder builder)
    {
        builder.Protocol = "UDP";
        if (!builder.Holds(part, UdpView.HeaderLength, PacketError.UdpTooShort))
            return;
        var datagram = part.Bytes;
        var sourcePort = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        var destinationPort = BinaryPrimitives.ReadUInt16BigEndian(datagram[UdpView.DestinationPortAt..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[UdpView.LengthAt..]);
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(datagram[UdpView.ChecksumAt..]);
        if (length < UdpView.HeaderLength || length > part.Length)
            builder.Fail(PacketError.UdpLength);
        builder.Info = $"{sourcePort} → {destinationPort}  {length - UdpView.HeaderLength} bytes";

        var layer = new LayerBuilder(part.Offset);
        layer.Number("udp.srcport", "Source Port", 0, 2, sourcePort);
        layer.Number("udp.dstport", "Destination Port", UdpView.DestinationPortAt, 2, destinationPort);
        layer.Number("udp.length", "Length", UdpView.LengthAt, 2, length);
        layer.Hex("udp.checksum", "Checksum", UdpView.ChecksumAt, 2, checksum);
        layer.Number("udp.checksum.status", "Checksum Status", UdpView.ChecksumAt, 0, checksum == 0 ? NotPresent : Unverified);
        layer.Bytes(
            "udp.payload", "Payload", UdpView.HeaderLength,
            datagram[UdpView.HeaderLength..Math.Clamp(length, UdpView.HeaderLength, datagram.Length)]);
        builder.Add(layer.ToLayer("udp", $"User Datagram Protocol, {sourcePort} → {destinationPort}", UdpView.HeaderLength));
    }
}
