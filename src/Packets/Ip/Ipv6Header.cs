namespace MulticastLab.Packets.Ip;

/// <summary>
/// An IPv6 header to send, with a Hop-by-Hop Options header where Router Alert is wanted; lengths are filled in when it is written.
/// </summary>
/// <param name="Source">The source address.</param>
/// <param name="Destination">The destination address.</param>
/// <param name="Protocol">The number of the payload: the last Next Header.</param>
public readonly record struct Ipv6Header(Address Source, Address Destination, byte Protocol)
{
    /// <summary>The header of an MLD message: hop limit 1, Router Alert (RFC 9777 §5).</summary>
    public static Ipv6Header ForMld(Address source, Address destination) =>
        new(source, destination, IpProtocol.Icmpv6) { HopLimit = 1, RouterAlert = true };

    /// <summary>The hop limit; default 64.</summary>
    public byte HopLimit { get; init; } = 64;

    /// <summary>The traffic class; default 0. MLD prescribes none (RFC 9777 §5).</summary>
    public byte TrafficClass { get; init; }

    /// <summary>Whether a Hop-by-Hop Options header with Router Alert of value 0 is written (RFC 2711 §2.1).</summary>
    public bool RouterAlert { get; init; }

    /// <summary>The length of all headers in bytes: 40, or 48 with Router Alert.</summary>
    public int Length => Ipv6View.HeaderLength + (RouterAlert ? Ipv6Option.RouterAlertHeaderLength : 0);
}
