using System.Text;

namespace MulticastLab.Lab.Topologies;

/// <summary>Draws a topology: nodes and LANs, an edge for each interface.</summary>
public static class TopologyDrawing
{
    /// <summary>A Mermaid flowchart, as GitHub renders it in a page.</summary>
    public static string Mermaid(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var text = new StringBuilder("graph LR\n");
        foreach (var lan in topology.Lans)
            text.Append($"  {LanId(topology, lan)}(((\"LAN {lan}\")))\n");
        foreach (var node in topology.Nodes)
            text.Append($"  {NodeId(topology, node)}{Box(node.Kind, $"{node.Name}<br/>{KindName(node.Kind)}")}\n");
        foreach (var (node, each) in Edges(topology))
            text.Append($"  {NodeId(topology, node)} ---|\"{EdgeLabel(node, each)}\"| {LanId(topology, each.Lan)}\n");
        return text.ToString();
    }

    /// <summary>A graph in the language of Graphviz.</summary>
    public static string Dot(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var text = new StringBuilder($"graph \"{Quoted(topology.Name)}\" {{\n  layout=neato; overlap=false; splines=true;\n");
        foreach (var lan in topology.Lans)
            text.Append($"  {LanId(topology, lan)} [label=\"LAN {Quoted(lan)}\" shape=ellipse style=filled fillcolor=lightgrey];\n");
        foreach (var node in topology.Nodes)
            text.Append($"  {NodeId(topology, node)} [label=\"{Quoted(node.Name)}\\n{KindName(node.Kind)}\" shape={Shape(node.Kind)}];\n");
        foreach (var (node, each) in Edges(topology))
            text.Append(
                $"  {NodeId(topology, node)} -- {LanId(topology, each.Lan)} [label=\"{Quoted(EdgeLabel(node, each))}\" fontsize=10];\n");
        return text.Append("}\n").ToString();
    }

    /// <summary>A list of LANs and who is on them.</summary>
    public static string Text(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var text = new StringBuilder($"{topology.Name}\n");
        var edges = Edges(topology).ToList();
        var width = edges.Select(edge => edge.Node.Name.Length).Append(0).Max();
        foreach (var lan in topology.Lans)
        {
            var members = edges.Where(edge => edge.Attachment.Lan == lan).ToList();
            text.Append($"|\n+-- LAN {lan}\n");
            foreach (var (node, each) in members)
            {
                var line =
                    $"|   +-- {node.Name.PadRight(width)}  {each.Interface}  {KindName(node.Kind), -6}  "
                        + $"{StartupAddresses.Of(node, each.Interface)}";
                text.Append(line.TrimEnd()).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The kind of a node as the user reads it.</summary>
    public static string KindName(NodeKind kind) => kind switch
    {
        NodeKind.Router => "router",
        NodeKind.Host => "host",
        NodeKind.Switch => "switch",
        NodeKind.Plain => "plain",
    };

    private static IEnumerable<(Node Node, Attachment Attachment)> Edges(Topology topology) =>
        topology.Nodes.SelectMany(node => node.Interfaces.Select(each => (node, each)));

    private static string EdgeLabel(Node node, Attachment each) =>
        StartupAddresses.Of(node, each.Interface) is { } address ? $"{each.Interface} {address}" : each.Interface;

    // Names may hold characters that the languages do not take in identifiers, and may clash with their keywords.
    private static string NodeId(Topology topology, Node node) => $"n{topology.Nodes.ToList().IndexOf(node)}";

    private static string LanId(Topology topology, string lan) => $"lan{topology.Lans.ToList().IndexOf(lan)}";

    private static string Quoted(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Box(NodeKind kind, string label) => kind switch
    {
        NodeKind.Router => $"{{{{\"{label}\"}}}}",
        NodeKind.Switch => $"[[\"{label}\"]]",
        NodeKind.Host => $"(\"{label}\")",
        NodeKind.Plain => $"[\"{label}\"]",
    };

    private static string Shape(NodeKind kind) => kind switch
    {
        NodeKind.Router => "hexagon",
        NodeKind.Switch => "box3d",
        NodeKind.Host => "oval",
        NodeKind.Plain => "box",
    };
}
