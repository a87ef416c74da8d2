using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// Explicit tracking (RFC 9776 appendix A.2, RFC 8652 <c>explicit-tracking</c>): which host wants a group from all sources, and which host
/// wants or excludes a source. A host is forgotten when it has not said so within the Group Membership Interval.
/// </summary>
/// <remarks>Where there may be unknown members, their absence is never assumed: then leaves cause queries as without tracking.</remarks>
internal sealed class HostTracking(RouterContext context)
{
    private readonly SweepTimer sweep = new();
    private Instant incompleteUntil;
    private int entries;
    private bool limitTold;
    private bool refused;

    /// <summary>Whether hosts are tracked.</summary>
    public bool IsOn => context.Settings.ExplicitTracking;

    /// <summary>Some hosts may not have been heard so far: after the Group Membership Interval all members will have been.</summary>
    public void Start(Instant now) => incompleteUntil = now + context.GroupMembershipInterval;

    /// <summary>
    /// The settings have changed. Hosts may be accepted from now on that were not heard until now, unless all that differs is what the
    /// router itself sends, does and forwards.
    /// </summary>
    public void SettingsChanged(RouterSettings before, Instant now)
    {
        limitTold &= before.MaxHosts == context.Settings.MaxHosts;
        if (Hearing(before) != Hearing(context.Settings))
            Start(now);
    }

    /// <summary>A record has been applied to the group.</summary>
    /// <param name="group">The group, as it is now.</param>
    /// <param name="record">The record.</param>
    /// <param name="host">Its sender.</param>
    /// <param name="number">The number by which the sources know that it names them: <see cref="Source.NamedIn"/>.</param>
    /// <param name="now">The present.</param>
    public void Heard(Group group, in GroupRecord record, Address host, long number, Instant now)
    {
        if (host.IsUnspecified)
        {
            // §4.2.14: any number of hosts.
            (group.Hosts ??= new HostList()).IncompleteUntil = now + context.GroupMembershipInterval;
            return;
        }

        refused = false;
        switch (record.Type)
        {
            case RecordType.IsExclude or RecordType.ToExclude:
                Excludes(group, host, number, now);
                break;
            case RecordType.IsInclude or RecordType.Allow:
                Wants(group, record.Sources, host, now);
                break;
            case RecordType.ToInclude:
                // In INCLUDE mode it may be one part of a list that was split (§4.2.17): what it does not name, another part may.
                if (record.Sources.IsEmpty || WantsAll(group, host, now))
                    ForgetSourcesOf(group, host);
                Forget(group.Hosts, host);
                Wants(group, record.Sources, host, now);
                break;
            case RecordType.Block:
                Blocks(group, record.Sources, host, now);
                break;
        }

        if (refused)
            context.Drop(DropReason.HostLimit);
        if (entries > 0 && !sweep.IsRunning)
            context.Timers.Start(sweep, now + context.GroupMembershipInterval);
    }

    /// <summary>Whether it is certain that no host wants the group from all sources.</summary>
    public bool KnowsNoneOf(Group group, Instant now) =>
        IsComplete(group, now) && group.Hosts?.HasAny(FilterMode.Exclude, null, now) != true;

    /// <summary>Whether it is certain that no host wants the source.</summary>
    public bool KnowsNoneOf(Source source, Instant now) =>
        IsComplete(source.Group, now) && source.Hosts?.HasAny(FilterMode.Include, null, now) != true
        && source.Group.Hosts?.HasAny(FilterMode.Exclude, source.Hosts, now) != true;

    /// <summary>Forgets the hosts of a group that is gone or no longer tracked, and those of its sources.</summary>
    public void Forget(Group group)
    {
        for (var source = group.FirstSource; source is not null; source = source.Next)
            Forget(source);
        entries -= group.Hosts?.Count ?? 0;
        group.Hosts = null;
        Recover();
    }

