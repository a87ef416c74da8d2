using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>What must hold of every lab.</summary>
internal enum Law
{
    /// <summary>§6.6.2: when the election is over, the router with the lowest address is the querier of its LAN, and all know it.</summary>
    OneQuerier,

    /// <summary>§6.3, §6.4: what a host wants and tells is forwarded from its report on, for as long as the host answers.</summary>
    MembersAreServed,

    /// <summary>§6.2.2, §6.5, §8.4: a group that nobody wants is gone after the Group Membership Interval, whatever happens.</summary>
    NothingOutlivesItsInterval,

    /// <summary>
    /// §6.6.3, §8.10: when the last one leaves and tells so, its group or source is gone after the Last Member Query Time.
    /// </summary>
    LeavesAreQuick,

    /// <summary>§6.3: in the end what is forwarded is the union of what is wanted, no less and no more, in the mode of §6.2.1.</summary>
    UnionOfFilters,

    /// <summary>§6.1, §6.6.3, §8: no more queries than the timers say, and none about a group that no record calls for.</summary>
    QueryRate,

    /// <summary>§6.1, §6.6.3, §8.7, §8.9: no fewer queries either, and at their times.</summary>
    QueriesAreSent,

    /// <summary>§6.6.3.1, §6.6.3.2: a query has the S flag when, and only when, what it asks for was reported meanwhile.</summary>
    SuppressFlag,

    /// <summary>§6.2.2, §6.2.3, §8.4; §7.3.2, §8.13: a timer expires exactly its interval after the last report that sets it.</summary>
    TimersRun,

    /// <summary>RFC 4604 §3.1: a source-specific group is never in EXCLUDE mode.</summary>
    SourceSpecific,

    /// <summary>§4: every message has a TTL of 1 and the Router Alert option.</summary>
    Envelope,

    /// <summary>§6: routers of version 3 are members of 224.0.0.22, and answer each General Query.</summary>
    RoutersAreMembers,

    /// <summary>There is state only for what some host has named.</summary>
    BoundedState,

    /// <summary>§3.2: a host knows what it was told.</summary>
    HostState,

    /// <summary>§6.3 on the wire: datagrams come when they are wanted, and do not come when they are not.</summary>
    Datagrams,

    /// <summary>No input makes a core throw.</summary>
    NoException,
}

/// <summary>A law was broken.</summary>
internal sealed record Violation(Law Law, Instant At, string What)
{
    public override string ToString() => $"{Law} at {At}: {What}";
}

/// <summary>Carries a violation out of a run.</summary>
internal sealed class ViolationException(Violation violation) : Exception(violation.ToString())
{
    public Violation Violation => violation;
}
