using System.Buffers.Binary;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Benches;

/// <summary>The addresses of a bench, which are the protocol's: tests use the names and never the numbers.</summary>
public sealed record AddressPlan
{
    // What the bench plays at addresses behind the device's.
    private const uint Neighbours = 12;

    // Groups move by 256, the made-up ones by 65,536: so many steps, and neither comes into the other's way.
    private const int GroupSets = 120;

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

    /// <summary>
    /// Whether the device's network has lower addresses than the device's: otherwise <see cref="Low"/> and <see cref="Lower"/> are none.
    /// </summary>
    public bool HasLower { get; init; } = true;

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

    /// <summary>The plan around a device that has addresses already: everybody else is near it, and not in its way.</summary>
    /// <param name="device">The device on the LAN that is tested.</param>
    /// <param name="upstream">The device on the sources' LAN; null where there is none.</param>
    /// <exception cref="ArgumentException">Its network has no room for the others: the message says what it takes.</exception>
    internal AddressPlan Around(Prefix device, Prefix? upstream)
    {
        var (network, own) = (device.Address.Network(device.Length).V4Bits, device.Address.V4Bits);
        var place = own - network;
        var last = network + (uint)((1UL << (32 - device.Length)) - 2);
        if (place == 0 || own + Neighbours > last)
        {
            throw new ArgumentException(
                $"{device} leaves no room for other routers and hosts: the device's address has to be followed by {Neighbours} others of "
                    + "its network");
        }

        var hasLower = place > 2;
        return this with
        {
            LanPrefixLength = device.Length,
            Device = device.Address,
            HasLower = hasLower,
            Low = At(hasLower ? own - 1 : own + 7),
            Lower = At(hasLower ? own - 2 : own + 8),
            High = At(own + 1),
            Higher = At(WrongWayRound(own, last) ?? own + 2),
            Highest = At(last),
            Hosts = [At(own + 4), At(own + 5), At(own + 6)],
            UpstreamPrefixLength = upstream?.Length ?? UpstreamPrefixLength,
            DeviceUpstream = upstream?.Address ?? DeviceUpstream,
            SourceBase = upstream is { } there ? SourcesIn(there) : SourceBase,
        };

        static Address At(uint bits) => Address.FromV4(bits);
    }

    /// <summary>The same with groups that no other number gives: a device that runs on keeps what it has heard of.</summary>
    /// <param name="number">From 0 on; from 120 on they come again.</param>
    internal AddressPlan WithGroupsOf(int number)
    {
        var by = (uint)(number % GroupSets);
        return this with
        {
            Groups = [.. Groups.Select(Moved)],
            SameMacAsFirst = Moved(SameMacAsFirst),
            Folded = Moved(Folded),
            SourceSpecificGroups = [.. SourceSpecificGroups.Select(Moved)],
            MadeUpGroups = Address.FromV4(MadeUpGroups.V4Bits + (by << 16)),
            ManyGroupsBase = Address.FromV4(ManyGroupsBase.V4Bits + (by << 16)),
        };

        Address Moved(Address group) => Address.FromV4(group.V4Bits + (by << 8));
    }

    /// <summary>The plan of a protocol.</summary>
    internal static AddressPlan Of(Dialect dialect) =>
        dialect.Unspecified.IsV4 ? V4 : throw new NotSupportedException($"There is no bench for {dialect.Name} yet.");

    // A higher address that would be a lower one with its bytes in the wrong order.
    private static uint? WrongWayRound(uint own, uint last)
    {
        for (var candidate = last - 1; candidate > own && candidate > last - 512; candidate--)
        {
            if (BinaryPrimitives.ReverseEndianness(candidate) < BinaryPrimitives.ReverseEndianness(own))
                return candidate;
        }

        return null;
    }

    // The sources are numbered in the half of the network that the device is not in.
    private static Address SourcesIn(Prefix upstream)
    {
        var (network, own) = (upstream.Address.Network(upstream.Length).V4Bits, upstream.Address.V4Bits);
        return upstream.Length > 24
            ? throw new ArgumentException($"{upstream} leaves no room for the sources: their network has to be a /24 or larger")
            : Address.FromV4(own - network < 128 ? own : network);
    }

    private static Address[] Many(Address start, int count) =>
        [.. Enumerable.Range(1, count).Select(i => Address.FromV4(start.V4Bits + (uint)i))];

    private static Address Parse(string text) => Address.Parse(text);
}
