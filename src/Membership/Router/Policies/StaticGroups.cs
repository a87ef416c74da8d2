using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// What is forwarded by configuration (RFC 8652 <c>static-group</c>). It is separate from the groups that hosts have created, so that these
/// follow the protocol alone: no report refreshes it, no leave, timer or limit ends it, and no query is sent for it.
/// </summary>
internal sealed class StaticGroups(RouterContext context)
{
    private readonly Dictionary<Address, StaticGroup> groups = [];

    /// <summary>Whether the source is to be forwarded to the group.</summary>
    public bool Wants(Address source, Address group) =>
        groups.Count > 0 && groups.TryGetValue(group, out var found) && (found.AllSources || found.Sources.Contains(source));

    /// <summary>The interface has come up or the configuration may have changed: groups whose forwarding may have changed are
    /// reported.</summary>
    public void Configure(Instant now)
    {
        if (groups.Count == 0 && context.Settings.StaticGroups.Count == 0)
            return;
        var before = groups.ToArray();
        groups.Clear();
        foreach (var configured in context.Settings.StaticGroups.ToLookup(each => each.Group, each => each.Source))
        {
            var since = before.FirstOrDefault(each => each.Key == configured.Key).Value?.Since ?? now;
            groups.Add(
                configured.Key, new StaticGroup(since, configured.Contains(null), [.. configured.OfType<Address>().Distinct().Order()]));
        }

        foreach (var (group, old) in before)
        {
            if (!groups.TryGetValue(group, out var present) || !present.Equals(old))
                context.Emit(new ForwardingChanged(group));
        }

        foreach (var group in groups.Keys.Except(before.Select(each => each.Key)))
            context.Emit(new ForwardingChanged(group));
    }

    /// <summary>The interface has gone down.</summary>
    public void Clear()
    {
        foreach (var group in groups.Keys)
            context.Emit(new ForwardingChanged(group));
        groups.Clear();
    }

    /// <summary>What is configured, for a dump.</summary>
    public StaticGroupStates Dump(Instant now) => new([.. groups], context.Dialect, now);
}

/// <summary>A static group.</summary>
/// <param name="Since">Since when it is forwarded.</param>
/// <param name="AllSources">Whether from all sources.</param>
/// <param name="Sources">From which sources, ascending.</param>
internal sealed record StaticGroup(Instant Since, bool AllSources, Address[] Sources)
{
    public bool Equals(StaticGroup? other) => other is not null && AllSources == other.AllSources && Sources.SequenceEqual(other.Sources);

    public override int GetHashCode() => HashCode.Combine(AllSources, Sources.Length);
}

/// <summary>The static groups of an interface at one instant, to be added to those that hosts have made.</summary>
internal sealed class StaticGroupStates(KeyValuePair<Address, StaticGroup>[] groups, Dialect dialect, Instant now)
{
    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => groups.Length == 0;

    /// <summary>Both are forwarded, so the filter of a group is the union of the two. In no order.</summary>
    public GroupState[] AddTo(GroupState[] learnt)
    {
        var all = learnt.ToDictionary(each => each.Group);
        foreach (var (address, group) in groups)
        {
            var state = all.GetValueOrDefault(address)
                ?? new GroupState
                {
                    Group = address,
                    Mode = FilterMode.Include,
                    UpTime = now - group.Since,
                    LastReporter = dialect.Unspecified,
                    CompatibilityMode = dialect.CurrentVersion,
                };
            all[address] = Union(state, group);
        }

        return [.. all.Values];
    }

    private static GroupState Union(GroupState state, StaticGroup group)
    {
        var sources = state.Sources.ToDictionary(each => each.Source);
        foreach (var source in group.Sources)
            sources[source] = (sources.GetValueOrDefault(source) ?? new SourceState { Source = source }) with { IsStatic = true };
        return state with
        {
            Mode = group.AllSources ? FilterMode.Exclude : state.Mode,
            IsStatic = group.AllSources,
            Sources =
            [.. sources.Values.OrderBy(each => each.Source).Select(each => group.AllSources ? each with { IsStatic = true } : each)],
        };
    }
}
