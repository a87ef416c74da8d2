using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;

namespace MulticastLab.Lab.Engines;

/// <summary>How a lab is to be run.</summary>
public sealed record LabOptions
{
    /// <summary>The protocol that routers and hosts speak: no lab carries MLD yet.</summary>
    public Dialect Dialect { get; } = Dialect.Igmp;

    /// <summary>The routers' timers: handed to the startup files as ROUTER_OPTIONS.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>Whose IGMP the hosts speak: handed to the startup files in HOSTAGENT_OPTIONS.</summary>
    public HostStack HostStack { get; init; }

    /// <summary>Seed of everything random in a simulated lab; printed on failure.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Whose host stack answers queries.</summary>
public enum HostStack
{
    /// <summary>The Linux kernel's.</summary>
    Kernel,

    /// <summary>Our Membership host core on a packet socket.</summary>
    User,
}
