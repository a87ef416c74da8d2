using System.Buffers.Binary;

namespace MulticastLab.Packets.Decoding;

/// <summary>A part of a frame: its captured bytes, and how many there were on the wire.</summary>
/// <param name="bytes">Those that were kept, from its beginning on.</param>
/// <param name="offset">Where it begins in the frame.</param>
/// <param name="length">How long it was on the wire; less than <paramref name="bytes"/> has counts as that.</param>
internal readonly ref struct Portion(ReadOnlySpan<byte> bytes, int offset, long length)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public int Offset { get; } = offset;

    public long Length { get; } = Math.Max(length, bytes.Length);

    /// <summary>Whether some of it was not captured.</summary>
    public bool IsCut => Bytes.Length < Length;

    /// <summary>What follows its first bytes.</summary>
    public Portion From(int start) =>
        new(Bytes[Math.Min(start, Bytes.Length)..], Offset + Math.Min(start, Bytes.Length), Math.Max(Length - start, 0));

    /// <summary>Its first bytes, or all of it when there are no more.</summary>
    public Portion First(long count) => count >= Length ? this : new(Bytes[..(int)Math.Min(count, Bytes.Length)], Offset, count);

    /// <summary>A number of two bytes, which must have been kept.</summary>
    public ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(Bytes[at..]);
}
