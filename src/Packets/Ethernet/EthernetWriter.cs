using System.Buffers.Binary;
using MulticastLab.Packets.Ip;

namespace MulticastLab.Packets.Ethernet;

/// <summary>
/// Writes Ethernet frames without frame check sequence and without padding to 60 bytes, both of which are the sending device's task.
/// Every method returns the frame's length; <see cref="ArgumentException"/> when the buffer is too small.
/// </summary>
public static class EthernetWriter
{
    /// <summary>Writes a frame around any payload, which may already lie in its place in the buffer.</summary>
    public static int Write(Span<byte> buffer, MacAddress source, MacAddress destination, ushort etherType, ReadOnlySpan<byte> payload)
    {
        var length = EthernetView.HeaderLength + payload.Length;
        if (buffer.Length < length)
            throw new ArgumentException($"The frame needs {length} bytes; the buffer has {buffer.Length}.", nameof(buffer));
        payload.CopyTo(buffer[EthernetView.HeaderLength..]);
        destination.Write(buffer);
        source.Write(buffer[EthernetView.SourceAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[EthernetView.TypeAt..], etherType);
        return length;
    }

    /// <summary>
    /// Writes a frame around an IPv4 packet to a group or to 255.255.255.255: the destination follows from it (RFC 1112 §6.4).
    /// </summary>
    /// <exception cref="ArgumentException">The bytes are no IPv4 packet, or its destination is one host, whose address ARP would
    /// tell.</exception>
    public static int WriteIpv4(Span<byte> buffer, MacAddress source, ReadOnlySpan<byte> ipPacket)
    {
        if (ipPacket.Length < Ipv4View.MinimumHeaderLength || ipPacket[0] >> 4 != 4)
            throw new ArgumentException("Not an IPv4 packet.", nameof(ipPacket));
        var group = Address.Read(ipPacket.Slice(Ipv4View.DestinationAt, 4));
        if (group.IsMulticast)
            return Write(buffer, source, MacAddress.ForGroup(group), EtherType.Ipv4, ipPacket);
        if (group.V4Bits == uint.MaxValue)
            return Write(buffer, source, MacAddress.Broadcast, EtherType.Ipv4, ipPacket);
        throw new ArgumentException($"The Ethernet address of {group} does not follow from it.", nameof(ipPacket));
    }
}
