using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MulticastLab.Packets;

/// <summary>A range of addresses by its first bits: 232.0.0.0/8, 10.0.0.0/24.</summary>
/// <param name="Address">Any address of the range.</param>
/// <param name="Length">How many bits count: 0 to 32, or 0 to 128 for IPv6.</param>
public readonly record struct Prefix(Address Address, int Length)
{
    /// <summary>The same range, written with its first address: 10.0.0.7/24 is 10.0.0.0/24.</summary>
    public Prefix Normalized => this with { Address = Address.Network(Length) };

    /// <summary>Whether the address lies in the range.</summary>
    public bool Contains(Address address) => address.IsIn(Address, Length);

    /// <summary>Reads <c>10.0.0.0/24</c>.</summary>
    /// <exception cref="FormatException">The text is not an address, a slash and a length.</exception>
    public static Prefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is not a prefix such as 10.0.0.0/24.");

    /// <summary>Reads <c>10.0.0.0/24</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Prefix prefix)
    {
        prefix = default;
        if (text?.Split('/') is not [var first, var second] || !Address.TryParse(first, out var address))
            return false;
        if (!int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > address.Length * 8)
            return false;
        prefix = new Prefix(address, length);
        return true;
    }

    /// <summary>The address, a slash and the length.</summary>
    public override string ToString() => $"{Address}/{Length}";
}
