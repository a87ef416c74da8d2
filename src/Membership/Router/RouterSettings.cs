using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Membership.Router;

/// <summary>The configuration of one router interface.</summary>
public sealed record RouterSettings
{
    /// <summary>Timers and counts; the RFC's defaults unless told otherwise.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>
    /// The configured protocol version: for IGMP 1, 2 or 3, for MLD 1 or 2; null, the default, is the current one. It is the lowest one
    /// among the routers of the LAN, which administration has to see to (RFC 9776 §7.3.1).
    /// </summary>
    public int? Version { get; init; }

    /// <summary>
    /// The oldest version whose reports and leaves are served: 1, the default, to <see cref="Version"/>. With 2 forged version 1 reports
    /// can no longer suspend leaves (RFC 9776 §9.2); with 3 there is no compatibility with older hosts at all (§7.3.1).
    /// </summary>
    public int OldestVersion { get; init; } = 1;

    /// <summary>Ignore messages without Router Alert (RFC 9776 §9.2 leaves it to policy); default off.</summary>
    public bool RequireRouterAlert { get; init; }

    /// <summary>
    /// Ignore messages from senders outside the subnets of the interface's own addresses (RFC 9776 §9.1 and §9.2 leave it to policy);
    /// default off. The core knows no link: its shell adds the subnets to <see cref="AcceptedSenders"/>.
    /// </summary>
    public bool OnLinkSendersOnly { get; init; }

    /// <summary>
    /// Ignore messages from senders outside these subnets (RFC 9776 §9.1 and §9.2 leave it to policy); none, the default, takes all.
    /// 0.0.0.0 is taken from everywhere (§4.2.14).
    /// </summary>
    public IReadOnlyList<Prefix> AcceptedSenders { get; init => field = ValueList.Of(value); } = [];

    /// <summary>The source-specific range (RFC 4604 §2); null is the protocol's default, 232.0.0.0/8.</summary>
    public IReadOnlyList<Prefix>? SourceSpecificRange { get; init => field = ValueList.Of(value); }

    /// <summary>
    /// The sources that a join of all sources means in the source-specific range, where it would otherwise be ignored (RFC 4604 §3.1); none
    /// by default.
    /// </summary>
    public IReadOnlyList<SsmMapping> SsmMappings { get; init => field = ValueList.Of(value); } = [];

    /// <summary>Whether and when a leave takes effect at once (otherwise RFC 9776 §6.6.3); default never.</summary>
    public ImmediateLeave ImmediateLeave { get; init; }

    /// <summary>The groups for which <see cref="ImmediateLeave"/> counts; default all.</summary>
    public LeaveScope ImmediateLeaveScope { get; init; }

    /// <summary>Remember which host wants what (RFC 9776 appendix A.2); default off.</summary>
    public bool ExplicitTracking { get; init; }

    /// <summary>The maximum number of groups on the interface, 1 or more; null, the default, sets no limit (RFC 9776 §9.2 on forged
    /// reports).</summary>
    public int? MaxGroups { get; init; }

    /// <summary>The maximum number of source records on the interface, of all groups together, 1 or more; null, the default, sets no
    /// limit.</summary>
    public int? MaxSources { get; init; }

    /// <summary>The maximum number of source records of one group, 1 or more; null, the default, sets no limit.</summary>
    public int? MaxSourcesPerGroup { get; init; }

    /// <summary>
    /// The maximum number of entries of <see cref="ExplicitTracking"/> on the interface, each one a host at a group or at a source: 1 or
    /// more, default 100,000.
    /// </summary>
    public int MaxHosts { get; init; } = 100_000;

    /// <summary>The groups that hosts may join; default all.</summary>
    public AccessList GroupPolicy { get; init; } = AccessList.PermitAll;

    /// <summary>The sources that hosts may request; default all.</summary>
    public AccessList SourcePolicy { get; init; } = AccessList.PermitAll;

    /// <summary>What is forwarded to the LAN whether or not a host wants it; none by default.</summary>
    public IReadOnlyList<GroupAndSource> StaticGroups { get; init => field = ValueList.Of(value); } = [];

    /// <summary>What the router itself joins on the LAN, as a host (RFC 9776 §5) and through the shell; none by default.</summary>
    public IReadOnlyList<GroupAndSource> LocalJoins { get; init => field = ValueList.Of(value); } = [];

    /// <summary>
    /// Whether the router is a member of 224.0.0.22, from all sources, on the LAN, as a router of version 3 must be (RFC 9776 §6) and one
    /// of an older version never is; default on.
    /// </summary>
    public bool JoinsRoutersGroup { get; init; } = true;

