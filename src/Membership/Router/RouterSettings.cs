namespace MulticastLab.Membership.Router;

/// <summary>The configuration of one router interface.</summary>
public sealed record RouterSettings
{
    /// <summary>Timers and counts; the RFC's defaults unless told otherwise.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>The configured protocol version: for IGMP 1, 2 or 3.</summary>
    public int Version { get; init; } = 3;

    /// <summary>Ignore messages without Router Alert (RFC 9776 §9.2 leaves it to policy); default off.</summary>
    public bool RequireRouterAlert { get; init; }

    /// <summary>The interface MTU in bytes: bounds the sources per query.</summary>
    public int Mtu { get; init; } = 1500;
}
