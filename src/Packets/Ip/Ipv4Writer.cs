using System.Buffers.Binary;

namespace MulticastLab.Packets.Ip;

/// <summary>Writes IPv4 headers. <see cref="ArgumentException"/> when the buffer is too small or an address is not an IPv4 one.</summary>
public static class Ipv4Writer
{
    private const int AddressLength = 4;

    /// <summary>Writes the header in front of a payload of this length, which is or will be written after it.</summary>
    /// <returns>The header's length.</returns>
    public static int WriteHeader(Span<byte> buffer, in Ipv4Header header, int payloadLength)
    {
        var length = header.Length;
        var totalLength = length + payloadLength;
        if (totalLength > ushort.MaxValue)
            throw new ArgumentException($"An IPv4 packet has at most 65535 bytes, not {totalLength}.", nameof(payloadLength));
        if (buffer.Length < totalLength)
            throw new ArgumentException($"The packet needs {totalLength} bytes; the buffer has {buffer.Length}.", nameof(buffer));

        buffer[0] = (byte)(0x40 | (length / 4));
        buffer[Ipv4View.TypeOfServiceAt] = header.TypeOfService;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[Ipv4View.TotalLengthAt..], (ushort)totalLength);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[Ipv4View.IdentificationAt..], header.Identification);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[Ipv4View.FragmentAt..], header.MayBeFragmented ? (ushort)0 : Ipv4View.DontFragmentBit);
        buffer[Ipv4View.TimeToLiveAt] = header.TimeToLive;
        buffer[Ipv4View.ProtocolAt] = header.Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(buffer[Ipv4View.ChecksumAt..], 0);
        header.Source.Write(buffer[Ipv4View.SourceAt..], AddressLength);
        header.Destination.Write(buffer[Ipv4View.DestinationAt..], AddressLength);
        if (header.RouterAlert)
            BinaryPrimitives.WriteUInt32BigEndian(buffer[Ipv4View.MinimumHeaderLength..], 0x9404_0000);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[Ipv4View.ChecksumAt..], InternetChecksum.Compute(buffer[..length]));
        return length;
    }

    /// <summary>Writes a whole packet. The payload may already lie in its place in the buffer.</summary>
    /// <returns>The packet's length.</returns>
    public static int Write(Span<byte> buffer, in Ipv4Header header, ReadOnlySpan<byte> payload)
    {
        if (buffer.Length < header.Length + payload.Length)
            throw new ArgumentException(
                $"The packet needs {header.Length + payload.Length} bytes; the buffer has {buffer.Length}.", nameof(buffer));
        payload.CopyTo(buffer[header.Length..]);
        return WriteHeader(buffer, header, payload.Length) + payload.Length;
    }
}
