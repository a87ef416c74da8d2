using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>An interface of a node, attached to a LAN.</summary>
internal sealed class SimulatedPort(SimulatedNode node, Attachment attachment, SimulatedLan lan)
{
    private readonly List<InterfaceAddress> addresses = [];

    public SimulatedNode Node => node;

    public string Name => attachment.Interface;

    public MacAddress Mac => attachment.Mac;

    public SimulatedLan Lan => lan;

    public Impairment Impairment { get; set; } = Impairment.None;

    public bool Up { get; private set; } = true;

    /// <summary>The interface's addresses, in the order in which it was given them.</summary>
    public IReadOnlyList<InterfaceAddress> Addresses => addresses;

    /// <summary>The interface's first address; null while it has none.</summary>
    public Address? Address => addresses is [var first, ..] ? first.Address : null;

    /// <summary>The bridge that the interface is a port of.</summary>
    public SimulatedBridge? Bridge { get; set; }

    public void AddAddress(InterfaceAddress address)
    {
        if (!addresses.Contains(address))
            addresses.Add(address);
    }

    public void SetUp(bool up)
    {
        if (Up == up)
            return;
        Up = up;
        node.LinkChanged(this);
    }

    public void Send(ReadOnlyMemory<byte> frame)
    {
        if (Up)
            lan.Transmit(this, frame);
    }

    public void Receive(ReadOnlyMemory<byte> frame)
    {
        if (!Up)
            return;
        if (Bridge is { } bridge)
            bridge.Receive(this, frame);
        else
            node.Receive(this, frame);
    }
}
