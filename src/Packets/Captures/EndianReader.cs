using System.Buffers.Binary;

namespace MulticastLab.Packets.Captures;

/// <summary>Numbers of a capture file, in its byte order.</summary>
internal readonly record struct EndianReader(ByteOrder ByteOrder)
{
    public ushort U16(ReadOnlySpan<byte> bytes) =>
        ByteOrder == ByteOrder.BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public uint U32(ReadOnlySpan<byte> bytes) =>
        ByteOrder == ByteOrder.BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public long I64(ReadOnlySpan<byte> bytes) =>
        ByteOrder == ByteOrder.BigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);

    public ulong U64(ReadOnlySpan<byte> bytes) =>
        ByteOrder == ByteOrder.BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
