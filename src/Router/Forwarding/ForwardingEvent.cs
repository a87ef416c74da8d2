using MulticastLab.Linux.Posix;

namespace MulticastLab.Router.Forwarding;

/// <summary>Something that has happened to the kernel's forwarding, for counters and log.</summary>
internal abstract record ForwardingEvent
{
    private ForwardingEvent()
    {
    }

    /// <summary>A data packet has come in on another interface than its entry's.</summary>
    public sealed record WrongInterface : ForwardingEvent
    {
        /// <summary>The event: each is like the others.</summary>
        public static WrongInterface Instance { get; } = new();
    }

    /// <summary>A source's packets have come in though there is no reverse path to it among the router's interfaces.</summary>
    public sealed record NoReversePath : ForwardingEvent
    {
        /// <summary>The event: each is like the others.</summary>
        public static NoReversePath Instance { get; } = new();
    }

    /// <summary>The kernel does not take an interface as a VIF.</summary>
    /// <param name="Interface">The interface's name.</param>
    /// <param name="Reason">Why.</param>
    public sealed record VifRefused(string Interface, LinuxException Reason) : ForwardingEvent;

    /// <summary>There are as many entries as there may be; told once, until there is room again.</summary>
    /// <param name="Most">How many.</param>
    public sealed record TableFull(int Most) : ForwardingEvent;

    /// <summary>
    /// The kernel's own check of sources (rp_filter) has dropped packets before multicast routing could see them; told once.
    /// </summary>
    /// <param name="Packets">How many since the interfaces take part.</param>
    /// <param name="Interfaces">The interfaces where it is on.</param>
    public sealed record DroppedByReversePathFilter(long Packets, IReadOnlyList<string> Interfaces) : ForwardingEvent;
}
