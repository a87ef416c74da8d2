using System.Text;
using static MulticastLab.Packets.Captures.PcapngFormat;

namespace MulticastLab.Packets.Captures;

/// <summary>
/// Writes pcapng: several interfaces with names, nanosecond timestamps, comments, directions. Every block reaches the stream in one
/// piece, so a writer that is killed leaves a file that is complete except for its end. Not safe for use by several threads at once.
/// </summary>
public sealed class PcapngWriter : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly BlockBuffer block;
    private int interfaces;
    private int blockLength;

    /// <summary>Writes the section header.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="comment">A comment on the whole capture.</param>
    /// <param name="byteOrder">The byte order of the file's own numbers.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public PcapngWriter(Stream stream, string? comment = null, ByteOrder byteOrder = ByteOrder.LittleEndian, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.leaveOpen = leaveOpen;
        block = new BlockBuffer(byteOrder);

        var application = Encoding.UTF8.GetBytes("Multicast Lab");
        var commentBytes = Utf8(comment);
        Begin(SectionHeader, SectionHeaderBody, OptionLength(commentBytes) + OptionLength(application));
        block.U32(ByteOrderMagic);
        block.U16(Major);
        block.U16(0);
        // The section's length is not known yet: all ones.
        block.U32(uint.MaxValue);
        block.U32(uint.MaxValue);
        WriteOption(Comment, commentBytes);
        WriteOption(UserApplication, application);
        End();
    }

    /// <summary>Describes an interface; packets name it by the result.</summary>
    /// <param name="name">Its name; Wireshark shows and filters it as <c>frame.interface_name</c>.</param>
    /// <param name="description">What it is.</param>
    /// <param name="linkType">What its packets begin with.</param>
    /// <returns>0, 1, 2 … in the order of the calls.</returns>
    public int AddInterface(string name, string? description = null, LinkType linkType = LinkType.Ethernet)
    {
        var nameBytes = Utf8(name);
        var descriptionBytes = Utf8(description);
        ReadOnlySpan<byte> resolution = [9];
        Begin(
            InterfaceDescription, InterfaceDescriptionBody,
            OptionLength(nameBytes) + OptionLength(descriptionBytes) + OptionLength(resolution));
        block.U16((ushort)linkType);
        block.U16(0);
        // No limit on what was captured of a packet.
        block.U32(0);
        WriteOption(InterfaceName, nameBytes);
        WriteOption(InterfaceDescriptionText, descriptionBytes);
        WriteOption(TimestampResolution, resolution);
        End();
        return interfaces++;
    }

    /// <summary>Writes a packet with at most one comment.</summary>
    /// <param name="interfaceId">From <see cref="AddInterface"/>.</param>
    /// <param name="at">Its timestamp, not before 1970.</param>
    /// <param name="data">Its bytes, at most 256 KiB.</param>
    /// <param name="comment">A comment; at most 65535 bytes of UTF-8.</param>
    /// <param name="direction">Which way it went.</param>
    public void WritePacket(
        int interfaceId,
        Instant at,
        ReadOnlySpan<byte> data,
        string? comment = null,
        PacketDirection direction = PacketDirection.Unknown
    ) => WritePacket(interfaceId, at, data, comment is null ? [] : [comment], direction);

    /// <summary>Writes a packet.</summary>
    /// <param name="interfaceId">From <see cref="AddInterface"/>.</param>
    /// <param name="at">Its timestamp, not before 1970.</param>
    /// <param name="data">Its bytes, at most 256 KiB.</param>
    /// <param name="comments">Its comments; each at most 65535 bytes of UTF-8.</param>
    /// <param name="direction">Which way it went.</param>
    /// <param name="originalLength">Its length on the wire, when only a part was kept.</param>
    public void WritePacket(
        int interfaceId,
        Instant at,
        ReadOnlySpan<byte> data,
        IReadOnlyList<string> comments,
        PacketDirection direction = PacketDirection.Unknown,
        long? originalLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceId, interfaces);
        ArgumentOutOfRangeException.ThrowIfNegative(at.Nanoseconds);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, CaptureReader.MaxPacketLength);

        var commentBytes = comments.Count == 0 ? [] : new byte[comments.Count][];
        var optionsLength = direction == PacketDirection.Unknown ? 0 : 8;
        for (var i = 0; i < commentBytes.Length; i++)
        {
            commentBytes[i] = Utf8(comments[i]);
            optionsLength += OptionLength(commentBytes[i]);
        }

        Begin(EnhancedPacket, EnhancedPacketBody + Padded(data.Length), optionsLength);
        block.U32((uint)interfaceId);
        block.U32((uint)((ulong)at.Nanoseconds >> 32));
        block.U32((uint)at.Nanoseconds);
        block.U32((uint)data.Length);
        block.U32(checked((uint)(originalLength ?? data.Length)));
        block.Raw(data);
        block.Pad();
        foreach (var each in commentBytes)
            WriteOption(Comment, each);
        if (direction != PacketDirection.Unknown)
        {
            block.U16(PacketFlags);
            block.U16(4);
            block.U32((uint)direction);
        }

        End();
    }

    /// <summary>Flushes the stream.</summary>
    public void Flush() => stream.Flush();

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Flush();
        if (!leaveOpen)
            stream.Dispose();
    }

    private void Begin(uint type, int bodyLength, int optionsLength)
    {
        var endOfOptions = optionsLength == 0 ? 0 : 4;
        blockLength = Frame + bodyLength + optionsLength + endOfOptions;
        if (blockLength > MaxBlockLength)
            throw new ArgumentException($"The comments make a block of {blockLength} bytes; {MaxBlockLength} is the limit.");
        block.Clear();
        block.U32(type);
        block.U32((uint)blockLength);
    }

    private void End()
    {
        if (block.Length < blockLength - 4)
            block.U32(EndOfOptions);
        block.U32((uint)blockLength);
        stream.Write(block.Written);
    }

    private void WriteOption(ushort code, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return;
        block.U16(code);
        block.U16((ushort)value.Length);
        block.Raw(value);
        block.Pad();
    }

    // An empty value is left out: it says nothing.
    private static int OptionLength(ReadOnlySpan<byte> value) => value.IsEmpty ? 0 : 4 + Padded(value.Length);

    private static byte[] Utf8(string? text)
    {
        var bytes = Encoding.UTF8.GetBytes(text ?? "");
        return bytes.Length <= ushort.MaxValue
            ? bytes
            : throw new ArgumentException($"A name or comment has at most 65535 bytes, not {bytes.Length}.", nameof(text));
    }
}
