namespace MulticastLab.Packets.Captures;

/// <summary>The byte order of a capture file's own numbers.</summary>
public enum ByteOrder
{
    /// <summary>Lowest byte first.</summary>
    LittleEndian,

    /// <summary>Highest byte first.</summary>
    BigEndian,
}
