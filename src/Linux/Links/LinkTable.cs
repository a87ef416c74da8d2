namespace MulticastLab.Linux.Links;

/// <summary>The links of a network namespace, kept up to date by the rtnetlink messages (rtnetlink(7)) that are handed in.</summary>
internal sealed class LinkTable
{
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
    public void Apply(ushort type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case LinkMessage.NewLink when LinkMessage.IndexOfLink(body) is { } index:
                links[index] = LinkMessage.ReadLink(body, links.GetValueOrDefault(index))!;
                return;
            case LinkMessage.DeleteLink when LinkMessage.IndexOfLink(body) is { } index:
                links.Remove(index);
                return;
            case LinkMessage.NewAddress or LinkMessage.DeleteAddress when LinkMessage.ReadAddress(body) is { } found:
                if (links.TryGetValue(found.Index, out var link))
                    links[link.Index] = link with
                    {
                        Addresses = With(link.Addresses, found.Address, present: type == LinkMessage.NewAddress),
                    };
                return;
        }
    }

    private static List<LinkIpAddress> With(IEnumerable<LinkIpAddress> before, LinkIpAddress told, bool present)
    {
        var addresses = new List<LinkIpAddress>(before);
        // One address may have several peers.
        var at = addresses.FindIndex(each =>
            each.Address == told.Address && each.Peer == told.Peer && each.PrefixLength == told.PrefixLength);
        if (at >= 0 && present && addresses[at].IsSecondary == told.IsSecondary)
        {
            addresses[at] = told;
            return addresses;
        }

        // A secondary address that is promoted comes after the other primary ones, as in the kernel.
        if (at >= 0)
            addresses.RemoveAt(at);
        if (present)
            addresses.Add(told);
        return addresses;
    }
}
