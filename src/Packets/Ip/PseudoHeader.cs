using System.Buffers.Binary;

namespace MulticastLab.Packets.Ip;

/// <summary>
/// The pseudo header that the checksums of UDP (RFC 768) and of everything over IPv6 (RFC 8200 §8.1) cover besides the packet: source,
/// destination, length and protocol. Summed up, the two families' forms of it differ in the length of the addresses only.
/// </summary>
internal static class PseudoHeader
{
    /// <summary>The checksum over the pseudo header and a message; 0 when the message contains the right one.</summary>
    public static ushort Checksum(Address source, Address destination, byte protocol, ReadOnlySpan<byte> message)
    {
        Span<byte> header = stackalloc byte[40];
        var length = source.Write(header);
        length += destination.Write(header[length..]);
        BinaryPrimitives.WriteUInt32BigEndian(header[length..], (uint)message.Length);
        BinaryPrimitives.WriteUInt32BigEndian(header[(length + 4)..], protocol);
        return InternetChecksum.Finish(InternetChecksum.Add(InternetChecksum.Add(0, header[..(length + 8)]), message));
    }
}
