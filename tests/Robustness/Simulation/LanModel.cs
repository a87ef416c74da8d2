using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// What a LAN's routers ought to know: who wants what, since when, and since when nothing has disturbed the LAN. Written from the RFC's text: a
/// host is a filter per group (§3.2), and a LAN wants what some host of it wants (§6.3).
/// </summary>
internal sealed class LanModel(LanPlan plan)
{
    private readonly Dictionary<(string Host, Address Group), (FilterMode Mode, IReadOnlyList<Address> Sources)> wants = [];
    private readonly Dictionary<(Address Group, Address Source), (bool Wanted, Instant Since)> wanted = [];
    private readonly Dictionary<Address, Instant> memberlessSince = LabPlan.Groups.ToDictionary(each => each, _ => Instant.Epoch);
    private readonly Dictionary<Address, Instant> changed = [];
    private readonly Dictionary<Address, Instant> silenced = [];
    private readonly Dictionary<Address, Instant> excluded = [];
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

    /// <summary>A router has come or gone: all is whole, but the election begins anew.</summary>
    public void Disturb(Instant now) => calmSince = now;

    /// <summary>The host wants this of the group from now on, and says so.</summary>
    public void Want(string host, Address group, FilterMode mode, IReadOnlyList<Address> sources, Instant now)
    {
        if (wants.TryGetValue((host, group), out var before) && before.Mode == mode && before.Sources.ToHashSet().SetEquals(sources))
            return;
        if (mode == FilterMode.Include && sources.Count == 0)
        {
            if (!wants.Remove((host, group)))
                return;
        }
        else
        {
            wants[(host, group)] = (mode, sources);
        }

        Renew(group, before.Mode, now);
    }

    /// <summary>The host is gone without a word.</summary>
    public void Silence(string host, Instant now)
    {
        foreach (var (key, (mode, _)) in wants.Where(each => each.Key.Host == host).ToList())
        {
            wants.Remove(key);
            silenced[key.Group] = now;
            Renew(key.Group, mode, now);
        }
    }

    /// <summary>What the host wants, as its state dump should tell it.</summary>
    public IEnumerable<(Address Group, FilterMode Mode, IReadOnlyList<Address> Sources)> WantsOf(string host) =>
        wants.Where(each => each.Key.Host == host).Select(each => (each.Key.Group, each.Value.Mode, each.Value.Sources));

    /// <summary>§6.3: whether some host wants the source's traffic, and since when this has been so.</summary>
    public (bool Wanted, Instant Since) Wants(Address group, Address source) => wanted.GetValueOrDefault((group, source));

    /// <summary>Since when nobody has wanted anything of the group; null while somebody does.</summary>
    public Instant? MemberlessSince(Address group) => memberlessSince.TryGetValue(group, out var since) ? since : null;

    /// <summary>When a host last changed its mind about the group, or died.</summary>
    public Instant ChangedAt(Address group) => changed.GetValueOrDefault(group);

    /// <summary>When a member of the group last died without a word.</summary>
    public Instant? SilencedAt(Address group) => silenced.TryGetValue(group, out var at) ? at : null;

    /// <summary>Whether some host is in EXCLUDE mode.</summary>
    public bool IsExcluded(Address group) => wants.Any(each => each.Key.Group == group && each.Value.Mode == FilterMode.Exclude);

    /// <summary>When the group last had a host in EXCLUDE mode; null when it never had.</summary>
    public Instant? ExcludedUntil(Address group, Instant now) => IsExcluded(group) ? now : excluded.TryGetValue(group, out var at) ? at : null;

    private void Renew(Address group, FilterMode modeBefore, Instant now)
    {
        changed[group] = now;
        if (modeBefore == FilterMode.Exclude)
            excluded[group] = now;
        var members = wants.Where(each => each.Key.Group == group).Select(each => each.Value).ToList();
        if (members.Count > 0)
            memberlessSince.Remove(group);
        else
            memberlessSince.TryAdd(group, now);
        foreach (var source in LabPlan.Sources.Append(LabPlan.Unnamed))
        {
            var isWanted = members.Any(each => each.Sources.Contains(source) == (each.Mode == FilterMode.Include));
            if (isWanted != Wants(group, source).Wanted)
                wanted[(group, source)] = (isWanted, now);
        }
    }
}
