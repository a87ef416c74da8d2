using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>An interface of a node, attached to a LAN.</summary>
internal sealed class SimulatedPort(SimulatedNode node, Attachment attachment, SimulatedLan lan)
{
    /// <summary>The MTU of all interfaces in this world, in bytes.</summary>
    public const int Mtu = 1500;

    private readonly List<(Prefix Address, Prefix? Peer)> addresses = [];

    public SimulatedNode Node => node;

    public string Name => attachment.Interface;

    public MacAddress Mac => attachment.Mac;

    public SimulatedLan Lan => lan;

    public Impairment Impairment { get; set; } = Impairment.None;

    /// <summary>What becomes of the frames of its node; null where everything stays as it is.</summary>
    public FrameChange? Change { get; set; }

    public bool Up { get; private set; } = true;

    /// <summary>The interface's first address, its primary one; null while it has none.</summary>
    public Address? Address => addresses is [var first, ..] ? first.Address.Address : null;

    /// <summary>
    /// All addresses of the interface, in the order in which it was given them, each with the length of its subnet's prefix.
    /// </summary>
    public IReadOnlyList<Prefix> Addresses => [.. addresses.Select(each => each.Address)];

    /// <summary>
    /// The on-link prefixes: the subnets of the addresses; for point-to-point addresses, both ends.
    /// </summary>
    public IReadOnlyList<Prefix> Subnets =>
        [.. addresses.SelectMany(each => each.Peer is { } peer ? [each.Address, peer.Normalized] : new[] { each.Address.Normalized })];

    /// <summary>The bridge of which the interface is a port.</summary>
    public SimulatedBridge? Bridge { get; set; }

    /// <summary>Adds an address; one that is there already stays as it is.</summary>
    /// <param name="address">The address, with the length of its subnet's prefix; that of a point-to-point address does not count.</param>
    /// <param name="peer">The peer of a point-to-point address; null for an ordinary one.</param>
    public void AddAddress(Prefix address, Prefix? peer = null)
    {
        if (peer is not null)
            address = address with { Length = address.Address.Length * 8 };
        if (addresses.Contains((address, peer)))
            return;
        addresses.Add((address, peer));
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
        if (!Up)
            return;
        if (Change is null)
        {
            lan.Transmit(this, frame);
            return;
        }

        foreach (var each in Change.Sent(frame))
            lan.Transmit(this, each);
    }

    public void Receive(ReadOnlyMemory<byte> frame)
    {
        if (!Up)
            return;
        if (Bridge is { } bridge)
            bridge.Receive(this, frame);
        else if (Change is null)
            node.Receive(this, frame);
        else
            Change.Received(frame).ToList().ForEach(each => node.Receive(this, each));
    }
}
