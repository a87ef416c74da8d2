using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>
/// The addresses that fuzzed packets of a dialect are about: few enough that inputs meet each other, and every special one.
/// </summary>
internal sealed class Addresses
{
    public static readonly Addresses Igmp = new()
    {
        Dialect = Dialect.Igmp,
        Own = Address.Parse("10.0.0.100"),
        Lower = Address.Parse("10.0.0.1"),
        Member = Address.Parse("10.0.0.200"),
        Lan = Prefix.Parse("10.0.0.0/24"),
        Untouched = Address.Parse("239.77.77.77"),
        UntouchedSourceSpecific = Address.Parse("232.77.77.77"),
        Sender = Address.Parse("198.51.100.7"),
        Senders = Parse(
            "10.0.0.1 10.0.0.99 10.0.0.100 10.0.0.101 10.0.0.200 10.0.0.201 0.0.0.0 192.0.2.1 255.255.255.255 224.0.0.5 127.0.0.1"),
        Groups = Parse(
            """
            239.1.1.1 239.1.1.2 239.1.1.3 239.1.1.4 239.1.1.5 239.1.1.6 232.1.1.1 232.1.1.2 224.0.0.1 224.0.0.22 224.0.0.251 224.0.1.1
            0.0.0.0 10.0.0.1 192.0.2.1 127.0.0.1 255.255.255.255 223.255.255.255 240.0.0.0 239.255.255.255
            """),
        Sources = Parse("""
            192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8 192.0.2.9 192.0.2.10 192.0.2.11 192.0.2.12
            0.0.0.0 127.0.0.1 224.0.0.1 239.1.1.1 255.255.255.255 240.0.0.1
            """),
        Destinations = Parse("224.0.0.22 224.0.0.1 224.0.0.2 239.1.1.1 10.0.0.100 255.255.255.255 0.0.0.0"),
    };

    public static readonly Addresses Mld = new()
    {
        Dialect = Dialect.Mld,
        Own = Address.Parse("fe80::64"),
        Lower = Address.Parse("fe80::1"),
        Member = Address.Parse("fe80::c8"),
        Lan = Prefix.Parse("fe80::/120"),
        Untouched = Address.Parse("ff1e::77:77:77"),
        UntouchedSourceSpecific = Address.Parse("ff3e::77:77:77"),
        Sender = Address.Parse("2001:db8:51::7"),
        Senders = Parse("fe80::1 fe80::63 fe80::64 fe80::65 fe80::c8 fe80::c9 fe80:0:0:1::1 fe80::1:1 :: 2001:db8::1 ff02::5 ::1"),
        Groups = Parse("""
            ff1e::1 ff1e::2 ff1e::3 ff1e::4 ff15::5 ff1e::6 ff3e::1 ff3e::2 ff02::1 ff02::16 ff02::fb ff05::2
            :: fe80::1 2001:db8::1 ::1 ff00::1 ff01::1 ff31::1 fe00::1 ff02::1:ff00:1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
            """),
        Sources = Parse("""
            2001:db8::1 2001:db8::2 2001:db8::3 2001:db8::4 2001:db8::5 2001:db8::6 2001:db8::7 2001:db8::8 2001:db8::9
            fe80::10 fe80::11 fe80::12 :: ::1 ff02::1 ff1e::1
            """),
        Destinations = Parse("ff02::16 ff02::1 ff02::2 ff1e::1 fe80::64 ::"),
    };

    public required Dialect Dialect { get; init; }

    /// <summary>The router's own.</summary>
    public required Address Own { get; init; }

    /// <summary>A router that wins every election that is fair.</summary>
    public required Address Lower { get; init; }

    /// <summary>A host.</summary>
    public required Address Member { get; init; }

    /// <summary>Where all three are.</summary>
    public required Prefix Lan { get; init; }

    /// <summary>A group that no input names: for what must go right afterwards.</summary>
    public required Address Untouched { get; init; }

    /// <summary>A source-specific one.</summary>
    public required Address UntouchedSourceSpecific { get; init; }

    /// <summary>A source that no input names.</summary>
    public required Address Sender { get; init; }

    public required Address[] Senders { get; init; }

    /// <summary>The first eleven are groups that a socket can ask for, the seventh and eighth of them source-specific.</summary>
    public required Address[] Groups { get; init; }

    /// <summary>The first twelve are sources.</summary>
    public required Address[] Sources { get; init; }

    public required Address[] Destinations { get; init; }

    private static Address[] Parse(string addresses) =>
        [.. addresses.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Address.Parse)];
}
