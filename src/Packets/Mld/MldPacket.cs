using MulticastLab.Packets.Ip;

namespace MulticastLab.Packets.Mld;

/// <summary>A received IPv6 packet that holds one valid MLD message: checked once, then read in place.</summary>
/// <remarks>
/// Source, hop limit and Router Alert are up to the receiver's rules and not checked here: <see cref="Envelope"/> has them.
/// </remarks>
public readonly ref struct MldPacket
{
    private readonly Ipv6View ip;
    private readonly MldMessage message;

    private MldPacket(Ipv6View ip, MldMessage message)
    {
        this.ip = ip;
        this.message = message;
    }

    /// <summary>Checks and views an IPv6 packet (no link-layer header; bytes after the IPv6 payload are ignored).</summary>
    /// <param name="ipPacket">The packet, from its IPv6 header on.</param>
    /// <param name="packet">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    /// <returns>The first thing that is wrong, in the order of the layers.</returns>
    public static PacketError TryRead(ReadOnlySpan<byte> ipPacket, out MldPacket packet)
    {
        packet = default;
        var error = Ipv6View.TryRead(ipPacket, out var ip);
        if (error != PacketError.None)
            return error;
        if (ip.Protocol != IpProtocol.Icmpv6)
            return PacketError.NotIcmpv6;
        if (ip.IsFragment)
            return PacketError.Ipv6Fragment;

        // The length of the message is what the extension headers leave of the payload length, not what the frame has.
        error = MldMessage.TryRead(ip.Payload, ip.Source, ip.Destination, out var message);
        if (error == PacketError.None)
            packet = new MldPacket(ip, message);
        return error;
    }

    /// <summary>Source, destination, hop limit and Router Alert.</summary>
    public Envelope Envelope => new(ip.Source, ip.Destination, ip.HopLimit, ip.HasRouterAlert);

    /// <summary>The IPv6 headers around the message.</summary>
    public Ipv6View Ip => ip;

    /// <summary>The message.</summary>
    public MldMessage Message => message;
}
