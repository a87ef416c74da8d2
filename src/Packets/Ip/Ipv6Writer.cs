using System.Buffers.Binary;

namespace MulticastLab.Packets.Ip;

/// <summary>Writes IPv6 headers. <see cref="ArgumentException"/> when the buffer is too small or an address is not an IPv6 one.</summary>
public static class Ipv6Writer
{
    /// <summary>Writes the headers in front of a payload of this length, which is or will be written after them.</summary>
    /// <returns>The length of the headers.</returns>
    public static int WriteHeader(Span<byte> buffer, in Ipv6Header header, int payloadLength)
    {
        var length = header.Length;
        var counted = length - Ipv6View.HeaderLength + payloadLength;
        if (counted > ushort.MaxValue)
            throw new ArgumentException($"An IPv6 packet has at most 65535 bytes after its header, not {counted}.", nameof(payloadLength));
        if (buffer.Length < length + payloadLength)
            throw new ArgumentException(
                $"The packet needs {length + payloadLength} bytes; the buffer has {buffer.Length}.", nameof(buffer));

        BinaryPrimitives.WriteUInt32BigEndian(buffer, (6u << 28) | ((uint)header.TrafficClass << 20));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[Ipv6View.PayloadLengthAt..], (ushort)counted);
        buffer[Ipv6View.NextHeaderAt] = header.RouterAlert ? IpProtocol.HopByHopOptions : header.Protocol;
        buffer[Ipv6View.HopLimitAt] = header.HopLimit;
        header.Source.Write(buffer[Ipv6View.SourceAt..], Ipv6View.AddressLength);
        header.Destination.Write(buffer[Ipv6View.DestinationAt..], Ipv6View.AddressLength);
        if (header.RouterAlert)
            Ipv6Option.WriteRouterAlertHeader(buffer[Ipv6View.HeaderLength..], header.Protocol);
        return length;
    }

    /// <summary>Writes a whole packet. The payload may already lie in its place in the buffer.</summary>
    /// <returns>The packet's length.</returns>
    public static int Write(Span<byte> buffer, in Ipv6Header header, ReadOnlySpan<byte> payload)
    {
        if (buffer.Length < header.Length + payload.Length)
            throw new ArgumentException(
                $"The packet needs {header.Length + payload.Length} bytes; the buffer has {buffer.Length}.", nameof(buffer));
        payload.CopyTo(buffer[header.Length..]);
        return WriteHeader(buffer, header, payload.Length) + payload.Length;
    }
}
