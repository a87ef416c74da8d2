using System.Buffers.Binary;
using MulticastLab.Packets;
using MulticastLab.Packets.Ethernet;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>The Ethernet frames of the simulated world: real bytes, so that a capture of it is a real capture.</summary>
internal static class SimulatedFrames
{
    /// <summary>Any IPv4 packet to a group.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlySpan<byte> packet, SimulatedPort from) => Frame(packet, from.Mac);

    /// <summary>The frame as a router sends it on: TTL one less, its own MAC address as the sender.</summary>
    public static ReadOnlyMemory<byte> Forwarded(ReadOnlySpan<byte> frame, MacAddress from)
    {
        var copy = frame.ToArray();
        from.Write(copy.AsSpan(6));
        var packet = copy.AsSpan(EthernetView.HeaderLength);
        var header = packet[..((packet[0] & 0xF) * 4)];
        header[8]--;
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Compute(header));
        return copy;
    }

    /// <summary>What an Ethernet frame carries if that is IPv4; otherwise nothing.</summary>
    public static ReadOnlySpan<byte> IpPacket(ReadOnlySpan<byte> frame) =>
        EthernetView.TryRead(frame, out var ethernet) == PacketError.None && ethernet.EtherType == EtherType.Ipv4 ? ethernet.Payload : [];

    private static byte[] Frame(ReadOnlySpan<byte> packet, MacAddress from)
    {
        var frame = new byte[EthernetView.HeaderLength + packet.Length];
        EthernetWriter.WriteIpv4(frame, from, packet);
        return frame;
    }
}
