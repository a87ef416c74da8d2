using System.Globalization;

namespace MulticastLab.Packets;

/// <summary>A 48-bit Ethernet address.</summary>
/// <param name="Bits">The 48 bits, first octet highest.</param>
public readonly record struct MacAddress(ulong Bits)
{
    /// <summary>ff:ff:ff:ff:ff:ff.</summary>
    public static readonly MacAddress Broadcast = new(0xFFFF_FFFF_FFFF);

    /// <summary>Reads six bytes.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> bytes)
    {
        var bits = 0UL;
        foreach (var each in bytes[..6])
            bits = (bits << 8) | each;
        return new MacAddress(bits);
    }

    /// <summary>The address that an IP group maps to: 01-00-5e and 23 bits (RFC 1112 §6.4), or 33-33 and 32 bits (RFC 2464 §7).</summary>
    public static MacAddress ForGroup(Address group) =>
        new(group.IsV4 ? 0x0100_5E00_0000UL | (group.V4Bits & 0x7F_FFFF) : 0x3333_0000_0000UL | group.V4Bits);

    /// <summary>Whether the group bit is set (broadcast included).</summary>
    public bool IsMulticast => (Bits >> 40 & 1) != 0;

    /// <summary>Writes six bytes.</summary>
    public void Write(Span<byte> destination)
    {
        for (var i = 0; i < 6; i++)
            destination[i] = (byte)(Bits >> (40 - (8 * i)));
    }

    /// <summary>Reads <c>02:00:00:00:00:01</c>.</summary>
    public static bool TryParse(string? text, out MacAddress address)
    {
        address = default;
        var parts = text?.Split(':') ?? [];
        if (parts.Length != 6)
            return false;
        var bits = 0UL;
        foreach (var part in parts)
        {
            if (part.Length != 2 || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                return false;
            bits = (bits << 8) | octet;
        }

        address = new MacAddress(bits);
        return true;
    }

    /// <summary>Six pairs of hex digits with colons.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(byte)(Bits >> 40):x2}:{(byte)(Bits >> 32):x2}:{(byte)(Bits >> 24):x2}:"
        + $"{(byte)(Bits >> 16):x2}:{(byte)(Bits >> 8):x2}:{(byte)Bits:x2}");
}
