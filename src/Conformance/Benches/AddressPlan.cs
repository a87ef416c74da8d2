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
        Highest = Parse("10.0.1.250"),
        OffLink = Parse("1.2.3.4"),
        Hosts = [Parse("10.0.0.11"), Parse("10.0.0.12"), Parse("10.0.0.13")],
        UpstreamPrefixLength = 24,
        DeviceUpstream = Parse("192.0.2.254"),
        Groups = [.. Enumerable.Range(1, 20).Select(i => Parse($"239.1.1.{i}"))],
        SameMacAsFirst = Parse("239.129.1.1"),
        MadeUpGroups = Parse("239.2.0.0"),
        MadeUpSources = Parse("198.18.0.0"),
        SourceSpecificGroups = [.. Enumerable.Range(1, 4).Select(i => Parse($"232.1.1.{i}"))],
        SourceBase = Parse("192.0.2.0"),
        Folded = Parse("239.129.1.1"),
        LinkLocalGroup = Parse("224.0.0.251"),
        ReservedGroup = Parse("224.0.0.0"),
        SourceSpecificEnds = [Parse("232.0.0.1"), Parse("232.255.255.255")],
        BesideSourceSpecific = [Parse("231.255.255.255"), Parse("233.0.0.1")],
        NoGroups = new Dictionary<string, Address>
        {
            ["unspecified"] = Parse("0.0.0.0"),
            ["unicast"] = Parse("10.1.1.1"),
            ["reserved"] = Parse("240.0.0.1"),
            ["broadcast"] = Parse("255.255.255.255"),
        },
        NoSources = new Dictionary<string, Address>
        {
            ["unspecified"] = Parse("0.0.0.0"),
            ["multicast"] = Parse("239.1.1.1"),
            ["loopback"] = Parse("127.0.0.1"),
            ["broadcast"] = Parse("255.255.255.255"),
        },
        ManyGroupsBase = Parse("239.2.0.0"),
        ManySourcesBase = Parse("198.18.0.0"),
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

    /// <summary>A router that loses to the device however addresses are compared.</summary>
    public required Address Highest { get; init; }

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

    /// <summary>A group with the same Ethernet address as the first of <see cref="Groups"/>.</summary>
    public required Address SameMacAsFirst { get; init; }

    /// <summary>Where thousands of groups begin that nobody sends to.</summary>
    public required Address MadeUpGroups { get; init; }

    /// <summary>Where thousands of sources begin that do not exist.</summary>
    public required Address MadeUpSources { get; init; }

    /// <summary>Groups of the source-specific range.</summary>
    public required IReadOnlyList<Address> SourceSpecificGroups { get; init; }

    /// <summary>The network of the sources, which are on the sources' LAN.</summary>
    public required Address SourceBase { get; init; }

    /// <summary>A group with bits set that its Ethernet address has no room for.</summary>
    public required Address Folded { get; init; }

    /// <summary>A group that does not leave its LAN, and is reported all the same.</summary>
    public required Address LinkLocalGroup { get; init; }

    /// <summary>An address in the groups' range that is none.</summary>
    public required Address ReservedGroup { get; init; }

    /// <summary>The first and the last group of the source-specific range.</summary>
    public required IReadOnlyList<Address> SourceSpecificEnds { get; init; }

    /// <summary>The groups on either side of the source-specific range.</summary>
    public required IReadOnlyList<Address> BesideSourceSpecific { get; init; }

    /// <summary>Addresses that are no groups, by what they are.</summary>
    public required IReadOnlyDictionary<string, Address> NoGroups { get; init; }

    /// <summary>Addresses that no source has, by what they are.</summary>
    public required IReadOnlyDictionary<string, Address> NoSources { get; init; }

    /// <summary>The network of <see cref="ManyGroups"/>.</summary>
    public required Address ManyGroupsBase { get; init; }

    /// <summary>The network of <see cref="ManySources"/>.</summary>
    public required Address ManySourcesBase { get; init; }

    /// <summary>More groups than <see cref="Groups"/>, where a message is to be filled.</summary>
    public Address[] ManyGroups(int count) => Many(ManyGroupsBase, count);

    /// <summary>Sources of no network of the bench, as many as are needed to fill a message.</summary>
    public Address[] ManySources(int count) => Many(ManySourcesBase, count);

    /// <summary>A source.</summary>
    /// <param name="number">From 1 to 253.</param>
    public Address Source(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(number is > 0 and < 254, true);
        return Address.FromV4(SourceBase.V4Bits + (uint)number);
    }

    /// <summary>A group that nobody sends to.</summary>
    /// <param name="number">From 1 to 65535.</param>
    public Address MadeUpGroup(int number) => Address.FromV4(MadeUpGroups.V4Bits + (uint)number);

    /// <summary>A source that does not exist.</summary>
    /// <param name="number">From 1 to 65535.</param>
    public Address MadeUpSource(int number) => Address.FromV4(MadeUpSources.V4Bits + (uint)number);

    /// <summary>The plan of a protocol.</summary>
    internal static AddressPlan Of(Dialect dialect) =>
        dialect.Unspecified.IsV4 ? V4 : throw new NotSupportedException($"There is no bench for {dialect.Name} yet.");

    private static Address[] Many(Address start, int count) =>
        [.. Enumerable.Range(1, count).Select(i => Address.FromV4(start.V4Bits + (uint)i))];

    private static Address Parse(string text) => Address.Parse(text);
}