    /// <summary>Forgets the hosts of a source that is gone or no longer tracked.</summary>
    public void Forget(Source source)
    {
        entries -= source.Hosts?.Count ?? 0;
        source.Hosts = null;
        Recover();
    }

    /// <summary>Forgets the hosts that have not been heard lately. The next host that is heard schedules that again.</summary>
    public void Sweep(IEnumerable<Group> groups, Instant now)
    {
        foreach (var group in groups)
        {
            entries -= group.Hosts?.RemoveExpired(now) ?? 0;
            for (var source = group.FirstSource; source is not null; source = source.Next)
                entries -= source.Hosts?.RemoveExpired(now) ?? 0;
        }

        Recover();
    }

    private static RouterSettings Hearing(RouterSettings settings) => settings with
    {
        Timing = Timing.Default,
        ImmediateLeave = default,
        ImmediateLeaveScope = default,
        StaticGroups = [],
        LocalJoins = [],
        JoinsRoutersGroup = default,
        Mtu = default,
    };

    private void Excludes(Group group, Address host, long number, Instant now)
    {
        Keep(group.Hosts ??= new HostList(), host, FilterMode.Exclude, now);
        for (var source = group.FirstSource; source is not null; source = source.Next)
        {
            if (source.NamedIn == number)
                Keep(source.Hosts ??= new HostList(), host, FilterMode.Exclude, now);
            else
                Forget(source.Hosts, host);
        }
    }

    private void Wants(Group group, SourceList sources, Address host, Instant now)
    {
        // A host in EXCLUDE mode says so too, when it is asked for sources or allows them (§5.1, §5.2): it excludes them no longer.
        var wantsAll = WantsAll(group, host, now);
        foreach (var address in sources)
        {
            if (group.Find(address) is not { } source)
                continue;
            if (wantsAll)
                Forget(source.Hosts, host);
            else
                Keep(source.Hosts ??= new HostList(), host, FilterMode.Include, now);
        }
    }

    private void Blocks(Group group, SourceList sources, Address host, Instant now)
    {
        var wantsAll = WantsAll(group, host, now);
        foreach (var address in sources)
        {
            if (group.Find(address) is not { } source)
                continue;
            if (wantsAll)
                Keep(source.Hosts ??= new HostList(), host, FilterMode.Exclude, now);
            else
                Forget(source.Hosts, host);
        }
    }

    private void ForgetSourcesOf(Group group, Address host)
    {
        for (var source = group.FirstSource; source is not null; source = source.Next)
            Forget(source.Hosts, host);
    }

    private static bool WantsAll(Group group, Address host, Instant now) => group.Hosts?.Find(host, now) is not null;

    private bool IsComplete(Group group, Instant now) =>
        // Members of versions 1 and 2 are suppressed by others' reports, so not all of them are heard.
        now >= incompleteUntil && now >= (group.Hosts?.IncompleteUntil ?? default) && group.CompatibilityMode.HasSources;

    private void Keep(HostList hosts, Address host, FilterMode mode, Instant now)
    {
        var grown = hosts.Keep(host, mode, now, now + context.GroupMembershipInterval, entries < context.Settings.MaxHosts);
        entries += Math.Max(grown, 0);
        if (grown >= 0)
            return;
        refused = true;
        incompleteUntil = now + context.GroupMembershipInterval;
        if (!limitTold)
            context.Tell(StateChange.HostLimitReached, source: host);
        limitTold = true;
    }

    private void Forget(HostList? hosts, Address host)
    {
        if (hosts?.Remove(host) == true)
            entries--;
        Recover();
    }

    private void Recover()
    {
        limitTold &= StateLimits.IsNear(entries, context.Settings.MaxHosts);
        // Nobody is left to be forgotten later.
        if (entries == 0)
            context.Timers.Stop(sweep);
    }
}

/// <summary>The time at which hosts that have not been heard are looked for.</summary>
internal sealed class SweepTimer : QueuedTimer;
