using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>All that an interface holds about one group: what each socket wants, the merged state, and what is pending.</summary>
internal sealed class HostGroup
{
    private readonly Dictionary<int, SourceFilter> sockets = [];

    public HostGroup(Address address)
    {
        Address = address;
        Retransmission = new Retransmission(this);
        Response = new PendingResponse(this);
        OlderReport = new OlderReport(this);
    }

    public Address Address { get; }

    /// <summary>The interface state (RFC 9776 §3.2).</summary>
    public SourceFilter State { get; private set; } = SourceFilter.None;

    public PendingChange Change { get; } = new();

    public Retransmission Retransmission { get; }

    public PendingResponse Response { get; }

    /// <summary>What is pending while the host is of an older version.</summary>
    public OlderReport OlderReport { get; }

    /// <summary>Whether there is nothing left to remember about the group.</summary>
    public bool IsIdle => sockets.Count == 0 && !Change.IsPending && !Response.IsRunning;

    public SourceFilter Of(int socket) => sockets.GetValueOrDefault(socket, SourceFilter.None);

    /// <summary>How many sources the sockets in INCLUDE mode would want together with this filter for this socket.</summary>
    public int IncludedWith(int socket, SourceFilter filter) => sockets
        .Where(each => each.Key != socket).Select(each => each.Value).Append(filter)
        .Where(each => each.Mode == FilterMode.Include).SelectMany(each => each.Sources).Distinct().Count();

    /// <summary>Replaces what one socket wants.</summary>
    /// <returns>The interface state before.</returns>
    public SourceFilter Set(int socket, SourceFilter filter)
    {
        if (filter.IsNone)
            sockets.Remove(socket);
        else
            sockets[socket] = filter;
        var before = State;
        State = SourceFilter.Merge(sockets.Values);
        return before;
    }
}

/// <summary>The timer of a group's next State-Change Report (RFC 9776 §5.1).</summary>
internal sealed class Retransmission(HostGroup group) : QueuedTimer
{
    public HostGroup Group { get; } = group;
}
