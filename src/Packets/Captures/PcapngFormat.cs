namespace MulticastLab.Packets.Captures;

/// <summary>The numbers of pcapng (draft-ietf-opsawg-pcapng).</summary>
/// <remarks>
/// A file is a sequence of blocks, each a multiple of 4 bytes:
/// <code>
/// | Block type | Block length | Body … | Options … | Block length |
/// | Option code (2) | Option length (2) | Value, padded to 4 … |
/// </code>
/// </remarks>
internal static class PcapngFormat
{
    // A palindrome, so that it reads the same in both byte orders.
    public const uint SectionHeader = 0x0A0D_0D0A;
    public const uint InterfaceDescription = 1;
    public const uint Packet = 2;
    public const uint SimplePacket = 3;
    public const uint NameResolution = 4;
    public const uint InterfaceStatistics = 5;
    public const uint EnhancedPacket = 6;
    public const uint DecryptionSecrets = 10;

    public const uint ByteOrderMagic = 0x1A2B_3C4D;
    public const ushort Major = 1;

    /// <summary>Type and both lengths.</summary>
    public const int Frame = 12;
    public const int MaxBlockLength = 16 * 1024 * 1024;

    public const int SectionHeaderBody = 16;
    public const int InterfaceDescriptionBody = 8;
    public const int SimplePacketBody = 4;

    /// <summary>
    /// The same in the old Packet Block, which has a shorter interface number and a count of lost packets in its place.
    /// </summary>
    public const int EnhancedPacketBody = 20;
    public const ushort DropsNotTold = 0xFFFF;

    public const ushort EndOfOptions = 0;
    public const ushort Comment = 1;
    public const ushort UserApplication = 4;
    public const ushort InterfaceName = 2;
    public const ushort InterfaceDescriptionText = 3;
    public const ushort TimestampResolution = 9;
    public const ushort TimestampOffset = 14;
    public const ushort PacketFlags = 2;
    public const ushort PacketDrops = 4;

    public static int Padded(int length) => (length + 3) & ~3;
}
