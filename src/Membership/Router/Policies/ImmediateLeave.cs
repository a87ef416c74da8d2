namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// When a leave ends a group or a source at once, without the queries of RFC 9776 §6.6.3 and the Last Member Query Time of waiting.
/// </summary>
public enum ImmediateLeave
{
    /// <summary>Never: other members are queried first, as §6.4.2 has it.</summary>
    Never,

    /// <summary>When explicit tracking knows of no other host that wants it; otherwise other members are queried.</summary>
    Tracked,

    /// <summary>Always: for LANs with a single host. Others lose the traffic until their next report.</summary>
    Always,
}

/// <summary>For which groups <see cref="ImmediateLeave"/> counts.</summary>
public enum LeaveScope
{
    /// <summary>For all groups.</summary>
    All,

    /// <summary>For those of the source-specific range (RFC 4604 §2).</summary>
    SourceSpecific,
}
