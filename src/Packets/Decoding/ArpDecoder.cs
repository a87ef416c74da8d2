using System.Buffers.Binary;

namespace MulticastLab.Packets.Decoding;

/// <summary>ARP for IPv4 over Ethernet (RFC 826); others and truncated ones are only named.</summary>
internal static class ArpDecoder
{
    private const int Length = 28;
    private const ulong EthernetAndIpv4 = 0x0001_0800_0604;
    private const ushort Request = 1;
    private const ushort Reply = 2;

    public static void Decode(Portion part, FrameBuilder builder)
    {
        var packet = part.Bytes;
        builder.Protocol = "ARP";
        if (packet.Length < Length || BinaryPrimitives.ReadUInt64BigEndian(packet) >> 16 != EthernetAndIpv4)
        {
            builder.Info = $"{part.Length} bytes";
            return;
        }

        var operation = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        var senderMac = MacAddress.Read(packet[8..]);
        var sender = Address.Read(packet.Slice(14, 4));
        var targetMac = MacAddress.Read(packet[18..]);
        var target = Address.Read(packet.Slice(24, 4));
        builder.Info = operation switch
        {
            Request => $"who has {target}? tell {sender}",
            Reply => $"{sender} is at {senderMac}",
            _ => $"operation {operation}",
        };

        var layer = new LayerBuilder(part.Offset);
        layer.Number("arp.opcode", "Operation", 6, 2, operation);
        layer.Text("arp.src.hw_mac", "Sender MAC address", 8, 6, senderMac.ToString());
        layer.Text("arp.src.proto_ipv4", "Sender IP address", 14, 4, sender.ToString());
        layer.Text("arp.dst.hw_mac", "Target MAC address", 18, 6, targetMac.ToString());
        layer.Text("arp.dst.proto_ipv4", "Target IP address", 24, 4, target.ToString());
        builder.Add(layer.ToLayer("arp", $"Address Resolution Protocol, {builder.Info}", Length));
    }
}
