using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>
/// Decides on which interface packets of a source to a group are accepted, and where they go out. It knows static routes and reverse paths
/// itself; who else wants packets contributes (<see cref="IForwardingContribution"/>). No I/O: the kernel's forwarding and a simulated
/// router's rest on it alike.
/// </summary>
/// <remarks>
/// Whoever keeps its answers recomputes them when <see cref="Changed"/> says so, when an interface comes up or goes down
/// (<see cref="Interfaces"/>), when a unicast route changes, and all of them when <see cref="Configure"/> has made a difference.
/// </remarks>
public sealed class ForwardingDecision
{
    private readonly IForwardingContribution[] contributions;
    private readonly ReversePaths reversePaths;
    private ForwardingOptions options = new();

    /// <summary>A decision without static routes and overrides.</summary>
    /// <param name="interfaces">The interfaces between which packets are forwarded.</param>
    /// <param name="unicast">The unicast routes, for reverse paths.</param>
    /// <param name="contributions">Who has a say besides the static routes. Of two that name an incoming interface, the first wins.</param>
    public ForwardingDecision(
        ForwardingInterfaces interfaces, IReversePathLookup unicast, params ReadOnlySpan<IForwardingContribution> contributions)
    {
        Interfaces = interfaces;
        StaticRoutes = new StaticRoutes(interfaces);
        reversePaths = new ReversePaths(unicast);
        this.contributions = [StaticRoutes, .. contributions];
    }

    /// <summary>Raised when the decision about these packets may have changed, because a contribution has.</summary>
    public event Action<ForwardingChange> Changed
    {
        add
        {
            foreach (var each in contributions)
                each.Changed += value;
        }

        remove
        {
            foreach (var each in contributions)
                each.Changed -= value;
        }
    }

    /// <summary>The interfaces between which packets are forwarded.</summary>
    public ForwardingInterfaces Interfaces { get; }

    /// <summary>The static routes.</summary>
    public StaticRoutes StaticRoutes { get; }

    /// <summary>The overrides of reverse paths, the longest prefix first.</summary>
    public IReadOnlyList<ReversePathOverride> ReversePaths => reversePaths.Overrides;

    /// <summary>Makes these the static routes, overrides and thresholds.</summary>
    /// <returns>Whether anything has changed: then every decision, and every reverse path, has to be recomputed.</returns>
    public bool Configure(ForwardingOptions wanted)
    {
        if (wanted == options)
            return false;
        options = wanted;
        reversePaths.Override(wanted.ReversePaths);
        Interfaces.SetThresholds(wanted.TtlThresholds);
        StaticRoutes.Set(wanted.StaticRoutes);
        return true;
    }

    /// <summary>The current reverse path to a source: by an override, else by the unicast routes.</summary>
    public ReversePath ReversePath(Address source) => reversePaths.Find(source);

    /// <summary>The decision on packets of a source to a group.</summary>
    /// <param name="source">The source.</param>
    /// <param name="group">The group.</param>
    /// <param name="arrival">The number of the interface where a packet came in.</param>
    public ForwardingPath Of(Address source, Address group, int arrival) => Of(source, group, arrival, ReversePath(source));

    /// <summary>
    /// The same with a reverse path that is already known. Packets are accepted on the interface that a contribution names, otherwise on
    /// the one on the reverse path to the source, and on no other: what comes in elsewhere has looped, or has a spoofed address.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="group">The group.</param>
    /// <param name="arrival">The number of the interface where a packet came in.</param>
    /// <param name="path">The reverse path to the source.</param>
    public ForwardingPath Of(Address source, Address group, int arrival, in ReversePath path)
    {
        var incoming = Incoming(source, group, arrival, path);
        if (incoming == ForwardingInterfaces.None)
            return ForwardingPath.Nowhere;
        var outgoing = new OutgoingBuilder(Interfaces, incoming);
        foreach (var each in contributions)
            each.AddOutgoing(source, group, ref outgoing);
        return new ForwardingPath(incoming, outgoing.Outgoing);
    }

    private int Incoming(Address source, Address group, int arrival, in ReversePath path)
    {
        foreach (var each in contributions)
        {
            if (each.Incoming(source, group, arrival) is { } named)
                return named;
        }

        return path.Kind switch
        {
            ReversePathKind.None => ForwardingInterfaces.None,
            ReversePathKind.Own => Interfaces.IsUp(arrival) ? arrival : ForwardingInterfaces.None,
            ReversePathKind.Route => Interfaces.OfIndex(path.InterfaceIndex),
            ReversePathKind.Override => Interfaces.Named(path.InterfaceName!),
        };
    }
}