    /// <summary>The interface MTU in bytes: bounds the sources per query.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Checks the values against the protocol's limits (RFC 9776 §8).</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it and says the range.</exception>
    public void Validate(Dialect dialect)
    {
        var version = Version ?? dialect.CurrentVersion;
        Require(
            version >= 1 && version <= dialect.CurrentVersion,
            $"There is no {dialect.Name} version {version}, only 1 to {dialect.CurrentVersion}.");
        Require(
            OldestVersion >= 1 && OldestVersion <= version,
            $"The oldest version to serve must be 1 to {version}, not {OldestVersion} (RFC 9776 §7.3.1).");
        var onTheWire = dialect.OnTheWire(Timing, dialect.GenerationOf(version));
        Require(
            Timing.RobustnessVariable is >= 1 and <= 255,
            $"The Robustness Variable must be 1 to 255, not {Timing.RobustnessVariable} (RFC 9776 §8.1).");
        Require(
            Timing.QueryInterval > TimeSpan.Zero,
            $"The Query Interval must be above zero, not {Seconds.WithUnit(Timing.QueryInterval)} (RFC 9776 §8.2).");
        Require(
            onTheWire.QueryResponseInterval > TimeSpan.Zero,
            $"The Query Response Interval of {Seconds.WithUnit(Timing.QueryResponseInterval)} is too short to be expressed in a query (RFC "
                + "9776 §8.3).");
        Require(
            onTheWire.QueryResponseInterval < Timing.QueryInterval,
            $"The Query Response Interval of {Seconds.WithUnit(onTheWire.QueryResponseInterval)} in version {version} must be less than "
                + "the Query Interval of "
                + $"{Seconds.WithUnit(Timing.QueryInterval)} (RFC 9776 §8.3).");
        Require(
            onTheWire.LastMemberQueryInterval > TimeSpan.Zero,
            $"The Last Member Query Interval of {Seconds.WithUnit(Timing.LastMemberQueryInterval)} is too short to be expressed in a query "
                + "(RFC 9776 §8.8).");
        Require(
            Timing.LastMemberQueryCount >= 1,
            $"The Last Member Query Count must be at least 1, not {Timing.LastMemberQueryCount} (RFC 9776 §8.9).");
        Require(
            Timing.StartupQueryCount >= 1, $"The Startup Query Count must be at least 1, not {Timing.StartupQueryCount} (RFC 9776 §8.7).");
        Require(
            Timing.StartupQueryInterval > TimeSpan.Zero,
            $"The Startup Query Interval must be above zero, not {Seconds.WithUnit(Timing.StartupQueryInterval)} (RFC 9776 §8.6).");
        Require(dialect.MaxSourcesPerQuery(Mtu) >= 1, $"An MTU of {Mtu} leaves no room for a source in a query.");
        Require(Mtu >= dialect.SmallestMtu, $"An MTU of {Mtu} is below the {dialect.SmallestMtu} bytes that {dialect.Name} needs.");
        PolicyValidation.Check(this, dialect);
    }

    /// <summary>Whether the group lies in the source-specific range in force.</summary>
    public bool IsSourceSpecific(Address group, Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        if (SourceSpecificRange is not { } range)
            return dialect.IsSourceSpecific(group);
        for (var i = 0; i < range.Count; i++)
        {
            if (range[i].Contains(group))
                return true;
        }

        return false;
    }

    /// <summary>Whether the sender's address lies in <see cref="AcceptedSenders"/>, where there are any.</summary>
    public bool AcceptsSender(Address sender)
    {
        for (var i = 0; i < AcceptedSenders.Count; i++)
        {
            if (AcceptedSenders[i].Contains(sender))
                return true;
        }

        return AcceptedSenders.Count == 0;
    }

    /// <summary>
    /// All that the router is a member of itself: what it is configured to join, and in the current version the routers' own group.
    /// </summary>
    public IEnumerable<GroupAndSource> Joined(Dialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        var group = dialect.ReportDestination;
        // All of its sources cannot be asked for where the operator has made it source-specific (RFC 4604 §2.1).
        var joins = JoinsRoutersGroup && dialect.GenerationOf(Version).HasSources && !IsSourceSpecific(group, dialect);
        return joins ? LocalJoins.Append(new GroupAndSource(group)) : LocalJoins;
    }

    internal static void Require(bool holds, string message)
    {
        if (!holds)
            throw new ArgumentException(message);
    }
}
