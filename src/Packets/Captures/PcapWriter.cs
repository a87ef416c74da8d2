namespace MulticastLab.Packets.Captures;

/// <summary>Writes the classic pcap format, for tools that support nothing newer: one interface, no names, no comments.</summary>
public sealed class PcapWriter : IDisposable
{
    private readonly Stream stream;
    private readonly bool leaveOpen;
    private readonly bool nanoseconds;
    private readonly BlockBuffer record;

    /// <summary>Writes the file's header.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="linkType">What the packets begin with.</param>
    /// <param name="nanoseconds">Nanosecond timestamps; false for microseconds, which every tool reads.</param>
    /// <param name="byteOrder">The byte order of the file's own numbers.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public PcapWriter(
        Stream stream,
        LinkType linkType = LinkType.Ethernet,
        bool nanoseconds = true,
        ByteOrder byteOrder = ByteOrder.LittleEndian,
        bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.nanoseconds = nanoseconds;
        this.leaveOpen = leaveOpen;
        record = new BlockBuffer(byteOrder);
        record.U32(nanoseconds ? PcapFormat.Nanoseconds : PcapFormat.Microseconds);
        record.U16(PcapFormat.Major);
        record.U16(PcapFormat.Minor);
        record.U32(0);
        record.U32(0);
        record.U32(CaptureReader.MaxPacketLength);
        record.U32((uint)linkType);
        stream.Write(record.Written);
    }

    /// <summary>Writes a packet.</summary>
    /// <param name="at">Its timestamp, from 1970 to 2106; cut to microseconds when the file has these.</param>
    /// <param name="data">Its bytes, at most 256 KiB.</param>
    /// <param name="originalLength">Its length on the wire, when only a part was kept.</param>
    public void WritePacket(Instant at, ReadOnlySpan<byte> data, long? originalLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, CaptureReader.MaxPacketLength);
        ArgumentOutOfRangeException.ThrowIfNegative(at.Nanoseconds);
        var (seconds, fraction) = Math.DivRem(at.Nanoseconds, 1_000_000_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, uint.MaxValue);
        record.Clear();
        record.U32((uint)seconds);
        record.U32((uint)(nanoseconds ? fraction : fraction / 1000));
        record.U32((uint)data.Length);
        record.U32(checked((uint)(originalLength ?? data.Length)));
        record.Raw(data);
        stream.Write(record.Written);
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
}
