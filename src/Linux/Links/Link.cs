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

    /// <summary>Whether its cable is plugged in (IFF_LOWER_UP).</summary>
    public bool HasCarrier { get; init; }

    /// <summary>Whether it can carry frames: set up, and the carrier is there (RFC 2863 ifOperStatus up). Never of the loopback, whose state is unknown.</summary>
    public bool IsOperational { get; init; }

    /// <summary>Whether the hardware knows multicast (IFF_MULTICAST).</summary>
    public bool IsMulticast { get; init; }

    /// <summary>Its IPv4 addresses, in the kernel's order.</summary>
    public IReadOnlyList<LinkIpAddress> Addresses { get; init; } = [];

    /// <summary>The address that speaks for the interface: the first one that is not secondary to another; null when there is none.</summary>
    public Address? PrimaryAddress
    {
        get
        {
            foreach (var each in Addresses)
            {
                if (!each.IsSecondary)
                    return each.Address;
            }

            return null;
        }
    }
}

/// <summary>One IPv4 address of a link.</summary>
/// <param name="Address">The address.</param>
/// <param name="PrefixLength">0 to 32.</param>
/// <param name="IsSecondary">Whether it is second to another of the same network (IFA_F_SECONDARY).</param>
public sealed record LinkIpAddress(Address Address, int PrefixLength, bool IsSecondary);
