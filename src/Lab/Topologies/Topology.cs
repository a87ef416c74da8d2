using System.Text.Json.Serialization;
using MulticastLab.Packets;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Topologies;

/// <summary>A lab as its folder describes it (Kathará format): nodes wired to LANs.</summary>
public sealed record Topology
{
    /// <summary>The folder's name, or LAB_NAME.</summary>
    public required string Name { get; init; }

    /// <summary>The folder; every path below is inside it.</summary>
    public required string Directory { get; init; }

    /// <summary>The meta lines: LAB_NAME, LAB_DESCRIPTION, LAB_VERSION, LAB_AUTHOR, LAB_EMAIL, LAB_WEB.</summary>
    public IReadOnlyDictionary<string, string> Meta { get; init; } = new Dictionary<string, string>();

    /// <summary>The nodes, in the order of <c>lab.conf</c>.</summary>
    public required IReadOnlyList<Node> Nodes { get; init; }

    /// <summary>The names of the LANs (Kathará's collision domains), in the order of first mention.</summary>
    public required IReadOnlyList<string> Lans { get; init; }

    /// <summary>Every node once, each after those it depends on (<c>lab.dep</c>), otherwise in the order of <c>lab.conf</c>.</summary>
    public IReadOnlyList<Node> StartOrder { get; init; } = [];

    /// <summary>The path of <c>shared/</c>, seen by every node as <c>/shared</c>; null when there is none.</summary>
    public string? SharedDirectory { get; init; }

    /// <summary>The path of <c>shared.startup</c>, run on every node before its own; null when there is none.</summary>
    public string? SharedStartupFile { get; init; }

    /// <summary>The path of <c>shared.shutdown</c>, run on every node after its own; null when there is none.</summary>
    public string? SharedShutdownFile { get; init; }

    /// <summary>What looks like a mistake but does not keep the lab from running, such as an option without effect here.</summary>
    public IReadOnlyList<FileProblem> Warnings { get; init; } = [];
}

/// <summary>One node of a topology.</summary>
public sealed record Node
{
    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is made of, from its <c>image</c> option: router, host, switch, or a plain shell node.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>
    /// The device under test that runs on it, from an <c>image</c> option like <c>device/frr</c>; null when it is made of something else.
    /// </summary>
    public NodeDeviceReference? Device { get; init; }

    /// <summary>Whether it is a router with a state dump to ask for.</summary>
    [JsonIgnore]
    public bool HasRouterState => Kind == NodeKind.Router && Device is not { HasState: false };

    /// <summary>Whether it is a host that this project's host agent runs on.</summary>
    [JsonIgnore]
    public bool HasHostAgent => Kind == NodeKind.Host && Device is null;

    /// <summary>Its interfaces, ascending by number.</summary>
    public required IReadOnlyList<Attachment> Interfaces { get; init; }

    /// <summary>The other options of <c>lab.conf</c>, by name (image, sysctl, env, exec, …), values in order.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Options { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>The path of <c>&lt;node&gt;.startup</c>; null when there is none.</summary>
    public string? StartupFile { get; init; }

    /// <summary>The path of <c>&lt;node&gt;.shutdown</c>; null when there is none.</summary>
    public string? ShutdownFile { get; init; }

    /// <summary>The path of the folder that is laid over the node's root; null when there is none.</summary>
    public string? OverlayDirectory { get; init; }

    /// <summary>The names of the nodes that <c>lab.dep</c> asks to be started first, in its order.</summary>
    public IReadOnlyList<string> StartsAfter { get; init; } = [];
}

/// <summary>The device under test that a node is made of.</summary>
/// <param name="Folder">The device's folder, as an absolute path.</param>
/// <param name="HasState">Whether it can be asked for its state.</param>
/// <param name="File">The file that says so.</param>
/// <param name="Line">The line there.</param>
/// <param name="Column">The column there.</param>
public sealed record NodeDeviceReference(string Folder, bool HasState, string File, int Line, int Column);

/// <summary>One interface of a node on one LAN.</summary>
/// <param name="Interface">The interface's name in the node: eth0, eth1, ….</param>
/// <param name="Lan">The LAN it is attached to.</param>
/// <param name="Mac">Its MAC address: as given in <c>lab.conf</c>, or derived from the lab, node and interface names.</param>
public sealed record Attachment(string Interface, string Lan, MacAddress Mac);

/// <summary>What a node is on its LANs: made of this project's programs, unless it has a <see cref="Node.Device"/>.</summary>
public enum NodeKind
{
    /// <summary>A shell and nothing else: third-party routers, sources.</summary>
    Plain,

    /// <summary>A multicast router.</summary>
    Router,

    /// <summary>A host.</summary>
    Host,

    /// <summary>Its interfaces are joined by a bridge of its own.</summary>
    Switch,
}
