namespace MulticastLab.Packets.Captures;

/// <summary>One packet of a capture file.</summary>
/// <param name="Interface">Where it was captured.</param>
/// <param name="At">When, on the Unix epoch's clock; that epoch itself in a Simple Packet Block, which has no stamp.</param>
/// <param name="Data">Its bytes, as many as were kept.</param>
public sealed record CapturedPacket(CaptureInterface Interface, Instant At, ReadOnlyMemory<byte> Data)
{
    /// <summary>The id of the interface.</summary>
    public int InterfaceId => Interface.Id;

    /// <summary>The name of the interface; null when not told.</summary>
    public string? InterfaceName => Interface.Name;

    /// <summary>Its length on the wire in bytes; more than <see cref="Data"/> has when the capture cut it.</summary>
    public long OriginalLength { get; init; } = Data.Length;

    /// <summary>Its comments, in order.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    /// <summary>Which way it went.</summary>
    public PacketDirection Direction { get; init; }
}
