using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>The configuration of one host interface.</summary>
public sealed record HostSettings
{
    /// <summary>Robustness variable and unsolicited report interval.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>The configured protocol version: for IGMP 1, 2 or 3.</summary>
    public int Version { get; init; } = 3;

    /// <summary>The interface MTU in bytes: bounds the size of reports.</summary>
    public int Mtu { get; init; } = 1500;
}

/// <summary>The reception state of a group (RFC 9776 §3.2): what the sockets ask for, merged.</summary>
/// <param name="Group">The group.</param>
/// <param name="Mode">INCLUDE or EXCLUDE.</param>
/// <param name="Sources">The source list, ascending.</param>
public sealed record ReceptionState(Address Group, FilterMode Mode, IReadOnlyList<Address> Sources);

/// <summary>
/// The host side of RFC 9776 §5 on one interface: socket states merged into interface state, state-change reports with
/// retransmission, answers to queries after a random delay. Input, time and randomness in, effects out; no I/O.
/// Not safe for use by several threads at once.
/// </summary>
/// <remarks>The rules for <c>now</c> and the returned list are those of the router interface.</remarks>
public sealed class HostInterface
{
    private static readonly IReadOnlyList<Effect> Nothing = [];

    /// <summary>A host interface without members.</summary>
    public HostInterface(string name, Dialect dialect, HostSettings settings, Random random)
    {
        Name = name;
        Dialect = dialect;
        Settings = settings;
        _ = random;
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>IGMP or MLD.</summary>
    public Dialect Dialect { get; }

    /// <summary>The present configuration.</summary>
    public HostSettings Settings { get; }

    /// <summary>When <see cref="Advance"/> is to be called next.</summary>
    public Instant NextDue => Instant.Never;

    /// <summary>IPMulticastListen (§2): this socket now wants this. INCLUDE with no sources is leaving.</summary>
    public IReadOnlyList<Effect> Listen(int socket, Address group, FilterMode mode, IReadOnlyCollection<Address> sources, Instant now) => Nothing;

    /// <summary>A query was received (§5.2).</summary>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in Query query, Instant now) => Nothing;

    /// <summary>Runs every timer that is due at or before <paramref name="now"/>.</summary>
    public IReadOnlyList<Effect> Advance(Instant now) => Nothing;

    /// <summary>Whether the interface's filters let this source's traffic to the group pass (§3.2).</summary>
    public bool Accepts(Address source, Address group) => false;

    /// <summary>The reception state of every group, ascending.</summary>
    public IReadOnlyList<ReceptionState> Dump() => [];
}
