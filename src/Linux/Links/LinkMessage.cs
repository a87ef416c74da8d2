using System.Buffers.Binary;
using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Links;

/// <summary>What rtnetlink(7) says of links and their addresses: types of messages, and what follows the netlink header.</summary>
internal static class LinkMessage
{
    /// <summary>RTM_NEWLINK: a link is new, or has changed.</summary>
    public const ushort NewLink = 16;

    /// <summary>RTM_DELLINK.</summary>
    public const ushort DeleteLink = 17;

    /// <summary>RTM_GETLINK.</summary>
    public const ushort GetLink = 18;

    /// <summary>RTM_NEWADDR.</summary>
    public const ushort NewAddress = 20;

    /// <summary>RTM_DELADDR.</summary>
    public const ushort DeleteAddress = 21;

    /// <summary>RTM_GETADDR.</summary>
    public const ushort GetAddress = 22;

    private const int LinkHeader = 16; // struct ifinfomsg
    private const int AddressHeader = 8; // struct ifaddrmsg

    private const uint FlagUp = 0x1;
    private const uint FlagMulticast = 0x1000;
    private const uint FlagLowerUp = 0x10000;
    private const byte OperationalUp = 6; // IF_OPER_UP
    private const byte SecondaryFlag = 1;
    private const byte FamilyUnspecified = 0;

    /// <summary>The fixed part of a request for all links.</summary>
    public static ReadOnlySpan<byte> AllLinks => new byte[LinkHeader];

    /// <summary>The fixed part of a request for all IPv4 addresses.</summary>
    public static ReadOnlySpan<byte> AllAddresses => [SocketConstants.FamilyInet, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>The link that a message is about; null when it is about something else.</summary>
    // The bridge reports its ports by messages of the same types with a family of their own: "deleted" means "no longer a port".
    public static int? IndexOfLink(ReadOnlySpan<byte> body) =>
        body.Length >= LinkHeader && body[0] == FamilyUnspecified ? BinaryPrimitives.ReadInt32LittleEndian(body[4..]) : null;

    /// <summary>Reads a link, without addresses; null when the message is about something else.</summary>
    /// <param name="body">The message.</param>
    /// <param name="known">What is known of the link: a message need not carry everything.</param>
    public static Link? ReadLink(ReadOnlySpan<byte> body, Link? known = null)
    {
        if (IndexOfLink(body) is not { } index)
            return null;
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(body[8..]);
        var link = known ?? new Link { Index = index, Name = "" };
        foreach (var attribute in new NetlinkAttributes(body[LinkHeader..]))
        {
            link = attribute.Type switch
            {
                1 when attribute.Value.Length == 6 => link with { Mac = MacAddress.Read(attribute.Value) }, // IFLA_ADDRESS
                3 => link with { Name = attribute.Text }, // IFLA_IFNAME
                4 when attribute.Value.Length == 4 => link with { Mtu = (int)attribute.Number }, // IFLA_MTU
                16 when attribute.Value.Length == 1 => link with { IsOperational = attribute.Value[0] == OperationalUp }, // IFLA_OPERSTATE
                _ => link,
            };
        }

        return link with
        {
            IsSetUp = (flags & FlagUp) != 0,
            HasCarrier = (flags & FlagLowerUp) != 0,
            IsMulticast = (flags & FlagMulticast) != 0,
        };
    }

    /// <summary>Reads an IPv4 address; null when the message is about something else.</summary>
    public static AddressOfLink? ReadAddress(ReadOnlySpan<byte> body)
    {
        if (body.Length < AddressHeader || body[0] != SocketConstants.FamilyInet)
            return null;
        Address? local = null;
        Address? other = null;
        foreach (var attribute in new NetlinkAttributes(body[AddressHeader..]))
        {
            // IFA_LOCAL is the interface's own; IFA_ADDRESS is the same, or the peer's on a point-to-point link.
            if (attribute is { Type: 1, Value.Length: 4 })
                other = Address.Read(attribute.Value);
            else if (attribute is { Type: 2, Value.Length: 4 })
                local = Address.Read(attribute.Value);
        }

        if ((local ?? other) is not { } own)
            return null;
        var address = new LinkIpAddress(own, body[1], (body[2] & SecondaryFlag) != 0)
        {
            Peer = other == own ? null : other,
            Scope = body[3],
        };
        return new AddressOfLink(BinaryPrimitives.ReadInt32LittleEndian(body[4..]), address);
    }
}

/// <summary>An address, and whose it is.</summary>
/// <param name="Index">The link's interface index.</param>
/// <param name="Address">The address.</param>
internal sealed record AddressOfLink(int Index, LinkIpAddress Address);
