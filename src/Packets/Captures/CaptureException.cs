namespace MulticastLab.Packets.Captures;

/// <summary>A capture file is invalid, and cannot be read any further.</summary>
public sealed class CaptureException : IOException
{
    /// <summary>What is wrong, and where.</summary>
    internal CaptureException(CaptureError error, long offset, string message, Exception? cause = null)
        : base(message, cause)
    {
        Error = error;
        Offset = offset;
    }

    /// <summary>What is wrong.</summary>
    public CaptureError Error { get; }

    /// <summary>Where: the offset in the file, or in what a compressed file holds, of the header, block or field that is wrong.</summary>
    public long Offset { get; }
}

/// <summary>
/// Every way in which a capture file can be wrong. Those marked as notices do not end it: see <see cref="CaptureNotice"/>.
/// </summary>
public enum CaptureError
{
    /// <summary>It begins with the magic number of neither format.</summary>
    UnknownFormat,

    /// <summary>It is compressed, and the compressed data are damaged or end too early.</summary>
    Compression,

    /// <summary>Its version is unknown.</summary>
    UnsupportedVersion,

    /// <summary>It ends within a header, a block or a packet.</summary>
    Truncated,

    /// <summary>The byte-order magic of a section is invalid.</summary>
    ByteOrderMagic,

    /// <summary>A block's length is no multiple of 4 or less than its kind needs.</summary>
    BlockLength,

    /// <summary>The length at the end of a block differs from that at its beginning.</summary>
    BlockLengthMismatch,

    /// <summary>
    /// A length is beyond what any valid file has: 16 MiB for a block, 256 KiB for a packet. In an otherwise valid block a notice.
    /// </summary>
    TooLong,

    /// <summary>A notice: blocks of a type that is not understood are skipped.</summary>
    UnknownBlock,

    /// <summary>A notice: a packet names an interface that has not been described.</summary>
    UnknownInterface,

    /// <summary>A notice: a packet reaches beyond its block.</summary>
    PacketLength,

    /// <summary>A notice: an option reaches beyond its block, or is of a wrong length.</summary>
    Options,

    /// <summary>A notice: a timestamp lies outside the years 1678 to 2262.</summary>
    Timestamp,
}
