using MulticastLab.Packets;

namespace MulticastLab.Linux.Links;

/// <summary>An interface as the kernel describes it over rtnetlink.</summary>
public sealed record Link
{
    /// <summary>The interface index: another one when the interface was removed and made again.</summary>
    public required int Index { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The Ethernet address.</summary>
    public MacAddress Mac { get; init; }

    /// <summary>The MTU in bytes.</summary>
    public int Mtu { get; init; }

    /// <summary>Whether it was set up (IFF_UP).</summary>
    public bool IsSetUp { get; init; }

    /// <summary>Whether it has a carrier (IFF_LOWER_UP).</summary>
    public bool HasCarrier { get; init; }

    /// <summary>
    /// Whether it can carry frames: set up, and the carrier is there (RFC 2863 ifOperStatus up). Never of the loopback, whose state is
    /// unknown.
    /// </summary>
    public bool IsOperational { get; init; }

    /// <summary>Whether it supports multicast (IFF_MULTICAST).</summary>
    public bool IsMulticast { get; init; }

    /// <summary>Its IPv4 addresses; those that are primary in the kernel's order, as far as their scopes are the same.</summary>
    public IReadOnlyList<LinkIpAddress> Addresses { get; init; } = [];

    /// <summary>
    /// The primary address of the interface: of those that are not secondary to another, the first one of the widest scope, as the kernel
    /// selects a source address; null when there is none.
    /// </summary>
    public Address? PrimaryAddress
    {
        get
        {
            LinkIpAddress? primary = null;
            foreach (var each in Addresses)
            {
                if (!each.IsSecondary && (primary is null || each.Scope < primary.Scope))
                    primary = each;
            }

            return primary?.Address;
        }
    }
}

/// <summary>One IPv4 address of a link.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">0 to 32; for a point-to-point address, that of the peer's network.</param>
/// <param name="IsSecondary">Whether it is secondary to another of the same network (IFA_F_SECONDARY).</param>
public sealed record LinkIpAddress(Address Address, int PrefixLength, bool IsSecondary)
{
    /// <summary>The peer of a point-to-point address (<c>ip address add … peer …</c>); null for one that has none.</summary>
    public Address? Peer { get; init; }

    /// <summary>Its scope: 0 global, 253 link, 254 host.</summary>
    public byte Scope { get; init; }

    /// <summary>The address with the length of its network's prefix; alone, where it is point-to-point.</summary>
    public Prefix Own => new(Address, Peer is null ? PrefixLength : Address.Length * 8);

    /// <summary>
    /// Which addresses are on-link by this address, as the kernel's own routes say: its network; for a point-to-point address, itself and
    /// the network of the peer, which mostly is that peer alone. With a /31 both ends are (RFC 3021), with a /32 without a peer nobody else
    /// is.
    /// </summary>
    public IReadOnlyList<Prefix> OnLink => Peer is { } peer
        ? [Own, new Prefix(peer, PrefixLength).Normalized]
        : [Own.Normalized];
}
