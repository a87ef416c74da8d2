using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.Lab.Engines;

/// <summary>The Ethernet frame of a datagram of a stream.</summary>
internal static class DatagramFrame
{
    private const byte TimeToLive = 16;
    private const int Mtu = 1500;

    /// <summary>The frame.</summary>
    public static ReadOnlyMemory<byte> Of(StreamDatagram content, Address source, Address group, MacAddress from)
    {
        Span<byte> payload = stackalloc byte[StreamDatagram.Length];
        content.Write(payload);
        Span<byte> packet = stackalloc byte[Mtu];
        var header = new Ipv4Header(source, group, IpProtocol.Udp) { TimeToLive = TimeToLive };
        packet = packet[..UdpWriter.Write(packet, header, StreamDatagram.DefaultPort, StreamDatagram.DefaultPort, payload)];
        var frame = new byte[EthernetView.HeaderLength + packet.Length];
        EthernetWriter.WriteIpv4(frame, from, packet);
        return frame;
    }
}
