using System.Collections.Concurrent;
using System.Globalization;
using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>Topologies of plans. Startup files are shared: there are few different ones among thousands of labs.</summary>
internal sealed class StartupFiles : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("multicast-lab-robustness-").FullName;
    private readonly ConcurrentDictionary<string, string> paths = new();

    public Topology Topology(LabPlan plan) => new()
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"seed-{plan.Seed}"),
        Directory = folder,
        Lans = [.. plan.Lans.Select(each => each.Name)],
        Nodes = [.. plan.Nodes.Select((node, index) => Node(plan, node, index + 1)), Source(plan)],
    };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private Node Node(LabPlan plan, NodePlan node, int number) => new()
    {
        Name = node.Name,
        Kind = node.IsRouter ? NodeKind.Router : NodeKind.Host,
        Interfaces = [.. node.Ports.Select((port, index) => new Attachment($"eth{index}", plan.Lans[port.Lan].Name, Mac(number, index)))],
        StartupFile = paths.GetOrAdd(Startup(node), Write),
    };

    // It sends the streams, from whatever address it is told.
    private static Node Source(LabPlan plan) => new()
    {
        Name = DataPlane.Node,
        Kind = NodeKind.Plain,
        Interfaces = [new Attachment("eth0", plan.Lans[0].Name, Mac(255, 0))],
    };

    private static MacAddress Mac(int node, int port) => new(0x0200_0000_0000 + (ulong)((node << 8) | port));

    private static string Startup(NodePlan node)
    {
        var addresses = node.Ports.Select(
            (port, index) => $"ip address replace {node.AddressOn(port.Lan)}/24 dev eth{index}\nip link set eth{index} up\n");
        // The streams come from the first LAN, from addresses of other networks: the reverse path of a router that is there leads over its
        // first interface.
        var daemon = node.IsRouter
            ? "ip route replace 192.0.2.0/24 dev eth0\nip route replace 198.51.100.0/24 dev eth0\n"
                + $"router run {string.Join(' ', node.Ports.Select((_, index) => $"--interface eth{index}"))} --forward --igmp-version "
                + $"{node.Version} $ROUTER_OPTIONS &\n"
            : $"hostagent run --interface eth0 --igmp-version {node.Version} $HOSTAGENT_OPTIONS &\n";
        return string.Concat(addresses) + daemon;
    }

    private string Write(string content)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.startup");
        File.WriteAllText(path, content);
        return path;
    }
}
