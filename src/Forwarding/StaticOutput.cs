using System.Globalization;

namespace MulticastLab.Forwarding;

/// <summary>An interface where the packets of a <see cref="StaticRoute"/> go out.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Threshold">1 to 255: packets go out when their TTL, counted on arrival, is above it.</param>
public sealed record StaticOutput(string Interface, byte Threshold)
{
    /// <summary>Reads <c>eth1</c> or <c>eth1=16</c>.</summary>
    /// <exception cref="FormatException">It is not such.</exception>
    public static StaticOutput Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        if (name.Length == 0)
            throw new FormatException($"'{text}' names no interface");
        if (equals < 0)
            return new StaticOutput(name, 1);
        if (!byte.TryParse(text.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var threshold) || threshold == 0)
            throw new FormatException($"the TTL threshold of '{text}' is not a number from 1 to 255");
        return new StaticOutput(name, threshold);
    }

    /// <summary><c>eth1</c> or <c>eth1=16</c>.</summary>
    public override string ToString() => Threshold == 1 ? Interface : $"{Interface}={Threshold}";
}
