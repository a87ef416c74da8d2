using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>An interface of a node, attached to a LAN.</summary>
internal sealed class SimulatedPort(SimulatedNode node, Attachment attachment, SimulatedLan lan)
{
    /// <summary>How long the packets of all interfaces of this world may be, in bytes.</summary>
    public const int Mtu = 1500;

    private readonly List<Prefix> addresses = [];

    public SimulatedNode Node => node;

    public string Name => attachment.Interface;

    public MacAddress Mac => attachment.Mac;

    public SimulatedLan Lan => lan;

    public Impairment Impairment { get; set; } = Impairment.None;

    public bool Up { get; private set; } = true;

    /// <summary>The interface's first address, which speaks for it; null while it has none.</summary>
    public Address? Address => addresses is [var first, ..] ? first.Address : null;

    /// <summary>All addresses of the interface, in the order in which it was given them, each with the length of its subnet's prefix.</summary>
    public IReadOnlyList<Prefix> Addresses => addresses;

    /// <summary>The bridge that the interface is a port of.</summary>
    public SimulatedBridge? Bridge { get; set; }

    /// <summary>Adds an address; one that is there already stays as it is.</summary>
    public void AddAddress(Prefix address)
    {
        if (addresses.Contains(address))
            return;
        addresses.Add(address);
        node.Router?.LinkChanged(this);
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
