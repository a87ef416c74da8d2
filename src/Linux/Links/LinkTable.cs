using System.Buffers.Binary;
using MulticastLab.Linux.Netlink;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Links;

/// <summary>The links of a network namespace, kept up to date by the rtnetlink messages (rtnetlink(7)) that are handed in.</summary>
internal sealed class LinkTable
{
    private const int NewLink = 16;
    private const int DeleteLink = 17;
    private const int NewAddress = 20;
    private const int DeleteAddress = 21;

    private const int LinkHeader = 16; // struct ifinfomsg
    private const int AddressHeader = 8; // struct ifaddrmsg

    private const uint FlagUp = 0x1;
    private const uint FlagMulticast = 0x1000;
    private const uint FlagLowerUp = 0x10000;

    private const byte SecondaryFlag = 1;
    private const byte FamilyUnspecified = 0;
    private const byte FamilyInet = 2;

    private readonly Dictionary<int, Link> links = [];

    /// <summary>All links.</summary>
    public IReadOnlyCollection<Link> Links => links.Values;

    /// <summary>The link of that name now; null when there is none.</summary>
    public Link? Find(string name)
    {
        foreach (var each in links.Values)
        {
            if (each.Name == name)
                return each;
        }

        return null;
    }

    /// <summary>Forgets everything: a dump follows.</summary>
    public void Clear() => links.Clear();

    /// <summary>Takes one message: its type, and what follows the netlink header.</summary>
    public void Apply(int type, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            // The bridge tells of its ports by messages of the same types with a family of their own: "deleted" means "no longer a port".
            case NewLink or DeleteLink when payload.Length < LinkHeader || payload[0] != FamilyUnspecified:
            case NewAddress or DeleteAddress when payload.Length < AddressHeader || payload[0] != FamilyInet:
                return;
            case NewLink:
                SetLink(payload);
                return;
            case DeleteLink:
                links.Remove(BinaryPrimitives.ReadInt32LittleEndian(payload[4..]));
                return;
            case NewAddress or DeleteAddress:
                SetAddress(payload, present: type == NewAddress);
                return;
        }
    }

    private void SetLink(ReadOnlySpan<byte> payload)
    {
        var index = BinaryPrimitives.ReadInt32LittleEndian(payload[4..]);
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(payload[8..]);
        links.TryGetValue(index, out var known);
        var link = known ?? new Link { Index = index, Name = "" };
        foreach (var attribute in new NetlinkAttributes(payload[LinkHeader..]))
        {
            link = attribute.Type switch
            {
                1 when attribute.Value.Length == 6 => link with { Mac = MacAddress.Read(attribute.Value) }, // IFLA_ADDRESS
                3 => link with { Name = attribute.Text }, // IFLA_IFNAME
                4 when attribute.Value.Length == 4 => link with { Mtu = (int)attribute.Number }, // IFLA_MTU
                _ => link,
            };
        }

        links[index] = link with
        {
            IsSetUp = (flags & FlagUp) != 0,
            HasCarrier = (flags & FlagLowerUp) != 0,
            IsMulticast = (flags & FlagMulticast) != 0,
        };
    }

    private void SetAddress(ReadOnlySpan<byte> payload, bool present)
    {
        if (!links.TryGetValue(BinaryPrimitives.ReadInt32LittleEndian(payload[4..]), out var link))
            return;
        Address? address = null;
        foreach (var attribute in new NetlinkAttributes(payload[AddressHeader..]))
        {
            // IFA_LOCAL is the interface's own; IFA_ADDRESS is the other end's on a point-to-point link.
            if (attribute.Value.Length == 4 && (attribute.Type == 2 || (attribute.Type == 1 && address is null)))
                address = Address.Read(attribute.Value);
        }

        if (address is not { } own)
            return;
        var entry = new LinkIpAddress(own, payload[1], (payload[2] & SecondaryFlag) != 0);
        var addresses = new List<LinkIpAddress>(link.Addresses);
        var at = addresses.FindIndex(each => each.Address == own && each.PrefixLength == entry.PrefixLength);
        if (at >= 0 && present)
            addresses[at] = entry;
        else if (at >= 0)
            addresses.RemoveAt(at);
        else if (present)
            addresses.Add(entry);
        links[link.Index] = link with { Addresses = addresses };
    }
}
