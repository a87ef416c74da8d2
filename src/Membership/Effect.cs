using MulticastLab.Packets;

namespace MulticastLab.Membership;

/// <summary>What a core asks its shell to do. Cores do no I/O: they return a list of these, valid until the next call.</summary>
public abstract record Effect;

/// <summary>Send a message out of the interface: <see cref="Dialects.Dialect.Write"/> makes the packet.</summary>
/// <param name="Destination">The IP destination.</param>
public abstract record SendMessage(Address Destination) : Effect;

/// <summary>Send a query out of the interface.</summary>
/// <param name="Query">The query.</param>
/// <param name="Destination">All-systems for a General Query, otherwise the group (RFC 9776 §4.1.12).</param>
public sealed record SendQuery(QueryContent Query, Address Destination) : SendMessage(Destination);

/// <summary>Send a message of a group member out of the interface.</summary>
/// <param name="Destination">The IP destination (RFC 9776 §4.2.15).</param>
public abstract record SendAsMember(Address Destination) : SendMessage(Destination);

/// <summary>Send a state report of the current version.</summary>
/// <param name="Report">The report, already split to fit the MTU.</param>
/// <param name="Destination">224.0.0.22 for IGMPv3 (RFC 9776 §4.2.15).</param>
public sealed record SendReport(ReportContent Report, Address Destination) : SendAsMember(Destination);

/// <summary>Send a report of an older version to the group itself (RFC 9776 §4.2.15).</summary>
/// <param name="Generation">That of the version: reports or leaves.</param>
/// <param name="Group">The group.</param>
public sealed record SendOlderReport(Generation Generation, Address Group) : SendAsMember(Group);

/// <summary>Send a leave (RFC 2236 §3).</summary>
/// <param name="Group">The group that is left.</param>
/// <param name="Destination">All-routers.</param>
public sealed record SendLeave(Address Group, Address Destination) : SendAsMember(Destination);

/// <summary>
/// A host has heard a query of an older version, the first General one for some time or one for a source-specific group: source filters
/// cannot be relied on (RFC 9776 §7.2.1, RFC 4604 §2.2). For logs.
/// </summary>
/// <param name="Version">The query's version.</param>
/// <param name="Querier">Who sends them.</param>
/// <param name="Group">The queried group; unspecified for a General Query.</param>
public sealed record OlderVersionQuery(int Version, Address Querier, Address Group) : Effect;

/// <summary>The forwarding decision (RFC 9776 §6.3) may have changed for some source of this group: ask the interface again.</summary>
public sealed record ForwardingChanged(Address Group) : Effect;

/// <summary>The interface's state has changed in a way worth reporting: one line of <c>router events</c>. A mere refresh is not
/// one.</summary>
/// <param name="What">What has changed.</param>
/// <param name="Group">The group concerned, if one is.</param>
/// <param name="Source">The source concerned, if one is.</param>
/// <param name="Querier">The querier now present, for <see cref="StateChange.QuerierChanged"/>.</param>
/// <param name="CompatibilityMode">The group's mode from now on, for <see cref="StateChange.CompatibilityModeChanged"/>.</param>
public sealed record StateChanged(
    StateChange What, Address? Group = null, Address? Source = null, Address? Querier = null, int? CompatibilityMode = null) : Effect;

/// <summary>
/// A query of another version than this router's: an error of administration, as all routers of a LAN must use the lowest version among
/// them (RFC 9776 §7.3.1). To be counted; and to be logged when <see cref="Warn"/> says so.
/// </summary>
/// <param name="Version">The query's version.</param>
/// <param name="From">Its sender.</param>
/// <param name="Warn">Whether a warning is due: they are limited to one a minute (§7.3.1).</param>
public sealed record QueryOfOtherVersion(int Version, Address From, bool Warn) : Effect;

/// <summary>The interface's link would need settings that are not valid: the previous ones stay in force. For logs.</summary>
/// <param name="Reason">What is wrong with them.</param>
public sealed record LinkRefused(string Reason) : Effect;

/// <summary>A message, or one record of a report, was not acted upon: for counters and logs.</summary>
/// <param name="Reason">Why.</param>
public sealed record Dropped(DropReason Reason) : Effect;

