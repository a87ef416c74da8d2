using System.Buffers.Binary;

namespace MulticastLab.Packets.Ip;

/// <summary>Writes UDP datagrams as whole IPv4 packets, both checksums filled in.</summary>
public static class UdpWriter
{
    /// <summary>Writes a packet with one datagram. The payload may already lie in its place in the buffer.</summary>
    /// <param name="buffer">Where the packet is written.</param>
    /// <param name="header">The IPv4 header; its protocol is UDP.</param>
    /// <param name="sourcePort">The source port.</param>
    /// <param name="destinationPort">The destination port.</param>
    /// <param name="payload">The payload.</param>
    /// <returns>The packet's length.</returns>
    /// <exception cref="ArgumentException">The buffer is too small, the packet too long, or the protocol another one.</exception>
    public static int Write(Span<byte> buffer, in Ipv4Header header, ushort sourcePort, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        if (header.Protocol != IpProtocol.Udp)
            throw new ArgumentException($"The protocol of a UDP datagram is 17, not {header.Protocol}.", nameof(header));
        var length = UdpView.HeaderLength + payload.Length;
        if (buffer.Length < header.Length + length)
            throw new ArgumentException(
                $"The packet needs {header.Length + length} bytes; the buffer has {buffer.Length}.", nameof(buffer));

        var datagram = buffer[header.Length..][..length];
        payload.CopyTo(datagram[UdpView.HeaderLength..]);
        Ipv4Writer.WriteHeader(buffer, header, length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpView.DestinationPortAt..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpView.LengthAt..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpView.ChecksumAt..], 0);
        var checksum = UdpView.Checksum(header.Source, header.Destination, datagram);
        // 0 would mean that there is none; 0xFFFF is the same number in ones' complement (RFC 768).
        BinaryPrimitives.WriteUInt16BigEndian(datagram[UdpView.ChecksumAt..], checksum == 0 ? ushort.MaxValue : checksum);
        return header.Length + length;
    }
}
