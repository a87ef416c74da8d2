using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>The interfaces between which is forwarded, by the numbers of their VIFs.</summary>
internal interface IForwardingVifs
{
    /// <summary>No VIF.</summary>
    const int None = -1;

    /// <summary>Whether the VIF is there.</summary>
    bool IsUp(int vif);

    /// <summary>The VIF of an interface by its name; <see cref="None"/> while it is down.</summary>
    int Named(string name);

    /// <summary>The VIF of an interface by its index; <see cref="None"/> when the router does not serve it now.</summary>
    int OfInterface(int index);

    /// <summary>Where members are who want packets of the source to the group, other than where these come in (RFC 9776 §6.3).</summary>
    VifThresholds WithMembers(Address source, Address group, int incoming);
}

/// <summary>Says where packets of a source and group come in, and where they go out. No I/O.</summary>
internal static class ForwardingDecision
{
    /// <summary>
    /// Packets are taken from the interface of the static route, otherwise from the one on the way back to the source, and from no other:
    /// what comes in elsewhere has gone in a circle, or bears a false address. They go out where members are, and where the route says.
    /// </summary>
    /// <param name="path">The way back to the source.</param>
    /// <param name="route">The static route that covers the packets; null when none does.</param>
    /// <param name="source">The source.</param>
    /// <param name="group">The group.</param>
    /// <param name="arrival">The VIF where a packet came in.</param>
    /// <param name="vifs">The interfaces.</param>
    /// <returns>The VIF where they are taken, <see cref="IForwardingVifs.None"/> for none; and where they go out.</returns>
    public static (int Incoming, VifThresholds Outgoing) Of(
        in ReversePath path, StaticRoute? route, Address source, Address group, int arrival, IForwardingVifs vifs)
    {
        var incoming = route is null ? Incoming(path, arrival, vifs) : vifs.Named(route.From);
        if (incoming == IForwardingVifs.None)
            return (incoming, VifThresholds.None);
        var outgoing = vifs.WithMembers(source, group, incoming);
        if (route is null)
            return (incoming, outgoing);
        foreach (var (name, threshold) in route.To)
        {
            var vif = vifs.Named(name);
            // A member there may have a lower threshold.
            if (vif != IForwardingVifs.None && vif != incoming)
                outgoing[vif] = outgoing.Contains(vif) ? Math.Min(outgoing[vif], threshold) : threshold;
        }

        return (incoming, outgoing);
    }

    private static int Incoming(in ReversePath path, int arrival, IForwardingVifs vifs) => path.Kind switch
    {
        ReversePathKind.None => IForwardingVifs.None,
        ReversePathKind.Own => vifs.IsUp(arrival) ? arrival : IForwardingVifs.None,
        ReversePathKind.Route => vifs.OfInterface(path.InterfaceIndex),
        ReversePathKind.Override => vifs.Named(path.InterfaceName!),
    };
}
