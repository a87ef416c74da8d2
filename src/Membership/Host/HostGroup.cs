using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>All that an interface holds about one group: what each socket wants, the merged state, and what is pending.</summary>
internal sealed class HostGroup
{
    private readonly Dictionary<int, Filter> sockets = [];

    public HostGroup(Address address)
    {
        Address = address;
        Retransmission = new Retransmission(this);
        Response = new PendingResponse(this);
        OlderReport = new OlderReport(this);
    }

    public Address Address { get; }

    /// <summary>The interface state (RFC 9776 §3.2).</summary>
    public Filter State { get; private set; } = Filter.None;

    public PendingChange Change { get; } = new();

    public Retransmission Retransmission { get; }

    public PendingResponse Response { get; }

    /// <summary>What is pending while the host is of an older version.</summary>
    public OlderReport OlderReport { get; }

    /// <summary>Whether there is nothing left to remember about the group.</summary>
    public bool IsIdle => sockets.Count == 0 && !Change.IsPending && !Response.IsRunning;

    public Filter Of(int socket) => sockets.GetValueOrDefault(socket, Filter.None);

    /// <summary>How many sources the sockets in INCLUDE mode would want together with this filter for this socket.</summary>
    public int IncludedWith(int socket, Filter filter) => sockets
        .Where(each => each.Key != socket).Select(each => each.Value).Append(filter)
        .Where(each => each.Mode == FilterMode.Include).SelectMany(each => each.Sources).Distinct().Count();

    /// <summary>Replaces what one socket wants.</summary>
    /// <returns>The interface state before.</returns>
    public Filter Set(int socket, Filter filter)
    {
        if (filter.IsNone)
            sockets.Remove(socket);
        else
            sockets[socket] = filter;
        var before = State;
        State = Filter.Merge(sockets.Values);
        return before;
    }
}

/// <summary>The timer of a group's next State-Change Report (RFC 9776 §5.1).</summary>
internal sealed class Retransmission(HostGroup group) : QueuedTimer
{
    public HostGroup Group { get; } = group;
}
