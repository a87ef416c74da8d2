namespace MulticastLab.Packets.Ip;

/// <summary>An IPv4 header to send; lengths and checksum are filled in when it is written.</summary>
/// <param name="Source">The source address.</param>
/// <param name="Destination">The destination address.</param>
/// <param name="Protocol">The protocol number of the payload.</param>
public readonly record struct Ipv4Header(Address Source, Address Destination, byte Protocol)
{
    /// <summary>The header of an IGMP message: TTL 1, Internetwork Control, Router Alert (RFC 9776 §4).</summary>
    public static Ipv4Header ForIgmp(Address source, Address destination) =>
        new(source, destination, IpProtocol.Igmp) { TimeToLive = 1, TypeOfService = 0xC0, RouterAlert = true };

    /// <summary>The header of a datagram: TTL 64 unless told otherwise, no options.</summary>
    public static Ipv4Header ForUdp(Address source, Address destination, byte timeToLive = 64) =>
        new(source, destination, IpProtocol.Udp) { TimeToLive = timeToLive };

    /// <summary>The time to live; default 64.</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <summary>Type of Service: DSCP and ECN; default 0.</summary>
    public byte TypeOfService { get; init; }

    /// <summary>The identification; default 0, which is fine for a packet that is never fragmented (RFC 6864 §4.1).</summary>
    public ushort Identification { get; init; }

    /// <summary>Whether Don't Fragment is clear.</summary>
    public bool MayBeFragmented { get; init; }

    /// <summary>Whether the Router Alert option is written (RFC 2113).</summary>
    public bool RouterAlert { get; init; }

    /// <summary>The header's length in bytes: 20, or 24 with Router Alert.</summary>
    public int Length => Ipv4View.MinimumHeaderLength + (RouterAlert ? Ipv4Option.RouterAlertLength : 0);
}
