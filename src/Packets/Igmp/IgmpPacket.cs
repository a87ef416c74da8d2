using MulticastLab.Packets.Ip;

namespace MulticastLab.Packets.Igmp;

/// <summary>A received IPv4 packet that holds one valid IGMP message: checked once, then read in place.</summary>
/// <remarks>TTL, TOS and Router Alert are policy and not checked here: <see cref="Envelope"/> has them.</remarks>
public readonly ref struct IgmpPacket
{
    private readonly Ipv4View ip;
    private readonly IgmpMessage message;

    private IgmpPacket(Ipv4View ip, IgmpMessage message)
    {
        this.ip = ip;
        this.message = message;
    }

    /// <summary>Checks and views an IPv4 packet (no link-layer header; bytes after the IP total length are ignored).</summary>
    /// <param name="ipPacket">The packet, from its IPv4 header on.</param>
    /// <param name="packet">The view; only to be used when the result is <see cref="PacketError.None"/>.</param>
    /// <returns>The first thing that is wrong, in the order of the layers.</returns>
    public static PacketError TryRead(ReadOnlySpan<byte> ipPacket, out IgmpPacket packet)
    {
        packet = default;
        var error = Ipv4View.TryRead(ipPacket, out var ip);
        if (error != PacketError.None)
            return error;
        if (ip.Protocol != IpProtocol.Igmp)
            return PacketError.NotIgmp;
        if (ip.IsFragment)
            return PacketError.Ipv4Fragment;

        // The length of the message is what the IP header leaves, not what the frame has (RFC 9776 §4.1.10).
        error = IgmpMessage.TryRead(ip.Payload, out var message);
        if (error == PacketError.None)
            packet = new IgmpPacket(ip, message);
        return error;
    }

    /// <summary>Source, destination, TTL and Router Alert.</summary>
    public Envelope Envelope => new(ip.Source, ip.Destination, ip.TimeToLive, ip.HasRouterAlert);

    /// <summary>The IPv4 header around the message.</summary>
    public Ipv4View Ip => ip;

    /// <summary>The message.</summary>
    public IgmpMessage Message => message;

    /// <summary>The message type: always one of the known ones.</summary>
    public IgmpType Type => message.Type;

    /// <summary>The group of a version 1 or 2 report or leave, as sent: not necessarily a multicast address.</summary>
    public Address Group => message.Group;

    /// <summary>The report or leave of an older version; only for types that are one.</summary>
    public GroupMessage GroupMessage => message.GroupMessage;

    /// <summary>The query; only for <see cref="IgmpType.MembershipQuery"/>.</summary>
    public Query Query => message.Query;

    /// <summary>The report; only for <see cref="IgmpType.V3MembershipReport"/>.</summary>
    public Report Report => message.Report;
}
