using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// A learning bridge: frames for a known station go to its port, those for groups where <paramref name="snooping"/> says, all others
/// everywhere.
/// </summary>
/// <param name="snooping">What it learns of groups; null where it does not snoop.</param>
/// <remarks>Stations do not age: a simulated one never moves.</remarks>
internal sealed class SimulatedBridge(BridgeSnooping? snooping)
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

        var goesTo = destination.IsMulticast ? snooping?.Take(from, frame.Span) : null;
        foreach (var port in ports)
        {
            if (port != from && goesTo?.Invoke(port) != false)
                port.Send(frame);
        }
    }
}
