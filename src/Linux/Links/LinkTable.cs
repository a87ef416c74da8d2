using System.Buffers.Binary;
using System.Text;
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
        var attributes = new AttributeReader(payload[LinkHeader..]);
        while (attributes.Next())
        {
            link = attributes.Type switch
            {
                1 when attributes.Value.Length == 6 => link with { Mac = MacAddress.Read(attributes.Value) }, // IFLA_ADDRESS
                3 => link with { Name = Encoding.ASCII.GetString(attributes.Value.TrimEnd((byte)0)) }, // IFLA_IFNAME
                4 when attributes.Value.Length == 4 => link with { Mtu = BinaryPrimitives.ReadInt32LittleEndian(attributes.Value) }, // IFLA_MTU
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
        var attributes = new AttributeReader(payload[AddressHeader..]);
        while (attributes.Next())
        {
            // IFA_LOCAL is the interface's own; IFA_ADDRESS is the other end's on a point-to-point link.
            if (attributes.Value.Length == 4 && (attributes.Type == 2 || (attributes.Type == 1 && address is null)))
                address = Address.Read(attributes.Value);
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

    /// <summary>Walks netlink attributes: length, type, value, padded to four bytes. Stops at one that claims more than there is.</summary>
    private ref struct AttributeReader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> rest = bytes;

        public int Type { get; private set; }

        public ReadOnlySpan<byte> Value { get; private set; }

        public bool Next()
        {
            if (rest.Length < 4)
                return false;
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (length < 4 || length > rest.Length)
                return false;
            Type = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) & 0x3FFF; // without NLA_F_NESTED and NLA_F_NET_BYTEORDER
            Value = rest[4..length];
            rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
            return true;
        }
    }
}
