using System.Buffers.Binary;
using System.Text;

namespace MulticastLab.Linux.Netlink;

/// <summary>
/// Writes netlink messages one after the other: a header (nlmsghdr: length, type, flags, sequence number, port), the family's fixed part,
/// and attributes (length, type, value, padded to four bytes), which may be nested.
/// </summary>
internal sealed class NetlinkWriter
{
    private byte[] bytes = new byte[8192];
    private int length;

    internal ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    internal int Length => length;

    internal void Clear() => length = 0;

    internal int BeginMessage(ushort type, ushort flags, uint sequence)
    {
        var start = length;
        var header = Take(16);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], sequence);
        return start;
    }

    internal void EndMessage(int start) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(start), length - start);

    internal int BeginAttribute(ushort type)
    {
        var start = length;
        BinaryPrimitives.WriteUInt16LittleEndian(Take(4)[2..], type);
        return start;
    }

    internal void EndAttribute(int start) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(start), (ushort)(length - start));

    internal void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var start = BeginAttribute(type);
        Raw(value);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(start), (ushort)(4 + value.Length));
    }

    internal void Attribute(ushort type, byte value) => Attribute(type, [value]);

    internal void Attribute(ushort type, uint value)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        Attribute(type, number);
    }

    internal void Attribute(ushort type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value + "\0"));

    internal void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Take((value.Length + 3) & ~3));

    private Span<byte> Take(int count)
    {
        if (length + count > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));
        var span = bytes.AsSpan(length, count);
        span.Clear();
        length += count;
        return span;
    }
}
