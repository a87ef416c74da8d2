using System.Buffers;
using System.Buffers.Binary;

namespace MulticastLab.Packets.Captures;

/// <summary>Assembles a record in the file's byte order, so that it reaches the stream in one piece.</summary>
internal sealed class BlockBuffer(ByteOrder byteOrder)
{
    private readonly ArrayBufferWriter<byte> bytes = new(2048);

    public int Length => bytes.WrittenCount;

    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    public void Clear() => bytes.ResetWrittenCount();

    public void U8(byte value) => bytes.Write([value]);

    public void U16(ushort value)
    {
        var span = bytes.GetSpan(2);
        if (byteOrder == ByteOrder.BigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(span, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(span, value);
        bytes.Advance(2);
    }

    public void U32(uint value)
    {
        var span = bytes.GetSpan(4);
        if (byteOrder == ByteOrder.BigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(span, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(span, value);
        bytes.Advance(4);
    }

    public void Raw(ReadOnlySpan<byte> value) => bytes.Write(value);

    public void Pad()
    {
        while (bytes.WrittenCount % 4 != 0)
            U8(0);
    }
}
