using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>The addresses of a bench, which are the protocol's: tests use the names and never the numbers.</summary>
public sealed record AddressPlan
{
    /// <summary>IPv4.</summary>
    internal static AddressPlan V4 { get; } = new()
    {
        LanPrefixLength = 23,
        Device = Parse("10.0.0.9"),
        Low = Parse("10.0.0.5"),
        Lower = Parse("10.0.0.3"),
        High = Parse("10.0.0.10"),
        Higher = Parse("10.0.1.2"),
        OffLink = Parse("1.2.3.4"),
        Hosts = [Parse("10.0.0.11"), Parse("10.0.0.12"), Parse("10.0.0.13")],
        UpstreamPrefixLength = 24,
        DeviceUpstream = Parse("192.0.2.254"),
        Groups = [.. Enumerable.Range(1, 20).Select(i => Parse($"239.1.1.{i}"))],
        SourceSpecificGroups = [.. Enumerable.Range(1, 4).Select(i => Parse($"232.1.1.{i}"))],
        SourceBase = Parse("192.0.2.0"),
    };

    /// <summary>The length of the prefix of the LAN that is tested.</summary>
    public required int LanPrefixLength { get; init; }

    /// <summary>The device under test.</summary>
    public required Address Device { get; init; }

    /// <summary>A router that wins the election over the device.</summary>
    public required Address Low { get; init; }

    /// <summary>One that wins over <see cref="Low"/> too.</summary>
    public required Address Lower { get; init; }

    /// <summary>A router that loses to the device by a little: as text it would win.</summary>
    public required Address High { get; init; }

    /// <summary>A router that loses to the device: with its bytes in the wrong order it would win.</summary>
    public required Address Higher { get; init; }

    /// <summary>An address of another network, lower than the device's.</summary>
    public required Address OffLink { get; init; }

    /// <summary>The hosts.</summary>
    public required IReadOnlyList<Address> Hosts { get; init; }

    /// <summary>The length of the prefix of the sources' LAN.</summary>
    public required int UpstreamPrefixLength { get; init; }

    /// <summary>The device on the sources' LAN.</summary>
    public required Address DeviceUpstream { get; init; }

    /// <summary>Groups that anybody may send to.</summary>
    public required IReadOnlyList<Address> Groups { get; init; }

    /// <summary>Groups of the source-specific range.</summary>
    public required IReadOnlyList<Address> SourceSpecificGroups { get; init; }

    /// <summary>The network of the sources, which are on the sources' LAN.</summary>
    public required Address SourceBase { get; init; }

    /// <summary>A source.</summary>
    /// <param name="number">From 1 to 253.</param>
    public Address Source(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(number is > 0 and < 254, true);
        return Address.FromV4(SourceBase.V4Bits + (uint)number);
    }

    /// <summary>The plan of a protocol.</summary>
    internal static AddressPlan Of(Dialect dialect) =>
        dialect.Unspecified.IsV4 ? V4 : throw new NotSupportedException($"There is no bench for {dialect.Name} yet.");

    private static Address Parse(string text) => Address.Parse(text);
}
