using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines;

/// <summary>One frame as captured on one LAN, where the node that sent it enters the LAN.</summary>
/// <param name="Number">1, 2, 3 … over all LANs, in time order.</param>
/// <param name="At">The kernel's receive timestamp, or virtual time.</param>
/// <param name="Lan">The LAN.</param>
/// <param name="Node">The node that sent it onto this LAN (for a forwarded copy: the switch), or <see cref="Tester"/>.</param>
/// <param name="Interface">The node's interface; the LAN for what the tester has sent.</param>
/// <param name="Bytes">The Ethernet frame.</param>
public sealed record LabFrame(int Number, Instant At, string Lan, string Node, string Interface, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>
    /// Stands as the node of what <see cref="IRunningLab.Transmit"/> has sent. No node is called so: nodes have no capital letters.
    /// </summary>
    public const string Tester = "Tester";

    /// <summary>
    /// Stands as the node of what neither the lab nor the device under test has sent, on a wire that others use too.
    /// </summary>
    public const string Stranger = "Stranger";
}
