using System.Globalization;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Links;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>Where a node's interface enters a LAN.</summary>
/// <param name="Index">The interface index of the port in the fabric.</param>
/// <param name="Lan">The LAN.</param>
/// <param name="Node">The node, or <see cref="LabFrame.Tester"/>.</param>
/// <param name="Interface">The node's interface.</param>
/// <param name="Mac">The node's Ethernet address.</param>
internal sealed record FabricPort(int Index, string Lan, string Node, string Interface, MacAddress Mac);

/// <summary>The LANs of a lab: a bridge each, in a network namespace of their own, and a pair of virtual interfaces to each node.</summary>
internal static class Fabric
{
    /// <summary>Its name in messages.</summary>
    internal const string Name = "fabric";

    /// <summary>The interface index of the first port; bridges have lower ones.</summary>
    internal const int FirstPort = 0x10000;

    /// <summary>The interface index of the tester's port on the first LAN.</summary>
    private const int FirstTesterPort = 0x2_0000;

    private const int FirstBridge = 0x100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The ports of a topology, in the order of their indexes.</summary>
    internal static IReadOnlyList<FabricPort> PortsOf(Topology topology) =>
        [.. topology.Nodes.SelectMany(node => node.Interfaces.Select(each => (node, each)))
            .Select((pair, i) => new FabricPort(FirstPort + i, pair.each.Lan, pair.node.Name, pair.each.Interface, pair.each.Mac))];

    /// <summary>The port that an interface index of <see cref="FirstPort"/> or above is.</summary>
    internal static FabricPort PortOf(IReadOnlyList<FabricPort> ports, Topology topology, int index) => index < FirstTesterPort
        ? ports[index - FirstPort]
        : TesterPortOf(topology.Lans[index - FirstTesterPort], index);

    /// <summary>
    /// Makes the tester's port on a LAN, where it is not there yet: a pair of virtual interfaces with both ends in the fabric.
    /// </summary>
    /// <returns>The name of the end to send at.</returns>
    internal static string AddTesterPort(NodeHolder fabric, Topology topology, string lan)
    {
        var number = topology.Lans.Index().First(each => each.Item == lan).Index;
        var port = TesterPortOf(lan, FirstTesterPort + number);
        var end = Number("tester", number);
        // Another process that works on the lab may have made it.
        if (fabric.Links.Links().All(link => link.Index != port.Index))
        {
            fabric.Links.Execute(
            [
                new AddVethPair(port.Index, Number("t", number), FirstBridge + number, end, port.Mac, fabric.Network),
                new SetLinkUp(end, Up: true),
            ]);
        }

        WaitUntilOperational(fabric, links => links.Any(link => link.Index == port.Index && link.IsOperational));
        return end;
    }

    /// <summary>Makes the bridges.</summary>
    internal static void AddBridges(NodeHolder fabric, Topology topology) =>
        fabric.Links.Execute([.. topology.Lans.Select((lan, i) => new AddBridge(FirstBridge + i, NameOf(lan, i)))]);

    /// <summary>Wires the nodes; returns when every link carries frames.</summary>
    internal static void Wire(NodeHolder fabric, IReadOnlyList<NodeHolder> nodes, Topology topology)
    {
        var bridges = topology.Lans.Select((lan, i) => (lan, Index: FirstBridge + i)).ToDictionary(each => each.lan, each => each.Index);
        var byName = nodes.ToDictionary(each => each.Name);
        var ports = PortsOf(topology);
        fabric.Links.Execute([.. ports.Select(port =>
            new AddVethPair(port.Index, NameOf(port), bridges[port.Lan], port.Interface, port.Mac, byName[port.Node].Network))]);
        foreach (var node in ports.GroupBy(port => byName[port.Node]))
        {
            foreach (var port in node)
                node.Key.Links.ComputeChecksumsInSoftware(port.Interface);
            node.Key.Links.Execute([.. node.Select(port => new SetLinkUp(port.Interface, Up: true))]);
        }

        WaitUntilOperational(fabric, links => ports.All(port => links.Any(link => link.Index == port.Index && link.IsOperational)));
        foreach (var node in nodes)
            WaitUntilOperational(node, links => links.All(link => link.IsOperational || link.Name == "lo"));
    }

    /// <summary>Until the kernel has found the carrier (some microseconds after a link is set up) it drops what is sent.</summary>
    private static void WaitUntilOperational(NodeHolder holder, Func<IReadOnlyList<Link>, bool> condition)
    {
        while (!condition(holder.Links.Links()))
        {
            if (!holder.Links.WaitForLinkChange(Patience))
                throw new LabSetupException($"{holder.Name}: not all links have come up within {Patience.TotalSeconds:0} s.");
        }
    }

    // The frames that the tester sends bring their own addresses; this one belongs to nobody.
    private static FabricPort TesterPortOf(string lan, int index) =>
        new(index, lan, LabFrame.Tester, lan, new MacAddress(0x0200_0000_0000UL | (uint)index));

    private static string NameOf(FabricPort port) =>
        $"{port.Node}.{port.Interface}" is { Length: <= LinkRequest.LongestName } name ? name : Number("p", port.Index - FirstPort);

    // A LAN may have any name; a bridge may not. Letters and digits are safe, and the number distinguishes two that are truncated alike.
    private static string NameOf(string lan, int index) =>
        lan.Length <= LinkRequest.LongestName - 4 && lan.All(char.IsAsciiLetterOrDigit) ? "lan-" + lan : Number("lan.", index);

    private static string Number(string prefix, int number) => prefix + number.ToString(CultureInfo.InvariantCulture);
}
