using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Interop.Peers;

/// <summary>A router of another make, as a node of a lab: what has to be there, what its node is made of, and when it takes over.</summary>
internal abstract class Peer
{
    internal static Peer Frr { get; } = new FrrRouter();

    internal static Peer Pimd { get; } = new PimdRouter();

    /// <summary>Its name in tests and evidence.</summary>
    internal abstract string Name { get; }

    /// <summary>What is missing on this machine, and how to get it; null when nothing is.</summary>
    internal abstract string? Missing { get; }

    /// <summary>Short timers that it can be set to.</summary>
    internal abstract Timing ShortTiming { get; }

    /// <summary>The lines of the node's startup file that start it, once the interface has its address.</summary>
    internal abstract string Startup { get; }

    /// <summary>The files that are laid over the node's root, by their path there.</summary>
    internal abstract IEnumerable<(string Path, string Text)> Files(PeerSettings settings);

    /// <summary>The program that has to be copied into the node's root; null when the machine has it installed.</summary>
    internal virtual (string From, string To)? Program => null;

    /// <summary>When it takes over from a querier with these timers that has fallen silent, since the last query: at the earliest and at the latest.</summary>
    internal abstract (TimeSpan Earliest, TimeSpan Latest) TakesOver(PeerSettings settings, Timing querier);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>How a peer is to be set up.</summary>
/// <param name="Address">Its address on the LAN.</param>
/// <param name="Timing">Its timers.</param>
/// <param name="Version">The version of IGMP that it speaks: 2 or 3.</param>
internal sealed record PeerSettings(Address Address, Timing Timing, int Version = 3);
