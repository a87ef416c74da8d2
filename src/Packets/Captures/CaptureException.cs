namespace MulticastLab.Packets.Captures;

/// <summary>A capture file is not what it should be.</summary>
public sealed class CaptureException : IOException
{
    /// <summary>What is wrong, and where.</summary>
    internal CaptureException(CaptureError error, long offset, string message)
        : base($"{message} (at byte {offset})")
    {
        Error = error;
        Offset = offset;
    }

    /// <summary>What is wrong.</summary>
    public CaptureError Error { get; }

    /// <summary>Where: the offset in the file of the header, block or field that is wrong.</summary>
    public long Offset { get; }
}

/// <summary>Every way in which a capture file can be wrong.</summary>
public enum CaptureError
{
    /// <summary>It begins like neither format.</summary>
    UnknownFormat,

    /// <summary>It is of a version that is not known.</summary>
    UnsupportedVersion,

    /// <summary>It ends within a header, a block or a packet.</summary>
    Truncated,

    /// <summary>The byte-order magic of a section is none.</summary>
    ByteOrderMagic,

    /// <summary>A block's length is no multiple of 4 or less than its kind needs.</summary>
    BlockLength,

    /// <summary>The length at the end of a block is another than at its beginning.</summary>
    BlockLengthMismatch,

    /// <summary>A length is beyond what any sound file has: 16 MiB for a block, 256 KiB for a packet.</summary>
    TooLong,

    /// <summary>A packet names an interface that has not been described.</summary>
    UnknownInterface,

    /// <summary>A packet reaches beyond its block.</summary>
    PacketLength,

    /// <summary>An option reaches beyond its block, or is of a wrong length.</summary>
    Options,

    /// <summary>A time stamp lies outside the years 1678 to 2262.</summary>
    Timestamp,
}
