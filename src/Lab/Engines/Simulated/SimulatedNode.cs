using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A node: ports, and whatever its startup file has started on them.</summary>
internal sealed class SimulatedNode(Node description, NodeClock clock)
{
    private readonly List<SimulatedPort> ports = [];
    private readonly List<string> log = [];

    public Node Description => description;

    public string Name => description.Name;

    public NodeClock Clock => clock;

    public IReadOnlyList<SimulatedPort> Ports => ports;

    public Dictionary<string, SimulatedBridge> Bridges { get; } = [];

    /// <summary>The router daemon, while one runs.</summary>
    public SimulatedRouter? Router { get; set; }

    /// <summary>The host agent, while one runs.</summary>
    public SimulatedHost? Host { get; set; }

    public IReadOnlyList<string> Log => log;

    public void Attach(SimulatedPort port) => ports.Add(port);

    public SimulatedPort? Port(string interfaceName) => ports.Find(each => each.Name == interfaceName);

    public void Write(string line) => log.Add(line);

    public void Receive(SimulatedPort port, ReadOnlyMemory<byte> frame)
    {
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

    /// <summary>Ends the daemons without a word; links, addresses and bridges are the kernel's and stay.</summary>
    public void Kill()
    {
        Router?.End();
        Host?.End();
        Router = null;
        Host = null;
    }
}
