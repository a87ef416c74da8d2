using MulticastLab.Lab.Topologies;
using MulticastLab.Packets.Text;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A node: ports, and whatever its startup file has started on them.</summary>
internal sealed class SimulatedNode(Node description, NodeClock clock, string? sharedDirectory)
{
    private readonly List<SimulatedPort> ports = [];
    private readonly List<string> log = [];

    public Node Description => description;

    public string Name => description.Name;

    public NodeClock Clock => clock;

    public IReadOnlyList<SimulatedPort> Ports => ports;

    public Dictionary<string, SimulatedBridge> Bridges { get; } = [];

    /// <summary>The unicast routes.</summary>
    public SimulatedRoutes Routes => field ??= new SimulatedRoutes(ports);

    /// <summary>The router daemon, while one runs.</summary>
    public SimulatedRouter? Router { get; set; }

    /// <summary>The host agent, while one runs.</summary>
    public SimulatedHost? Host { get; set; }

    /// <summary>A program of another kind, while one runs.</summary>
    public SimulatedMachine? Machine { get; set; }

    public IReadOnlyList<string> Log => log;

    public void Attach(SimulatedPort port) => ports.Add(port);

    public SimulatedPort? Port(string interfaceName) => ports.Find(each => each.Name == interfaceName);

    /// <summary>The port that a word names.</summary>
    /// <exception cref="InvalidFileException">The node has none of that name.</exception>
    public SimulatedPort RequirePort(StartupWord word) =>
        Port(word.Text)
            ?? throw word.Unknown($"an interface '{word.Text}' of {Name}: it has {string.Join(", ", ports.Select(port => port.Name))}");

    /// <summary>
    /// The lab's file that the node sees at a path: one that is laid over its root, or one that all nodes share. Null when there is none.
    /// </summary>
    public string? FileOf(string path)
    {
        var absolute = Path.GetFullPath(path, "/");
        (string? Folder, string Inside)[] places =
        [
            (description.OverlayDirectory, absolute[1..]),
            (sharedDirectory, Path.GetRelativePath("/shared", absolute)),
        ];
        return places.Where(each => each.Folder is not null && !each.Inside.StartsWith("..", StringComparison.Ordinal))
            .Select(each => Path.Combine(each.Folder!, each.Inside)).FirstOrDefault(File.Exists);
    }

    public void Write(string line) => log.Add(line);

    public void Receive(SimulatedPort port, ReadOnlyMemory<byte> frame)
    {
        Machine?.Receive(port, frame);
        var destination = MacAddress.Read(frame.Span);
        // No interface here is promiscuous; the group filter is left to the layers above, as it is in most network cards.
        if (!destination.IsMulticast && destination != port.Mac)
            return;
        Router?.Receive(port, frame);
        Host?.Receive(port, frame);
    }

    public void LinkChanged(SimulatedPort port)
    {
        Router?.LinkChanged(port);
        Host?.LinkChanged(port);
    }

    /// <summary>Ends the daemons without notice; links, addresses and bridges are the kernel's and stay.</summary>
    public void Kill()
    {
        Router?.End();
        Host?.End();
        Machine?.End();
        Router = null;
        Host = null;
        Machine = null;
    }
}
