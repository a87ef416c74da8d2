using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// What a LAN's routers ought to know: who wants what, since when, and since when nothing has disturbed the LAN. Written from the RFC's
/// text: a host is a filter per group (§3.2), and a LAN wants what some host of it wants (§6.3).
/// </summary>
internal sealed class LanModel(LanPlan plan)
{
    private readonly Dictionary<(string Host, Address Group), Wish> wants = [];
    private readonly Dictionary<(string Host, Address Group), Instant> unheard = [];
    private readonly Dictionary<(Address Group, Address Source), (bool Wanted, Instant Since)> wanted = [];
    private readonly Dictionary<Address, Instant> memberlessSince = LabPlan.Groups.ToDictionary(each => each, _ => Instant.Epoch);
    private readonly Dictionary<Address, Instant> changed = [];
    private readonly Dictionary<Address, Instant> silenced = [];
    private readonly Dictionary<Address, Instant> excluded = [];
    private readonly Dictionary<Address, Instant> older = [];
    private readonly HashSet<string> troubles = [];
    private Instant calmSince = Instant.Epoch;

    public LanPlan Plan => plan;

    /// <summary>Since when the LAN has been whole and its routers the same; null while it is not.</summary>
    public Instant? CalmSince => troubles.Count == 0 ? calmSince : null;

    /// <summary>Whether a blackout is on: members are not to notice, but datagrams do not pass.</summary>
    public bool IsDark { get; set; }

    /// <summary>Something is wrong from now on, or is right again.</summary>
    public void Trouble(string what, bool begins, Instant now)
    {
        if (begins ? troubles.Add(what) : troubles.Remove(what))
            calmSince = now;
    }

    /// <summary>A router has come or gone: all is whole, but the election starts over.</summary>
    public void Disturb(Instant now) => calmSince = now;

    /// <summary>The host wants this of the group from now on, and says so.</summary>
    /// <param name="host">The host.</param>
    /// <param name="group">The group.</param>
    /// <param name="wish">What it wants.</param>
    /// <param name="now">The present.</param>
    public void Want(string host, Address group, Wish wish, Instant now)
    {
        var before = wants.GetValueOrDefault((host, group));
        if (wish.IsSame(before))
            return;
        if (wish.IsNothing)
            wants.Remove((host, group));
        else
            wants[(host, group)] = wish;
        unheard[(host, group)] = wish.HeardAt;
        Renew(group, before, Later(now, wish.HeardAt));
    }

    /// <summary>The host is gone silently.</summary>
    public void Silence(string host, Instant now)
    {
        // What it was about to tell again nobody will hear.
        foreach (var (key, _) in unheard.Where(each => each.Key.Host == host && each.Value > now))
            silenced[key.Group] = now;
        foreach (var (key, wish) in wants.Where(each => each.Key.Host == host).ToList())
        {
            wants.Remove(key);
            silenced[key.Group] = now;
            Renew(key.Group, wish, now);
        }
    }

    /// <summary>What the host wants, as its state dump should tell it.</summary>
    public IEnumerable<(Address Group, FilterMode Mode, IReadOnlyList<Address> Sources)> WantsOf(string host) =>
        wants.Where(each => each.Key.Host == host).Select(each => (each.Key.Group, each.Value.Told.Mode, each.Value.Told.Sources));

    /// <summary>§6.3: whether some host wants the source's traffic, and since when this has been so.</summary>
    public (bool Wanted, Instant Since) Wants(Address group, Address source) => wanted.GetValueOrDefault((group, source));

    /// <summary>Since when nobody has wanted anything of the group; null while somebody does.</summary>
    public Instant? MemberlessSince(Address group) => memberlessSince.TryGetValue(group, out var since) ? since : null;

    /// <summary>When a host last changed its mind about the group, or died.</summary>
    public Instant ChangedAt(Address group) => changed.GetValueOrDefault(group);

    /// <summary>When a member of the group last died silently.</summary>
    public Instant? SilencedAt(Address group) => silenced.TryGetValue(group, out var at) ? at : null;

