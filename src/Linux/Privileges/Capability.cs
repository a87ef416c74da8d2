namespace MulticastLab.Linux.Privileges;

/// <summary>The capabilities that this project uses by name (capabilities(7)).</summary>
public enum Capability
{
    /// <summary>CAP_SETGID: to take on other groups.</summary>
    SetGroup = 6,

    /// <summary>CAP_SETUID: to become another user.</summary>
    SetUser = 7,

    /// <summary>CAP_SETPCAP: to lower the bounding set.</summary>
    SetCapabilities = 8,

    /// <summary>CAP_NET_ADMIN: multicast routing, receive buffers beyond the limit.</summary>
    NetworkAdministration = 12,

    /// <summary>CAP_NET_RAW: packet sockets.</summary>
    NetworkRaw = 13,
}

/// <summary>A set of capabilities.</summary>
/// <param name="Bits">Bit <c>n</c> is capability number <c>n</c>.</param>
public readonly record struct CapabilitySet(ulong Bits)
{
    /// <summary>Of these capabilities.</summary>
    public static CapabilitySet Of(params ReadOnlySpan<Capability> capabilities)
    {
        var bits = 0UL;
        foreach (var each in capabilities)
            bits |= 1UL << (int)each;
        return new CapabilitySet(bits);
    }

    /// <summary>Whether a capability is among them.</summary>
    public bool Has(Capability capability) => (Bits & (1UL << (int)capability)) != 0;

    /// <summary>Those that are in both.</summary>
    public CapabilitySet And(CapabilitySet other) => new(Bits & other.Bits);

    /// <summary>Whether all of them are among the others.</summary>
    public bool IsWithin(CapabilitySet other) => (Bits & ~other.Bits) == 0;
}
