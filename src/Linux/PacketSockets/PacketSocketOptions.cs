namespace MulticastLab.Linux.PacketSockets;

/// <summary>How a <see cref="PacketSocket"/> is opened.</summary>
public sealed record PacketSocketOptions
{
    /// <summary>ETH_P_ALL: every protocol, and the packets that this host sends.</summary>
    public const ushort AllProtocols = 0x0003;

    /// <summary>ETH_P_IP: received IPv4 packets; none that this host sends.</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>The EtherType to receive; default <see cref="AllProtocols"/>.</summary>
    public ushort Protocol { get; init; } = AllProtocols;

    /// <summary>Whether packets come and go with their Ethernet header (SOCK_RAW) or from the network header on (SOCK_DGRAM).</summary>
    public bool LinkHeader { get; init; } = true;

    /// <summary>Picks packets in the kernel; null for all. In force before the first packet can arrive.</summary>
    public PacketFilter? Filter { get; init; }

    /// <summary>
    /// Takes every multicast frame from the network card (PACKET_MR_ALLMULTI) without any group membership, so that the kernel's own IGMP
    /// stays silent.
    /// </summary>
    public bool AllMulticast { get; init; }

    /// <summary>Takes every frame from the network card, whomever it is for (PACKET_MR_PROMISC), as long as the socket is open.</summary>
    public bool Promiscuous { get; init; }

    /// <summary>Leaves out the packets that this host sends (PACKET_IGNORE_OUTGOING).</summary>
    public bool IgnoreOutgoing { get; init; }

    /// <summary>
    /// The receive buffer in bytes, see <see cref="PacketSocket.ReceiveBufferBytes"/>; a small packet takes about 700 of them.
    /// </summary>
    public int ReceiveBufferBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Gives the socket memory that the kernel writes to and <see cref="PacketSocket.Reader"/> reads from; null for none. The receive
    /// buffer is then for packets that are too long for a slot.
    /// </summary>
    public PacketRingOptions? Ring { get; init; }
}
