using System.Buffers.Binary;

namespace MulticastLab.Packets.Captures;

/// <summary>
/// Reads pcap and pcapng files forward, packet by packet; which of the two it is, in which byte order, and whether it is compressed by gzip
/// is found out. What is odd and leaves the rest of the file readable is reported as a <see cref="CaptureNotice"/>: of a packet with the
/// packet, of anything else in <see cref="Notices"/>.
/// </summary>
public abstract class CaptureReader : IDisposable
{
    /// <summary>The longest packet that is accepted: 256 KiB, as in Wireshark.</summary>
    internal const int MaxPacketLength = 256 * 1024;

    private readonly Stream stream;
    private readonly bool leaveOpen;

    private protected CaptureReader(Stream stream, CaptureStream input, bool leaveOpen)
    {
        this.stream = stream;
        this.leaveOpen = leaveOpen;
        Input = input;
    }

    /// <summary>Opens a capture.</summary>
    /// <param name="stream">The file's bytes; need not be seekable.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the reader is disposed.</param>
    /// <exception cref="CaptureException">It is of neither format, or its header is wrong.</exception>
    public static CaptureReader Open(Stream stream, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var input = new CaptureStream(stream);
        var magic = ReadMagic(input);
        if (magic >> 16 == Gzip.Magic)
        {
            input = new CaptureStream(Gzip.Open(magic, stream), isCompressed: true);
            magic = ReadMagic(input);
        }

        if (magic == PcapngFormat.SectionHeader)
            return new PcapngReader(stream, input, leaveOpen);
        return PcapReader.TryOpen(magic, stream, input, leaveOpen)
            ?? throw input.Wrong(CaptureError.UnknownFormat, 0, $"A file that begins with 0x{magic:x8} is neither pcap nor pcapng");
    }

    /// <summary>Opens a capture file.</summary>
    /// <exception cref="CaptureException">It is of neither format, or its header is wrong.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CaptureReader Open(string path)
    {
        var stream = File.OpenRead(path);
        try
        {
            return Open(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The format.</summary>
    public abstract CaptureFormat Format { get; }

    /// <summary>The byte order; in pcapng that of the present section.</summary>
    public abstract ByteOrder ByteOrder { get; }

    /// <summary>The interfaces described so far; in pcapng more may come with later packets.</summary>
    public abstract IReadOnlyList<CaptureInterface> Interfaces { get; }

    /// <summary>The comments of the sections read so far; pcap has none.</summary>
    public abstract IReadOnlyList<string> SectionComments { get; }

    /// <summary>What was odd so far and belongs to no packet; pcap has nothing of the kind.</summary>
    public abstract IReadOnlyList<CaptureNotice> Notices { get; }

    private protected CaptureStream Input { get; }

    /// <summary>The next packet; null at the end.</summary>
    /// <exception cref="CaptureException">The file is wrong from here on.</exception>
    public abstract CapturedPacket? Read();

    /// <summary>All packets that are left.</summary>
    /// <exception cref="CaptureException">Thrown when the enumeration reaches the place where the file is wrong.</exception>
    public IEnumerable<CapturedPacket> ReadAll()
    {
        while (Read() is { } packet)
            yield return packet;
    }

    private static uint ReadMagic(CaptureStream input) => BinaryPrimitives.ReadUInt32BigEndian(input.Read(4, "the magic number", 0));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!leaveOpen)
            stream.Dispose();
        GC.SuppressFinalize(this);
    }
}
