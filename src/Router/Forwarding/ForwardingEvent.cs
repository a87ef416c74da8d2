using MulticastLab.Linux.Posix;

namespace MulticastLab.Router.Forwarding;

/// <summary>An event of the kernel's forwarding, for counters and log.</summary>
internal abstract record ForwardingEvent
{
    private ForwardingEvent()
    {
    }

    /// <summary>A data packet has come in on another interface than its entry's.</summary>
    public sealed record WrongInterface : ForwardingEvent
    {
        /// <summary>The only instance: they are all alike.</summary>
        public static WrongInterface Instance { get; } = new();
    }

    /// <summary>A source's packets have come in though there is no reverse path to it among the router's interfaces.</summary>
    public sealed record NoReversePath : ForwardingEvent
    {
        /// <summary>The only instance: they are all alike.</summary>
        public static NoReversePath Instance { get; } = new();
    }

    /// <summary>The kernel does not accept an interface as a VIF.</summary>
    /// <param name="Interface">The interface's name.</param>
    /// <param name="Reason">Why.</param>
    public sealed record VifRefused(string Interface, LinuxException Reason) : ForwardingEvent;

    /// <summary>The entry limit is reached; reported once, until there is room again.</summary>
    /// <param name="Most">How many.</param>
    public sealed record TableFull(int Most) : ForwardingEvent;

    /// <summary>
    /// The kernel's own source validation (rp_filter) has dropped packets before multicast routing could see them; reported once.
    /// </summary>
    /// <param name="Packets">How many since the interfaces were added.</param>
    /// <param name="Interfaces">The interfaces where it is on.</param>
    public sealed record DroppedByReversePathFilter(long Packets, IReadOnlyList<string> Interfaces) : ForwardingEvent;
}
