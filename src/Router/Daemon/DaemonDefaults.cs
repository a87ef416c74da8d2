using MulticastLab.Membership.Router;

namespace MulticastLab.Router.Daemon;

/// <summary>
/// Where the daemon's defaults differ from the protocol core's: forged reports must not fill the memory of the machine (RFC 9776 §9.2), so
/// groups and sources are bounded, far above what a LAN has and at about 155 MB per interface when both are reached.
/// </summary>
internal static class DaemonDefaults
{
    /// <summary>The most groups of an interface.</summary>
    public const int MaxGroups = 250_000;

    /// <summary>The most sources of an interface, of all groups together.</summary>
    public const int MaxSources = 500_000;

    /// <summary>The settings of an interface about which nothing is said.</summary>
    public static RouterSettings Settings { get; } = new() { MaxGroups = MaxGroups, MaxSources = MaxSources };
}
