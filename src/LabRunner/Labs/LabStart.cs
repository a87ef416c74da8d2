using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.LabRunner.Labs;

/// <summary>Starts the nodes of a lab side by side, each as soon as those that it depends on are ready.</summary>
internal static class LabStart
{
    /// <summary>Returns when all are ready.</summary>
    public static async Task StartAll(IRunningLab lab, CancellationToken cancellation)
    {
        var started = new Dictionary<string, Task>();
        foreach (var node in InOrder(lab.Topology))
        {
            var before = Before(lab.Topology, node).Select(name => started[name]).ToList();
            started.Add(node.Name, Start(node.Name, before));
        }

        await Task.WhenAll(started.Values).ConfigureAwait(false);

        async Task Start(string node, IReadOnlyList<Task> before)
        {
            await Task.WhenAll(before).ConfigureAwait(false);
            await lab.Start(node, cancellation).ConfigureAwait(false);
        }
    }

    // The router with the lowest address wins every election. When it is the last to start, all others hear its first General Query and
    // the election is over at once; otherwise it would be after a start-up query interval, 31 s by default (RFC 9776 §8.6).
    private static IEnumerable<Node> InOrder(Topology topology)
    {
        var order = (topology.StartOrder.Count > 0 ? topology.StartOrder : topology.Nodes).OrderBy(node => IsFirst(node) ? 0 : 1);
        return Last(topology) is { } last ? order.Where(node => node != last).Append(last) : order;
    }

    private static IEnumerable<string> Before(Topology topology, Node node)
    {
        var others = topology.Nodes.Where(each => each != node).ToList();
        return IsFirst(node) ? [] : node.StartsAfter
            .Union(others.Where(IsFirst).Select(each => each.Name))
            .Union(others.Where(each => node == Last(topology) && each.Kind == NodeKind.Router).Select(each => each.Name));
    }

    // Until a switch has started, its ports are LANs of their own: a query of then never reaches the routers behind it.
    private static bool IsFirst(Node node) => node is { Kind: NodeKind.Switch, StartsAfter.Count: 0 };

    private static Node? Last(Topology topology)
    {
        var lowest = topology.Nodes.Where(node => node.Kind == NodeKind.Router).MinBy(LowestAddress);
        // Unless the topology defines the order itself.
        return lowest is not null && topology.Nodes.Any(node => node.StartsAfter.Contains(lowest.Name)) ? null : lowest;
    }

    private static Address LowestAddress(Node node) =>
        node.Interfaces.Select(each => StartupAddresses.Of(node, each.Interface)?.Split('/')[0])
            .Select(text => Address.TryParse(text, out var address) ? address : (Address?)null).Min() ?? Address.Parse("255.255.255.255");
}
