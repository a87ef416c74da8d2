using MulticastLab.Packets;

namespace MulticastLab.Robustness.Fuzz;

/// <summary>The addresses that fuzzed packets are about: few enough that inputs meet each other, and every special one.</summary>
internal static class Addresses
{
    /// <summary>The router's own.</summary>
    public static readonly Address Own = Address.Parse("10.0.0.100");

    /// <summary>A router that wins every election that is fair.</summary>
    public static readonly Address Lower = Address.Parse("10.0.0.1");

    /// <summary>A host.</summary>
    public static readonly Address Member = Address.Parse("10.0.0.200");

    /// <summary>A group that no input names: for what must go right afterwards.</summary>
    public static readonly Address Untouched = Address.Parse("239.77.77.77");

    /// <summary>A source-specific one.</summary>
    public static readonly Address UntouchedSourceSpecific = Address.Parse("232.77.77.77");

    /// <summary>A source that no input names.</summary>
    public static readonly Address Sender = Address.Parse("198.51.100.7");

    public static readonly uint[] Senders = Bits("10.0.0.1 10.0.0.99 10.0.0.100 10.0.0.101 10.0.0.200 10.0.0.201 0.0.0.0 192.0.2.1 255.255.255.255 224.0.0.5 127.0.0.1");

    public static readonly uint[] Groups = Bits("""
        239.1.1.1 239.1.1.2 239.1.1.3 239.1.1.4 239.1.1.5 239.1.1.6 232.1.1.1 232.1.1.2 224.0.0.1 224.0.0.22 224.0.0.251 224.0.1.1
        0.0.0.0 10.0.0.1 192.0.2.1 127.0.0.1 255.255.255.255 223.255.255.255 240.0.0.0 239.255.255.255
        """);

    public static readonly uint[] Sources = Bits("""
        192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8 192.0.2.9 192.0.2.10 192.0.2.11 192.0.2.12
        0.0.0.0 127.0.0.1 224.0.0.1 239.1.1.1 255.255.255.255 240.0.0.1
        """);

    public static readonly uint[] Destinations = Bits("224.0.0.22 224.0.0.1 224.0.0.2 239.1.1.1 10.0.0.100 255.255.255.255 0.0.0.0");

    private static uint[] Bits(string addresses) =>
        [.. addresses.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(each => Address.Parse(each).V4Bits)];
}
