using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>The tracked hosts of a group, which want all of its sources but those that they exclude, or of a source.</summary>
internal sealed class HostList
{
    private readonly Dictionary<Address, TrackedHost> hosts = [];

    public int Count => hosts.Count;

    /// <summary>Until then there may be unknown members.</summary>
    public Instant IncompleteUntil { get; set; }

    /// <summary>The host, unless it is not there or has not been heard within the Group Membership Interval.</summary>
    public TrackedHost? Find(Address host, Instant now) => hosts.GetValueOrDefault(host) is { } found && found.Expires > now ? found : null;

    /// <summary>Whether one of them has that mode, and is not excluding in the second list.</summary>
    public bool HasAny(FilterMode mode, HostList? except, Instant now)
    {
        foreach (var (address, host) in hosts)
        {
            if (host.Mode == mode && host.Expires > now && except?.Find(address, now) is not { Mode: FilterMode.Exclude })
                return true;
        }

        return false;
    }

    /// <summary>Notes what a host wants now.</summary>
    /// <param name="host">The host.</param>
    /// <param name="mode">Whether it wants or excludes it.</param>
    /// <param name="now">The present.</param>
    /// <param name="expires">When it will be forgotten.</param>
    /// <param name="mayAdd">Whether there is room for one more.</param>
    /// <returns>By how much the list has grown; below 0 when there was no room.</returns>
    public int Keep(Address host, FilterMode mode, Instant now, Instant expires, bool mayAdd)
    {
        if (hosts.TryGetValue(host, out var known))
        {
            known.Mode = mode;
            known.Expires = expires;
            return 0;
        }

        if (!mayAdd)
            return -1;
        hosts.Add(host, new TrackedHost(now) { Mode = mode, Expires = expires });
        return 1;
    }

    public bool Remove(Address host) => hosts.Remove(host);

    /// <summary>Forgets those that were not heard within the Group Membership Interval.</summary>
    /// <returns>How many.</returns>
    public int RemoveExpired(Instant now)
    {
        var before = hosts.Count;
        foreach (var (address, host) in hosts)
        {
            if (host.Expires <= now)
                hosts.Remove(address);
        }

        return before - hosts.Count;
    }

    public IReadOnlyList<HostState> Dump(Instant now) =>
    [
        .. hosts.Where(each => each.Value.Expires > now).OrderBy(each => each.Key).Select(each => new HostState
        {
            Host = each.Key,
            Mode = each.Value.Mode,
            UpTime = now - each.Value.Since,
            Expires = each.Value.Expires - now,
        }),
    ];
}

/// <summary>A host that has reported the group or source.</summary>
internal sealed class TrackedHost(Instant since)
{
    public Instant Since => since;

    public FilterMode Mode { get; set; }

    public Instant Expires { get; set; }
}
