namespace MulticastLab.Packets.Captures;

/// <summary>One packet of a capture file.</summary>
/// <param name="Interface">Where it was captured.</param>
/// <param name="At">When, on the Unix epoch's clock; that epoch itself when <see cref="HasTimestamp"/> is false.</param>
/// <param name="Data">Its bytes, as many as were captured.</param>
public sealed record CapturedPacket(CaptureInterface Interface, Instant At, ReadOnlyMemory<byte> Data)
{
    /// <summary>The id of the interface.</summary>
    public int InterfaceId => Interface.Id;

    /// <summary>The name of the interface; null when not given.</summary>
    public string? InterfaceName => Interface.Name;

    /// <summary>
    /// Whether the file gives its time: a Simple Packet Block does not, nor does a timestamp beyond <see cref="Instant"/> or of an unknown
    /// unit.
    /// </summary>
    public bool HasTimestamp { get; init; } = true;

    /// <summary>Its length on the wire in bytes; more than <see cref="Data"/> has when the capture cut it.</summary>
    public long OriginalLength { get; init; } = Data.Length;

    /// <summary>Its comments, in order.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>Which way it went.</summary>
    public PacketDirection Direction { get; init; }

    /// <summary>How many packets were lost between the one before and this one; null when not given.</summary>
    public ulong? Dropped { get; init; }

    /// <summary>What is wrong with its record in the file; the packet is as much of it as could be read.</summary>
    public IReadOnlyList<CaptureNotice> Notices { get; init; } = [];
}
