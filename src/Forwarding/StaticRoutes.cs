using MulticastLab.Packets;

namespace MulticastLab.Forwarding;

/// <summary>
/// Static routes as a contribution: packets that one covers are accepted on its interface and go where it says. The most specific route
/// wins: by the length of the group's prefix, then of the source's.
/// </summary>
/// <param name="interfaces">The interfaces that routes name.</param>
public sealed class StaticRoutes(ForwardingInterfaces interfaces) : IForwardingContribution
{
    // One for each pair of prefix lengths in use, of which there are few, the most specific first.
    private readonly List<RoutesOfLengths> lengths = [];

    /// <inheritdoc/>
    public event Action<ForwardingChange>? Changed;

    /// <summary>All of them, the most specific first.</summary>
    public IReadOnlyList<StaticRoute> All { get; private set; } = [];

    /// <summary>Makes these the routes.</summary>
    /// <param name="routes">The routes, no two of them for the same sources and groups.</param>
    public void Set(IEnumerable<StaticRoute> routes)
    {
        StaticRoute[] wanted = [.. routes.OrderByDescending(each => each.Groups.Length).ThenByDescending(each => each.Sources.Length)];
        if (wanted.SequenceEqual(All))
            return;
        All = wanted;
        lengths.Clear();
        foreach (var each in wanted)
        {
            if (lengths is [] || lengths[^1].GroupLength != each.Groups.Length || lengths[^1].SourceLength != each.Sources.Length)
                lengths.Add(new RoutesOfLengths(each.Groups.Length, each.Sources.Length));
            lengths[^1].Add(each);
        }

        Changed?.Invoke(ForwardingChange.Everything);
    }

    /// <summary>The most specific route for packets of this source to this group; null when there is none.</summary>
    public StaticRoute? Find(Address source, Address group)
    {
        foreach (var each in lengths)
        {
            if (each.Find(source, group) is { } route)
                return route;
        }

        return null;
    }

    /// <inheritdoc/>
    public int? Incoming(Address source, Address group, int arrival) =>
        Find(source, group) is { } route ? interfaces.Named(route.From) : null;

    /// <inheritdoc/>
    public void AddOutgoing(Address source, Address group, ref OutgoingBuilder outgoing)
    {
        if (Find(source, group) is not { } route)
            return;
        foreach (var (name, threshold) in route.To)
            outgoing.Add(interfaces.Named(name), threshold);
    }

    /// <summary>The routes with prefixes of these lengths.</summary>
    private sealed class RoutesOfLengths(int groupLength, int sourceLength)
    {
        private readonly Dictionary<(Address Source, Address Group), StaticRoute> routes = [];

        public int GroupLength => groupLength;

        public int SourceLength => sourceLength;

        public void Add(StaticRoute route) =>
            routes.TryAdd((route.Sources.Address.Network(sourceLength), route.Groups.Address.Network(groupLength)), route);

        public StaticRoute? Find(Address source, Address group) =>
            routes.GetValueOrDefault((source.Network(sourceLength), group.Network(groupLength)));
    }
}
