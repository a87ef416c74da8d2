using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Node;

/// <summary>
/// A router of several interfaces, without I/O: what the daemon runs with sockets and the kernel's clock around it, and a simulated lab
/// with ports and a virtual clock. Not safe for use by several threads at once.
/// </summary>
/// <param name="dialect">IGMP or MLD.</param>
/// <param name="random">Where the random delays of its reports are drawn from: no two routers of a LAN may draw the same.</param>
public sealed class RouterNode(Dialect dialect, Random random)
{
    private readonly List<NodeInterface> interfaces = [];

    /// <summary>The interfaces, in the order in which they were added.</summary>
    public IReadOnlyList<NodeInterface> Interfaces => interfaces;

    /// <summary>
    /// What belongs to no interface, and what was counted on interfaces that are no longer served; each interface has counters of its own.
    /// </summary>
    public RouterCounters Counters { get; } = new(dialect);

    /// <summary>Adds an interface, which is down.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public NodeInterface Add(string name, RouterSettings settings)
    {
        // The lowest number that is free: it is the number of the kernel's VIF too, of which there are few.
        var number = Enumerable.Range(0, interfaces.Count + 1).First(free => interfaces.TrueForAll(each => each.Number != free));
        var added = new NodeInterface(number, name, dialect, settings, random);
        interfaces.Add(added);
        return added;
    }

    /// <summary>Serves an interface no longer. Its counters are kept.</summary>
    public void Remove(NodeInterface removed)
    {
        ArgumentNullException.ThrowIfNull(removed);
        if (interfaces.Remove(removed))
            Counters.Add(removed.Counters);
    }

    /// <summary>The counters of all interfaces, and of those before.</summary>
    public StatisticsState Statistics() => RouterCounters.Sum([Counters, .. interfaces.Select(each => each.Counters)]).ToState();

    /// <summary>The whole state.</summary>
    public RouterState Dump(Instant now) =>
        new() { Interfaces = [.. interfaces.Select(each => each.Dump(now))], Statistics = Statistics() };

    /// <summary>The state without the groups, only their number.</summary>
    public RouterState Summary(Instant now) =>
        new() { Interfaces = [.. interfaces.Select(each => each.Summary(now))], Statistics = Statistics() };
}