    /// <summary>Whether some host is in EXCLUDE mode.</summary>
    public bool IsExcluded(Address group) => wants.Any(each => each.Key.Group == group && each.Value.Mode == FilterMode.Exclude);

    /// <summary>When the group last had a host in EXCLUDE mode; null when it never had.</summary>
    public Instant? ExcludedUntil(Address group, Instant now) =>
        IsExcluded(group) ? now
        : excluded.TryGetValue(group, out var at) ? at
        : null;

    /// <summary>
    /// When the group's last host of an older version has left: until the Older Host Present Interval is over, current-version hosts are
    /// not listened to in all they say (§7.3.2). The present while there is one; null when there never was.
    /// </summary>
    public Instant? OlderUntil(Address group, Instant now) =>
        wants.Any(each => each.Key.Group == group && each.Value.IsOlder) ? now : older.TryGetValue(group, out var at) ? at : null;

    /// <summary>
    /// When the source's traffic is wanted by version 1 hosts alone, which answer General Queries only (RFC 1112): since when one of them
    /// has been heard; null otherwise.
    /// </summary>
    public Instant? WantedByVersion1Since(Address group, Address source)
    {
        var supporters = wants.Where(each => each.Key.Group == group && each.Value.Wants(source)).Select(each => each.Value).ToList();
        return supporters.Count > 0 && supporters.TrueForAll(each => each.Version == 1) ? supporters.Min(each => each.HeardAt) : null;
    }

    private void Renew(Address group, Wish? before, Instant heard)
    {
        // What another host has said before may be heard later.
        heard = changed[group] = Later(heard, ChangedAt(group));
        if (before is { Mode: FilterMode.Exclude })
            excluded[group] = heard;
        if (before is { IsOlder: true })
            older[group] = heard;
        var members = wants.Where(each => each.Key.Group == group).Select(each => each.Value).Where(each => !each.IsSilent).ToList();
        if (members.Count > 0)
            memberlessSince.Remove(group);
        else
            memberlessSince.TryAdd(group, heard);
        foreach (var source in LabPlan.Sources.Append(LabPlan.Unnamed))
        {
            var supporters = members.Where(each => each.Wants(source)).ToList();
            var (was, since) = Wants(group, source);
            // A member whom nobody has heard yet does not hold what another one has left.
            var known = supporters.Count > 0 ? supporters.Min(each => each.HeardAt) : heard;
            if (supporters.Count > 0 != was)
                wanted[(group, source)] = (!was, Later(heard, known));
            else if (was)
                wanted[(group, source)] = (true, Later(since, known));
        }
    }

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;
}

/// <summary>What a host wants of a group.</summary>
/// <param name="Told">What it was told by its user.</param>
/// <param name="Mode">What that comes to on the wire.</param>
/// <param name="Sources">The list that goes with it.</param>
/// <param name="Version">The version in which it says so.</param>
/// <param name="HeardAt">When the routers have heard of it for certain.</param>
internal sealed record Wish(
    (FilterMode Mode, IReadOnlyList<Address> Sources) Told, FilterMode Mode, IReadOnlyList<Address> Sources, int Version, Instant HeardAt)
{
    /// <summary>Whether it says so in an older version than 3.</summary>
    public bool IsOlder => Version < 3;

    /// <summary>INCLUDE with no sources: the same as nothing (§3.1).</summary>
    public bool IsNothing => Told is { Mode: FilterMode.Include, Sources.Count: 0 };

    /// <summary>Nothing of it can be told in the version that the host has to use.</summary>
    public bool IsSilent => Mode == FilterMode.Include && Sources.Count == 0;

    public bool Wants(Address source) => Sources.Contains(source) == (Mode == FilterMode.Include);

    public bool IsSame(Wish? other) =>
        other is null ? IsNothing : Told.Mode == other.Told.Mode && Told.Sources.ToHashSet().SetEquals(other.Told.Sources);
}
