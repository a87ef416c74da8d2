using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// How a host behaves while it is in a compatibility mode (RFC 9776 §7.2.1): as of the current version, or of an older one.
/// </summary>
internal abstract class HostBehaviour
{
    /// <summary>The interface state of a group that is reported has changed.</summary>
    public abstract void Changed(HostGroup group, SourceFilter before, Instant now);

    /// <summary>The link is new: the state of every group is to be reported as if it had just come into being.</summary>
    public abstract void Announce(HostGroup group, Instant now);

    /// <summary>A query that is accepted.</summary>
    public abstract void Queried(in Query query, Instant now);

    /// <summary>Another host has reported the group by a report of an older version.</summary>
    public abstract void Overheard(Address group);

    /// <summary>A timer of this behaviour has expired; false when it is not of this behaviour.</summary>
    public abstract bool Expired(QueuedTimer timer, Instant now);

    /// <summary>§7.2.1: the mode has changed; nothing that was pending is sent.</summary>
    public abstract void Cancel();
}
