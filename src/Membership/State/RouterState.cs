using MulticastLab.Packets;

namespace MulticastLab.Membership.State;

/// <summary>
/// The state of a router at one instant, named after RFC 8652 (ietf-igmp-mld). Times are exact; the JSON form rounds the standard leaves.
/// </summary>
public sealed record RouterState
{
    /// <summary>The interfaces, in configuration order.</summary>
    public IReadOnlyList<InterfaceState> Interfaces { get; init; } = [];

    /// <summary>The counters.</summary>
    public StatisticsState Statistics { get; init; } = new();
}

/// <summary>The state of one interface.</summary>
public sealed record InterfaceState
{
    /// <summary><c>interface-name</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>oper-status</c>.</summary>
    public bool Up { get; init; }

    /// <summary><c>multicast-lab:address</c>: the router's own address; null while the interface is down.</summary>
    public Address? Address { get; init; }

    /// <summary><c>multicast-lab:up-time-ms</c>: how long the interface has been up; null while it is down.</summary>
    public TimeSpan? UpTime { get; init; }

    /// <summary><c>version</c>.</summary>
    public int Version { get; init; }

    /// <summary><c>querier</c>: the querier's address; null while none is known.</summary>
    public Address? Querier { get; init; }

    /// <summary><c>multicast-lab:querier-role</c>.</summary>
    public bool IsQuerier { get; init; }

    /// <summary>The timers in force, the querier's adopted values included.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>What is left of the Other Querier Present timer; null while it does not run.</summary>
    public TimeSpan? OtherQuerierPresentExpires { get; init; }

    /// <summary>The time until the next General Query; null when none is due.</summary>
    public TimeSpan? GeneralQueryExpires { get; init; }

    /// <summary>How many start-up queries are still to be sent at the start-up interval.</summary>
    public int StartupQueriesLeft { get; init; }

    /// <summary>The groups, ascending; none in a summary.</summary>
    public IReadOnlyList<GroupState> Groups { get; init; } = [];

    /// <summary><c>multicast-lab:groups-count</c>: how many groups there are, listed or not.</summary>
    public int GroupCount
    {
        get => Math.Max(field, Groups.Count);
        init;
    }
}

/// <summary>The state of one group on one interface.</summary>
public sealed record GroupState
{
    /// <summary><c>group-address</c>.</summary>
    public required Address Group { get; init; }

    /// <summary><c>filter-mode</c>.</summary>
    public required FilterMode Mode { get; init; }

    /// <summary>What is left of the group timer; zero in INCLUDE mode.</summary>
    public TimeSpan Expires { get; init; }

    /// <summary><c>up-time</c>.</summary>
    public TimeSpan UpTime { get; init; }

    /// <summary><c>last-reporter</c>.</summary>
    public Address LastReporter { get; init; }

    /// <summary><c>multicast-lab:compatibility-mode</c>: the version that the group is treated by.</summary>
    public required int CompatibilityMode { get; init; }

    /// <summary>What is left of the Older Version Host Present timer of version 1 (RFC 9776 §7.3.2); null while it does not run.</summary>
    public TimeSpan? Version1HostPresentExpires { get; init; }

    /// <summary>The same of version 2; null while it does not run, and where version 2 is the current one.</summary>
    public TimeSpan? Version2HostPresentExpires { get; init; }

    /// <summary><c>multicast-lab:static</c>: whether it is forwarded from all sources by configuration.</summary>
    public bool IsStatic { get; init; }

    /// <summary>
    /// <c>multicast-lab:host</c>: the hosts that want all sources but those that they exclude, ascending; without explicit tracking none.
    /// </summary>
    public IReadOnlyList<HostState> Hosts { get; init; } = [];

    /// <summary>The sources, ascending.</summary>
    public IReadOnlyList<SourceState> Sources { get; init; } = [];
}

/// <summary>The state of one source record.</summary>
public sealed record SourceState
{
    /// <summary><c>source-address</c>.</summary>
    public required Address Source { get; init; }

    /// <summary>What is left of the source timer; zero for a blocked source of an EXCLUDE group.</summary>
    public TimeSpan Expires { get; init; }

    /// <summary><c>multicast-lab:static</c>: whether it is forwarded by configuration, whatever its timer says.</summary>
    public bool IsStatic { get; init; }

    /// <summary>Whether the source is forwarded: its timer runs, or it is static.</summary>
    public bool Forward => Expires > TimeSpan.Zero || IsStatic;

    /// <summary><c>host</c>: the hosts that want or exclude the source, ascending; without explicit tracking none.</summary>
    public IReadOnlyList<HostState> Hosts { get; init; } = [];
}

/// <summary>A host that explicit tracking knows of.</summary>
public sealed record HostState
{
    /// <summary><c>host-address</c>.</summary>
    public required Address Host { get; init; }

    /// <summary>
    /// <c>host-filter-mode</c>: INCLUDE when it wants the source, EXCLUDE when it wants the group, or excludes the source of it.
    /// </summary>
    public required FilterMode Mode { get; init; }

    /// <summary>How long it has been known.</summary>
    public TimeSpan UpTime { get; init; }

    /// <summary>When it will be forgotten unless it is heard again.</summary>
    public TimeSpan Expires { get; init; }
}

/// <summary>
/// The counters of a router: RFC 8652 <c>global/statistics</c>. Names are the leaves', e.g. <c>checksum</c>, <c>too-short</c>.
/// </summary>
public sealed record StatisticsState
{
    /// <summary>Rejected messages by cause.</summary>
    public IReadOnlyDictionary<string, long> Error { get; init; } = new Dictionary<string, long>();

    /// <summary>Accepted messages by kind.</summary>
    public IReadOnlyDictionary<string, long> Received { get; init; } = new Dictionary<string, long>();

    /// <summary>Sent messages by kind.</summary>
    public IReadOnlyDictionary<string, long> Sent { get; init; } = new Dictionary<string, long>();
}
