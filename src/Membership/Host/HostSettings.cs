using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>The configuration of one host interface.</summary>
public sealed record HostSettings
{
    /// <summary>Robustness variable and unsolicited report interval.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>
    /// The configured protocol version: for IGMP 1, 2 or 3, for MLD 1 or 2; null, the default, is the current one. Older queriers make the
    /// host speak an older one.
    /// </summary>
    public int? Version { get; init; }

    /// <summary>
    /// Whether older queriers make the host speak their version (RFC 9776 §7.2.1); default on. Off, it keeps to <see cref="Version"/>, for
    /// networks that are for source-specific multicast only.
    /// </summary>
    public bool FollowsOlderQueriers { get; init; } = true;

    /// <summary>The interface MTU in bytes, at least the protocol's smallest: bounds the size of reports.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>
    /// Ignore queries without Router Alert, other than those of IGMPv1 (RFC 9776 §9.1: SHOULD); default on. In MLD they are always ignored
    /// (RFC 9777 §6.2).
    /// </summary>
    public bool RequireRouterAlert { get; init; } = true;

    /// <summary>
    /// The maximum number of sources that a socket's list, the merged list of an interface and the sources recorded for an answer may have:
    /// 64 or more (RFC 9776 §2), default 1024.
    /// </summary>
    public int MaxSources { get; init; } = 1024;

    /// <summary>The source-specific range (RFC 4604 §2); null is the protocol's default, 232.0.0.0/8.</summary>
    public IReadOnlyList<Prefix>? SourceSpecificRange { get; init => field = ValueList.Of(value); }
}
