namespace MulticastLab.Packets.Decoding;

/// <summary>Where the fields are in a header of Linux cooked captures.</summary>
/// <remarks>
/// Version 1:
/// <code>
/// | Packet type (2) | ARPHRD type (2) | Address length (2) | Address (8) | Protocol (2) |
/// </code>
/// Version 2:
/// <code>
/// | Protocol (2) | Reserved (2) | Interface index (4) | ARPHRD type (2) | Packet type (1) | Address length (1) | Address (8) |
/// </code>
/// </remarks>
internal sealed record LinuxCookedLayout
{
    public static readonly LinuxCookedLayout Version1 = new()
    {
        Version = 1,
        Length = 16,
        PacketTypeAt = 0,
        HardwareTypeAt = 2,
        AddressLengthAt = 4,
        ShortFieldLength = 2,
        AddressAt = 6,
        ProtocolAt = 14,
    };

    public static readonly LinuxCookedLayout Version2 = new()
    {
        Version = 2,
        Length = 20,
        ProtocolAt = 0,
        InterfaceAt = 4,
        HardwareTypeAt = 8,
        PacketTypeAt = 10,
        AddressLengthAt = 11,
        ShortFieldLength = 1,
        AddressAt = 12,
    };

    public required int Version { get; init; }

    public required int Length { get; init; }

    public required int ProtocolAt { get; init; }

    public required int HardwareTypeAt { get; init; }

    public required int PacketTypeAt { get; init; }

    public required int AddressLengthAt { get; init; }

    /// <summary>How many bytes packet type and address length have.</summary>
    public required int ShortFieldLength { get; init; }

    public required int AddressAt { get; init; }

    /// <summary>Where the interface index is; null in version 1, which has none.</summary>
    public int? InterfaceAt { get; init; }
}
