using MulticastLab.Linux.MulticastRouting;

namespace MulticastLab.Router.Forwarding;

/// <summary>How the kernel's forwarding is used.</summary>
internal sealed record KernelForwardingOptions
{
    /// <summary>The kernel's multicast routing table.</summary>
    public uint Table { get; init; } = MulticastRoutingOptions.DefaultTable;

    /// <summary>How often an entry is checked; one that saw no packet between two checks is removed.</summary>
    public TimeSpan IdleCheck { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many entries there may be: packets from forged sources must not fill the kernel's memory.</summary>
    public int MostEntries { get; init; } = 65_536;
}
