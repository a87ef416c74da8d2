namespace MulticastLab.Packets.Captures;

/// <summary>The numbers of the classic format (draft-ietf-opsawg-pcap).</summary>
/// <remarks>
/// The file begins with a header of 24 bytes; each packet has one of 16 in front:
/// <code>
/// | Magic | Major (2) Minor (2) | Reserved | Reserved | Snapshot length | Link type |
/// | Seconds | µs or ns | Captured length | Original length | Packet … |
/// </code>
/// </remarks>
internal static class PcapFormat
{
    public const uint Microseconds = 0xA1B2_C3D4;
    public const uint Nanoseconds = 0xA1B2_3C4D;
    public const int HeaderLength = 24;
    public const int PacketHeaderLength = 16;
    public const ushort Major = 2;
    public const ushort Minor = 4;
}
