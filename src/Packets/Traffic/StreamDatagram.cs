using System.Buffers.Binary;

namespace MulticastLab.Packets.Traffic;

/// <summary>The payload of a numbered test datagram: what a receiver needs to determine loss, duplicates, order and delay.</summary>
/// <remarks>
/// Network byte order:
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                         Magic "MCLB"                          |
/// +---------------+-----------------------------------------------+
/// |   Format 1    |                   Reserved                    |
/// +---------------+-----------------------------------------------+
/// |                     Stream Identifier (8)                     |
/// |                                                               |
/// +---------------------------------------------------------------+
/// |                      Sequence Number (8)                      |
/// |                                                               |
/// +---------------------------------------------------------------+
/// |            Send Time (8), nanoseconds since 1970              |
/// |                                                               |
/// +---------------------------------------------------------------+
/// |                          Padding …                            |
/// +---------------------------------------------------------------+
/// </code>
/// </remarks>
/// <param name="Stream">Which stream: chosen at random by its sender.</param>
/// <param name="Sequence">The number within the stream, from 0.</param>
/// <param name="SentAt">When it was handed to the kernel, on the real-time clock.</param>
public readonly record struct StreamDatagram(ulong Stream, ulong Sequence, Instant SentAt)
{
    /// <summary>The default UDP port of streams.</summary>
    public const ushort DefaultPort = 5001;

    /// <summary>The length without padding, in bytes.</summary>
    public const int Length = 32;

    private const uint Magic = 0x4D43_4C42;
    private const byte Format = 1;

    /// <summary>Reads a UDP payload.</summary>
    /// <returns>False when it is no datagram of this format.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out StreamDatagram datagram)
    {
        datagram = default;
        if (payload.Length < Length || BinaryPrimitives.ReadUInt32BigEndian(payload) != Magic || payload[4] != Format)
            return false;
        datagram = new StreamDatagram(
            BinaryPrimitives.ReadUInt64BigEndian(payload[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(payload[16..]),
            new Instant(BinaryPrimitives.ReadInt64BigEndian(payload[24..])));
        return true;
    }

    /// <summary>Writes the payload.</summary>
    /// <returns>Its length, <see cref="Length"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is too small.</exception>
    public int Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)Format << 24);
        BinaryPrimitives.WriteUInt64BigEndian(payload[8..], Stream);
        BinaryPrimitives.WriteUInt64BigEndian(payload[16..], Sequence);
        BinaryPrimitives.WriteInt64BigEndian(payload[24..], SentAt.Nanoseconds);
        return Length;
    }
}
