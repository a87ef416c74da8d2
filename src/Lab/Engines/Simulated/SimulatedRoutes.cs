using MulticastLab.Forwarding;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// The unicast routes of a node: the subnets of its interfaces, and what its startup file adds. No unicast packet uses them; they give a
/// router the reverse paths of sources.
/// </summary>
internal sealed class SimulatedRoutes(IReadOnlyList<SimulatedPort> ports) : IReversePathLookup
{
    private readonly Dictionary<Prefix, SimulatedPort> routes = [];

    /// <summary>The system's index of a port: 1, 2 … in the order of the topology.</summary>
    public int IndexOf(SimulatedPort port)
    {
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i] == port)
                return i + 1;
        }

        throw new ArgumentException($"{port.Name} is of another node.", nameof(port));
    }

    /// <summary>Adds a route.</summary>
    /// <param name="destination">Where it leads.</param>
    /// <param name="port">The interface by which.</param>
    /// <param name="replace">Whether it takes the place of one to the same destination.</param>
    /// <returns>False when there is one already that is to be kept.</returns>
    public bool Add(Prefix destination, SimulatedPort port, bool replace)
    {
        var network = destination.Normalized;
        if (!replace && routes.ContainsKey(network))
            return false;
        routes[network] = port;
        return true;
    }

    /// <summary>The interface on whose subnet the address is; null when it is on none that is up.</summary>
    public SimulatedPort? ConnectedTo(Address address) => Best(address, Connected());

    /// <inheritdoc/>
    public ReversePath Find(Address source)
    {
        if (ports.Any(port => port.Addresses.Any(each => each.Address == source)))
            return new ReversePath(ReversePathKind.Own);
        return Best(source, Connected().Concat(routes.Select(each => (each.Key, each.Value)))) is { } port
            ? new ReversePath(ReversePathKind.Route, IndexOf(port))
            : default;
    }

    // The longest prefix; of two equal ones an interface's own subnet, which comes first.
    private static SimulatedPort? Best(Address address, IEnumerable<(Prefix To, SimulatedPort Port)> candidates) =>
        candidates.Where(each => each.Port.Up && each.To.Contains(address))
            .OrderByDescending(each => each.To.Length).Select(each => each.Port).FirstOrDefault();

    private IEnumerable<(Prefix To, SimulatedPort Port)> Connected() =>
        ports.SelectMany(port => port.Addresses.Select(each => (each, port)));
}
