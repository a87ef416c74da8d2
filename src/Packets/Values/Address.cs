using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Unicode;

namespace MulticastLab.Packets;

/// <summary>
/// An IPv4 or IPv6 address as a 16-byte value; IPv4 is held in its IPv4-mapped form (::ffff:a.b.c.d), so that one protocol core serves
/// IGMP and MLD. Ordered as an unsigned number, first octet highest, which is the order of the querier election (RFC 9776 §6.6.2).
/// </summary>
public readonly struct Address : IEquatable<Address>, IComparable<Address>
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    private readonly ulong high;
    private readonly ulong low;

    private Address(ulong high, ulong low)
    {
        this.high = high;
        this.low = low;
    }

    /// <summary>0.0.0.0.</summary>
    public static readonly Address AnyV4 = FromV4(0);

    /// <summary>::, the default value.</summary>
    public static readonly Address AnyV6;

    /// <summary>Makes an IPv4 address from its 32 bits, first octet highest.</summary>
    public static Address FromV4(uint bits) => new(0, MappedPrefix | bits);

    /// <summary>Reads an address in network byte order: 4 bytes are IPv4, 16 bytes IPv6.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static Address Read(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        16 => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])),
        _ => throw new ArgumentException($"An address has 4 or 16 bytes, not {bytes.Length}.", nameof(bytes)),
    };

    /// <summary>Whether this is an IPv4 address. The default value is the IPv6 unspecified address.</summary>
    public bool IsV4 => high == 0 && low >> 32 == 0xFFFF;

    /// <summary>The length on the wire: 4 or 16 bytes.</summary>
    public int Length => IsV4 ? 4 : 16;

    /// <summary>The 32 bits of an IPv4 address, first octet highest; of an IPv6 address the lowest 32 bits.</summary>
    public uint V4Bits => (uint)low;

    /// <summary>The first 64 bits of an IPv6 address.</summary>
    public ulong HighBits => high;

    /// <summary>The last 64 bits of an IPv6 address: its interface identifier (RFC 4291 §2.5.1).</summary>
    public ulong LowBits => low;

    /// <summary>Whether this is 0.0.0.0 or ::.</summary>
    public bool IsUnspecified => high == 0 && (low == MappedPrefix || low == 0);

    /// <summary>Whether this is a link-local unicast address: 169.254.0.0/16 (RFC 3927 §2.1) or fe80::/64 (RFC 4291 §2.5.6).</summary>
    public bool IsLinkLocal => IsV4 ? V4Bits >> 16 == 0xA9FE : high == 0xFE80_0000_0000_0000;

    /// <summary>Whether this is a group address: 224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsV4 ? V4Bits >> 28 == 0xE : high >> 56 == 0xFF;

    /// <summary>Writes the address in network byte order.</summary>
    /// <returns>The number of bytes written: 4 or 16.</returns>
    public int Write(Span<byte> destination)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, V4Bits);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], low);
        return 16;
    }

    /// <summary>Writes the address where there is room for one family's only.</summary>
    /// <param name="destination">Where it is written.</param>
    /// <param name="length">The length of the family's addresses: 4 or 16 bytes.</param>
    /// <exception cref="ArgumentException">The address is of the other family.</exception>
    public void Write(Span<byte> destination, int length)
    {
        if (Length != length)
            throw new ArgumentException($"{this} is not an {(length == 4 ? "IPv4" : "IPv6")} address.");
        Write(destination);
    }

    /// <summary>Whether the first <paramref name="prefixLength"/> bits (of 32 or 128) are those of <paramref name="prefix"/>.</summary>
    public bool IsIn(Address prefix, int prefixLength)
    {
        if (IsV4 != prefix.IsV4)
            return false;
        var length = IsV4 ? 96 + prefixLength : prefixLength;
        var mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
        return ((Bits ^ prefix.Bits) & mask) == 0;
    }

    /// <summary>The network of this address: its first <paramref name="prefixLength"/> bits (of 32 or 128), the others zero.</summary>
    public Address Network(int prefixLength)
    {
        var length = IsV4 ? 96 + prefixLength : prefixLength;
        var network = length == 0 ? UInt128.Zero : Bits & (UInt128.MaxValue << (128 - length));
        return new Address((ulong)(network >> 64), (ulong)network);
    }

    /// <summary>Reads dotted decimal (four parts) or IPv6 text.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <summary>Reads dotted decimal with all four parts, or IPv6 text.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address)
    {
        address = default;
        if (text is null || !IPAddress.TryParse(text, out var parsed))
            return false;
        // IPAddress takes "10.1" for 10.0.0.1; people who write that mean something else.
        if (parsed.AddressFamily == AddressFamily.InterNetwork && text.AsSpan().Count('.') != 3)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out var written);
        address = Read(bytes[..written]);
        return true;
    }

    /// <summary>The same address as the base library's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..Write(bytes)]);
    }

    /// <summary>The same address from the base library's type.</summary>
    public static Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return Read(bytes[..written]);
    }

    private UInt128 Bits => new(high, low);

    /// <inheritdoc/>
    public bool Equals(Address other) => high == other.high && low == other.low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    /// <inheritdoc/>
    // Multiply-shift: group and source addresses of one network differ in few low bits.
    public override int GetHashCode() => (int)(((high ^ low) * 0x9E37_79B9_7F4A_7C15UL) >> 32);

    /// <inheritdoc/>
    public int CompareTo(Address other) => Bits.CompareTo(other.Bits);

    /// <summary>Whether both are the same address.</summary>
    public static bool operator ==(Address left, Address right) => left.Equals(right);

    /// <summary>Whether they are different addresses.</summary>
    public static bool operator !=(Address left, Address right) => !left.Equals(right);

    /// <summary>Whether <paramref name="left"/> is the lower address.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is the higher address.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is not the higher address.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is not the lower address.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    /// <summary>The most bytes that an address takes as text.</summary>
    public const int LongestText = 45;

    /// <summary>Writes the text of <see cref="ToString"/> as UTF-8.</summary>
    /// <param name="utf8">At least <see cref="LongestText"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException">There is no room.</exception>
    public int Format(Span<byte> utf8)
    {
        var written = 0;
        var fits = IsV4
            ? Utf8.TryWrite(
                utf8, CultureInfo.InvariantCulture, $"{V4Bits >> 24}.{(V4Bits >> 16) & 0xFF}.{(V4Bits >> 8) & 0xFF}.{V4Bits & 0xFF}",
                out written)
            : ToIPAddress().TryFormat(utf8, out written);
        return fits
            ? written
            : throw new ArgumentException($"An address takes up to {LongestText} bytes, not {utf8.Length}.", nameof(utf8));
    }

    /// <summary>Dotted decimal, or RFC 5952 text for IPv6.</summary>
    public override string ToString() => IsV4
        ? string.Create(CultureInfo.InvariantCulture, $"{V4Bits >> 24}.{(V4Bits >> 16) & 0xFF}.{(V4Bits >> 8) & 0xFF}.{V4Bits & 0xFF}")
        : ToIPAddress().ToString();
}
