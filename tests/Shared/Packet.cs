using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Igmp;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Tests.Packets;

/// <summary>Puts packets together around given bytes, for tests that need what the writers would not write.</summary>
internal static class Packet
{
    public static readonly Address Source = Address.Parse("10.0.0.1");
    public static readonly Address Destination = Address.Parse("224.0.0.1");
    public static readonly MacAddress Mac = new(0x0200_0000_0001);

    /// <summary>An IPv4 packet around an IGMP message whose checksum is filled in.</summary>
    public static byte[] Igmp(string message) => Igmp(Hex.Bytes(message));

    public static byte[] Igmp(byte[] message)
    {
        var copy = (byte[])message.Clone();
        if (copy.Length >= 4)
        {
            copy[2] = copy[3] = 0;
            var checksum = InternetChecksum.Compute(copy);
            (copy[2], copy[3]) = ((byte)(checksum >> 8), (byte)checksum);
        }

        return Ip(copy, Ipv4Header.ForIgmp(Source, Destination));
    }

    /// <summary>An IPv4 packet around any payload, which is taken as it is.</summary>
    public static byte[] Ip(byte[] payload, Ipv4Header header)
    {
        var buffer = new byte[header.Length + payload.Length];
        Ipv4Writer.Write(buffer, header, payload);
        return buffer;
    }

    /// <summary>An IPv4 packet with these options around an IGMP message.</summary>
    public static byte[] WithOptions(string options, byte[] message)
    {
        var optionBytes = Hex.Bytes(options);
        var packet = new byte[20 + optionBytes.Length + message.Length];
        Ipv4Writer.WriteHeader(
            packet, new Ipv4Header(Source, Destination, IpProtocol.Igmp) { TimeToLive = 1, TypeOfService = 0xC0 }, packet.Length - 20);
        optionBytes.CopyTo(packet, 20);
        message.CopyTo(packet, 20 + optionBytes.Length);
        packet[0] = (byte)(0x40 | (5 + (optionBytes.Length / 4)));
        return WithHeaderChecksum(packet);
    }

    /// <summary>The packet with its header checksum made right.</summary>
    public static byte[] WithHeaderChecksum(byte[] packet)
    {
        packet[10] = packet[11] = 0;
        var checksum = InternetChecksum.Compute(packet.AsSpan(0, (packet[0] & 0xF) * 4));
        (packet[10], packet[11]) = ((byte)(checksum >> 8), (byte)checksum);
        return packet;
    }

    public static byte[] Ethernet(byte[] ipPacket)
    {
        var frame = new byte[14 + ipPacket.Length];
        EthernetWriter.Write(frame, Mac, MacAddress.ForGroup(Destination), EtherType.Ipv4, ipPacket);
        return frame;
    }

    public static byte[] Query(QueryContent query) => Written(buffer => IgmpWriter.WriteQuery(buffer, query, Source, Destination));

    public static byte[] Report(ReportContent report) => Written(buffer => IgmpWriter.WriteReport(buffer, report, Source, Destination));

    public static byte[] Written(Func<byte[], int> write)
    {
        var buffer = new byte[65535];
        return buffer[..write(buffer)];
    }
}
