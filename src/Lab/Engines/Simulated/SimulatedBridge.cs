using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A learning bridge without snooping: frames for a known station go to its port, all others everywhere.</summary>
/// <remarks>Entries do not age: a simulated station never moves.</remarks>
internal sealed class SimulatedBridge
{
    private readonly List<SimulatedPort> ports = [];
    private readonly Dictionary<MacAddress, SimulatedPort> stations = [];

    public bool Up { get; set; }

    public void Add(SimulatedPort port)
    {
        if (port.Bridge == this)
            return;
        port.Bridge = this;
        ports.Add(port);
    }

    public void Receive(SimulatedPort from, ReadOnlyMemory<byte> frame)
    {
        if (!Up)
            return;
        var destination = MacAddress.Read(frame.Span);
        stations[MacAddress.Read(frame.Span[6..])] = from;
        if (!destination.IsMulticast && stations.TryGetValue(destination, out var known))
        {
            if (known != from)
                known.Send(frame);
            return;
        }

        foreach (var port in ports)
        {
            if (port != from)
                port.Send(frame);
        }
    }
}
