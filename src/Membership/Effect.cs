using MulticastLab.Packets;

namespace MulticastLab.Membership;

/// <summary>What a core asks its shell to do. Cores do no I/O: they return a list of these, valid until the next call.</summary>
public abstract record Effect;

/// <summary>Send a query out of the interface.</summary>
/// <param name="Query">The query.</param>
/// <param name="Destination">All-systems for a General Query, otherwise the group (RFC 9776 §4.1.12).</param>
public sealed record SendQuery(QueryContent Query, Address Destination) : Effect;

/// <summary>Send a state report out of the interface.</summary>
/// <param name="Report">The report, already split to fit the MTU.</param>
/// <param name="Destination">224.0.0.22 for IGMPv3 (RFC 9776 §4.2.15).</param>
public sealed record SendReport(ReportContent Report, Address Destination) : Effect;

/// <summary>The forwarding decision (RFC 9776 §6.3) may have changed for some source of this group: ask the interface again.</summary>
public sealed record ForwardingChanged(Address Group) : Effect;

/// <summary>The interface's state has changed in a way worth telling: one line of <c>router events</c>. A mere refresh is none.</summary>
/// <param name="What">What has changed.</param>
/// <param name="Group">The group concerned, if one is.</param>
/// <param name="Source">The source concerned, if one is.</param>
/// <param name="Querier">The querier now present, for <see cref="StateChange.QuerierChanged"/>.</param>
public sealed record StateChanged(StateChange What, Address? Group = null, Address? Source = null, Address? Querier = null) : Effect;

/// <summary>The kinds of <see cref="StateChanged"/>.</summary>
public enum StateChange
{
    /// <summary>Another querier than before, or this router has become one.</summary>
    QuerierChanged,

    /// <summary>A group has appeared.</summary>
    GroupAdded,

    /// <summary>A group is gone.</summary>
    GroupRemoved,

    /// <summary>The filter mode of a group has changed.</summary>
    FilterModeChanged,

    /// <summary>A source is now forwarded (its timer runs).</summary>
    SourceForwarded,

    /// <summary>A source of an EXCLUDE group is now blocked (its timer is zero).</summary>
    SourceBlocked,

    /// <summary>A source record is gone.</summary>
    SourceRemoved,
}
