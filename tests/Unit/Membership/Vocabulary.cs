using System.Globalization;
using FluentAssertions;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Tests.Packets;

namespace MulticastLab.Tests.Membership;

/// <summary>
/// How the tests of the protocol cores, which run in every dialect, speak of addresses and versions: in those of IGMP, for which each
/// dialect has its own. In MLD 10.0.0.1 is fe80::a00:1, 239.1.1.1 is ff1e::ef01:101, 232.1.1.1, which is source-specific, is
/// ff3e::e801:101, 224.0.0.22 is ff02::16, any other address lies in 2001:db8::/32, and version 2 is version 1. What the dialects do not
/// share has tests of its own in each.
/// </summary>
public sealed class Vocabulary
{
    private readonly bool isIgmp;

    private Vocabulary(Dialect dialect)
    {
        Dialect = dialect;
        isIgmp = dialect == Dialect.Igmp;
    }

    public static Vocabulary Igmp { get; } = new(Dialect.Igmp);

    public static Vocabulary Mld { get; } = new(Dialect.Mld);

    public Dialect Dialect { get; }

    /// <summary>The length of an address on the wire.</summary>
    public int AddressLength => Dialect.Unspecified.Length;

    /// <summary>The router that is tested.</summary>
    public Address Own => Named("10.0.0.2");

    /// <summary>A router that is preferred to it as querier.</summary>
    public Address Lower => Named("10.0.0.1");

    /// <summary>One that is not.</summary>
    public Address Higher => Named("10.0.0.3");

    /// <summary>A host of the LAN.</summary>
    public Address Host1 => Named("10.0.0.11");

    /// <summary>Another one.</summary>
    public Address Host2 => Named("10.0.0.12");

    /// <summary>
    /// The address of that name or number: G1 … G9 are the groups 239.1.1.1 …, M1 … the source-specific ones 232.1.1.1 …, S1 … and a … f
    /// are the sources 192.0.2.1 …. One that is written as IPv6 is meant.
    /// </summary>
    public Address Named(string name)
    {
        var number = name.Length == 2 && char.IsAsciiDigit(name[1]) ? (uint)(name[1] - '0') : 0;
        return name.Contains(':') ? Address.Parse(name) : Named(name[0] switch
        {
            'G' when number > 0 => 0xEF01_0100 + number,
            'M' when number > 0 => 0xE801_0100 + number,
            'S' when number > 0 => 0xC000_0200 + number,
            >= 'a' and <= 'f' when name.Length == 1 => 0xC000_0200 + (uint)(name[0] - 'a' + 1),
            _ => Address.Parse(name).V4Bits,
        });
    }

    /// <summary>The address of this number in IPv4.</summary>
    public Address Named(uint bits) => isIgmp ? Address.FromV4(bits) : (bits >> 24) switch
    {
        0 when bits == 0 => Address.AnyV6,
        10 => Of("fe80::", bits),
        127 => Of("::", bits & 0xFF),
        224 when bits >> 8 == 0xE0_0000 => Of("ff02::", bits & 0xFF),
        232 => Of("ff3e::", bits),
        >= 224 and < 240 => Of("ff1e::", bits),
        _ => Of("2001:db8::", bits),
    };

    /// <summary>A packet with this message, its checksum made right, of 10.0.0.1 to all systems.</summary>
    public byte[] Packet(string message) => isIgmp ? Packets.Packet.Igmp(message) : Ipv6Packet.Mld(message);

    /// <summary>The range of that name: 10.0.0.0/24 is fe80::a00:0/120.</summary>
    public Prefix NamedPrefix(string name)
    {
        var prefix = Prefix.Parse(name);
        if (isIgmp)
            return prefix;
        return prefix switch
        {
            { Length: 0 } => new Prefix(Address.AnyV6, 0),
            // All groups.
            { Length: 4, Address.V4Bits: 0xE000_0000 } => Prefix.Parse("ff00::/8"),
            _ => new Prefix(Named(prefix.Address.V4Bits), prefix.Length + 96),
        };
    }

    /// <summary>A list of rules such as <c>permit 239.0.0.0/8</c>.</summary>
    public AccessList List(params string[] rules) => new(rules.Select(each =>
    {
        AccessRule.TryParse(each, out var rule).Should().BeTrue();
        return rule! with { Range = NamedPrefix(rule.Range.ToString()) };
    }));

    /// <summary>What these tests call an address: G1, S1, M1, or the number of IPv4.</summary>
    public static string Name(Address address)
    {
        var bits = Bits(address);
        var number = (bits & 0xFF).ToString(CultureInfo.InvariantCulture);
        return (bits & 0xFF) is 0 or > 9 ? Text(address) : (bits >> 8) switch
        {
            0xEF_0101 => "G" + number,
            0xE8_0101 => "M" + number,
            0xC0_0002 => "S" + number,
            _ => Text(address),
        };
    }

    /// <summary>The address as in IPv4.</summary>
    public static string Text(Address address) => Address.FromV4(Bits(address)).ToString();

    /// <summary>The version that has the same abilities as this one of IGMP.</summary>
    public int Version(int ofIgmp) => Dialect.VersionOf(Dialect.Igmp.GenerationOf(ofIgmp));

    /// <summary>What IGMP calls this version.</summary>
    public int IgmpVersion(int version) => Dialect.Igmp.VersionOf(Dialect.GenerationOf(version));

    /// <summary>Whether there is a version of the abilities of IGMPv1.</summary>
    public bool HasVersion1 => isIgmp;

    /// <summary>What is left of the Older Version Host Present timer of version 2.</summary>
    public TimeSpan? Version2HostPresentExpires(GroupState group) =>
        isIgmp ? group.Version2HostPresentExpires : group.Version1HostPresentExpires;

    /// <summary>The other such timer, of version 1; in MLD there is none.</summary>
    public TimeSpan? Version1HostPresentExpires(GroupState group) =>
        isIgmp ? group.Version1HostPresentExpires : group.Version2HostPresentExpires;

    private static uint Bits(Address address) =>
        !address.IsV4 && address.HighBits >> 48 == 0xFF02 ? 0xE000_0000 | address.V4Bits : address.V4Bits;

    private static Address Of(string prefix, uint bits) => Address.Parse($"{prefix}{bits >> 16:x}:{bits & 0xFFFF:x}");
}