/// <summary>Why a valid message or record was ignored.</summary>
public enum DropReason
{
    /// <summary>The interface is down.</summary>
    InterfaceDown,

    /// <summary>A query with this interface's own address: its own, looped back, or from a duplicate address (RFC 9776 §6.6.2).</summary>
    OwnQuery,

    /// <summary>
    /// The message had no Router Alert option, and the configuration requires one (RFC 9776 §9.2); MLD always does (RFC 9777 §6.2, §7.4).
    /// </summary>
    RouterAlertMissing,

    /// <summary>
    /// The sender is not on this LAN, and the configuration requires that (RFC 9776 §9.1, §9.2); in MLD, where the protocol requires it,
    /// its address is not link-local (RFC 9777 §5.1.14, §5.2.14).
    /// </summary>
    OffLinkSource,

    /// <summary>
    /// The hop limit was not 1, so the message may have come from elsewhere (RFC 9777 §6.2, §7.4; IGMP does not require it).
    /// </summary>
    HopLimit,

    /// <summary>A query for an address that is not a group that may be queried (RFC 9776 §4.1.3).</summary>
    QueryGroup,

    /// <summary>A query with sources but no group: none of the three kinds (RFC 9776 §4.1.8).</summary>
    QuerySourcesWithoutGroup,

    /// <summary>A report of the current version, and the configured one is older, which does not know it (RFC 9776 §7.3.1).</summary>
    ReportOfNewerVersion,

    /// <summary>A message of a version older than the configuration wants to serve (RFC 9776 §7.3.1, §9.2).</summary>
    OlderVersion,

    /// <summary>A report or leave of an older version for a source-specific group (RFC 9776 §6.4, RFC 4604 §3.5, §3.7).</summary>
    OlderVersionOfSourceSpecificGroup,

    /// <summary>A record of an unknown type (RFC 9776 §4.2.13).</summary>
    RecordType,

    /// <summary>A record for an address that is not a group, or is one that is never reported (RFC 9776 §4.2.9, §5).</summary>
    RecordGroup,

    /// <summary>An EXCLUDE record for a source-specific group (RFC 9776 §6.4, RFC 4604 §3.1).</summary>
    ExcludeOfSourceSpecificGroup,

    /// <summary>A record for a group that the group policy denies.</summary>
    GroupDenied,

    /// <summary>A record that names, among others perhaps, a source that the source policy denies.</summary>
    SourceDenied,

    /// <summary>A record for a new group beyond the interface's group limit.</summary>
    GroupLimit,

    /// <summary>A record that names, among others perhaps, a new source beyond the source limit of the group or the interface.</summary>
    SourceLimit,

    /// <summary>
    /// A record of a host that explicit tracking has no room for, as its entry limit is reached. The record itself is applied.
    /// </summary>
    HostLimit,

    /// <summary>
    /// A leave, or a record that ends something, ignored in the compatibility mode of its group (RFC 9776 §7.3.1, §7.3.2).
    /// </summary>
    CompatibilityMode,
}

/// <summary>The kinds of <see cref="StateChanged"/>.</summary>
public enum StateChange
{
    /// <summary>The querier has changed, or this router has become querier.</summary>
    QuerierChanged,

    /// <summary>A group has appeared.</summary>
    GroupAdded,

    /// <summary>A group is gone.</summary>
    GroupRemoved,

    /// <summary>The filter mode of a group has changed.</summary>
    FilterModeChanged,

    /// <summary>The compatibility mode of a group has changed (RFC 9776 §7.3.2).</summary>
    CompatibilityModeChanged,

    /// <summary>A source is now forwarded (its timer runs).</summary>
    SourceForwarded,

    /// <summary>A source of an EXCLUDE group is now blocked (its timer is zero).</summary>
    SourceBlocked,

    /// <summary>A source record is gone.</summary>
    SourceRemoved,

    /// <summary>A new group was refused, the first one since the group limit was reached.</summary>
    GroupLimitReached,

    /// <summary>A new source was refused, the first one since the source limit of the interface or of a group was reached.</summary>
    SourceLimitReached,

    /// <summary>A host is not tracked, the first one since the entry limit of explicit tracking was reached.</summary>
    HostLimitReached,
}
