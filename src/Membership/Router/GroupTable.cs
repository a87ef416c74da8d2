using System.Diagnostics;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>The groups of one interface: executes the state table (§6.4) and what timers do at their end (§6.2.2, §6.2.3, §6.5).</summary>
internal sealed partial class GroupTable(RouterContext context, SpecificQueries queries)
{
    private readonly Dictionary<Address, Group> groups = [];
    private readonly List<Source> queried = [];
    private readonly StateLimits limits = new(context);
    private readonly HostTracking tracking = new(context);
    private DropReason? refusedSource;
    private long records;

    public int Count => groups.Count;

    /// <summary>How many source records all groups have.</summary>
    public int SourceCount => limits.SourceCount;

    public Group? Find(Address group) => groups.GetValueOrDefault(group);

    /// <summary>Applies a report or leave of version 1 or 2 whose group has been checked: translated to a record (§7.3.2).</summary>
    public void Apply(in GroupMessage message, Address reporter, Instant now)
    {
        var isReport = message.Kind == GroupMessageKind.Report;
        Apply(new GroupRecord { Type = isReport ? RecordType.IsExclude : RecordType.ToInclude, Group = message.Group }, reporter, now);
        if (!isReport || Find(message.Group) is not { } group)
            return;
        group.OlderHosts ??= new OlderHosts(group);
        var timer = message.Version == 1 ? group.OlderHosts.Version1 : group.OlderHosts.Version2;
        context.Timers.Start(timer, now + context.OlderHostPresentInterval);
        UpdateCompatibilityMode(group);
    }

    /// <summary>Applies one record whose type and group have been checked.</summary>
    public void Apply(in GroupRecord record, Address reporter, Instant now)
    {
        var group = Find(record.Group);
        switch (GroupCompatibility.Of(record.Type, group?.CompatibilityMode ?? context.Version))
        {
            case Treatment.AsItIs:
                Execute(record, group, reporter, now);
                break;
            case Treatment.WithoutSources:
                Execute(new GroupRecord { Type = record.Type, Group = record.Group }, group, reporter, now);
                break;
            case Treatment.Ignored:
                context.Drop(DropReason.CompatibilityMode);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>
    /// §6.6.1: a query of any router, unless the S flag is set, lowers the timers of what it asks for to the Last Member Query Time. A General
    /// Query asks for nothing in particular; in INCLUDE mode no group timer runs; a timer that is lower, or at zero, stays. For a query of
    /// version 2 the time is made of what it grants itself (RFC 2236 §3).
    /// </summary>
    public void LowerTimers(in Query query, Instant now)
    {
        if (query.SuppressRouterSideProcessing || query.Kind == QueryKind.General || Find(query.Group) is not { } group)
            return;
        var lowered = now + (query.Version == context.Dialect.CurrentVersion
            ? context.LastMemberQueryTime
            : query.MaxResponseTime * context.Timing.LastMemberQueryCount);
        if (query.Kind == QueryKind.GroupSpecific)
        {
            Lower(group, lowered);
            return;
        }

        foreach (var address in query.Sources)
        {
            if (group.Find(address) is { } source)
                Lower(source, lowered);
        }
    }

    /// <summary>§6.5: without a report for EXCLUDE mode, the group goes back to INCLUDE with the forwarded sources, or goes away.</summary>
    public void GroupTimerExpired(Group group, Instant now)
    {
        group.Mode = FilterMode.Include;
        queries.Drop(group);
        for (var source = group.FirstSource; source is not null; source = source.Next)
        {
            // A source timer that ends at the same instant has ended too, whichever comes first.
            if (source.IsRunning && source.Due > now)
                continue;
            Forget(source);
        }

        if (group.SourceCount == 0)
        {
            Remove(group);
            return;
        }

        context.Tell(StateChange.FilterModeChanged, group.Address);
        NoteForwarding(group);
    }

    /// <summary>§6.2.3: in INCLUDE mode the source goes, and the group with the last one; in EXCLUDE mode it is blocked from now on.</summary>
    public void SourceTimerExpired(Source source)
    {
        var group = source.Group;
        queries.Drop(source);
        if (group.Mode == FilterMode.Exclude)
        {
            context.Tell(StateChange.SourceBlocked, group.Address, source.Address);
            NoteForwarding(group);
            return;
        }

        context.Tell(StateChange.SourceRemoved, group.Address, source.Address);
        Remove(source);
        if (group.SourceCount == 0)
            Remove(group);
        else
            NoteForwarding(group);
    }

    /// <summary>§7.3.2: the last member of an older version may be gone.</summary>
    public void OlderHostGone(OlderHostPresentTimer timer)
    {
        if (timer.Group.OlderHosts is { Version1.IsRunning: false, Version2.IsRunning: false })
            timer.Group.OlderHosts = null;
        UpdateCompatibilityMode(timer.Group);
    }

    /// <summary>The configured version has changed, and with it the newest mode that a group can have.</summary>
    public void VersionChanged()
    {
        foreach (var group in groups.Values)
            UpdateCompatibilityMode(group);
    }

    /// <summary>Drops all groups.</summary>
    public void Clear()
    {
        foreach (var group in groups.Values.ToArray())
            Clear(group);
    }

    /// <summary>Forgets a group and its sources.</summary>
    public void Clear(Group group)
    {
        queries.Drop(group);
        for (var source = group.FirstSource; source is not null; source = source.Next)
            Forget(source);
        Remove(group);
    }

    /// <summary>§6.3.</summary>
    public bool Forwards(Address source, Address group)
    {
        if (Find(group) is not { } found || !context.Dialect.IsForwardable(group))
            return false;
        return found.Find(source)?.IsRunning ?? found.Mode == FilterMode.Exclude;
    }

    /// <summary>All groups, in no order.</summary>
    public Group[] ToArray() => [.. groups.Values];

    /// <summary>Whether this very record is still in the table.</summary>
    public bool Holds(Group group) => Find(group.Address) == group;

    private void Execute(in GroupRecord record, Group? group, Address reporter, Instant now)
    {
        refusedSource = null;
        ExecuteRow(record, group, reporter, now);
        // Once per record, however many sources it names.
        if (refusedSource is not { } reason)
            return;
        context.Drop(reason);
        // Of this host, nothing is known about that source.
        tracking.Start(now);
    }

    private void ExecuteRow(in GroupRecord record, Group? group, Address reporter, Instant now)
    {
        var before = group?.Mode ?? FilterMode.Include;
        var transition = StateTable.For(before, record.Type);
        if (group is null)
        {
            if (!transition.CreatesGroup(HasAdmissibleSource(record)))
                return;
            if (limits.RefusesGroup(groups.Count, record.Group))
            {
                tracking.Start(now);
                return;
            }

            group = new Group(record.Group, now, context.Version);
            groups.Add(record.Group, group);
            context.Tell(StateChange.GroupAdded, record.Group);
            NoteForwarding(group);
        }
        else if (group.Mode != transition.NewMode)
        {
            context.Tell(StateChange.FilterModeChanged, record.Group);
            NoteForwarding(group);
        }

        group.Mode = transition.NewMode;
        group.LastReporter = reporter;
        queried.Clear();
        ApplyToNamed(group, transition, record.Sources, now);
        if (transition.TouchesUnnamed)
            ApplyToUnnamed(group, transition, now);
        // After the sources: some of them have taken over the old value (§6.4.2).
        if (transition.RenewsGroupTimer)
            context.Timers.Start(group, now + context.GroupMembershipInterval);
        if (tracking.IsOn)
            tracking.Heard(group, record, reporter, records, now);
        var asksGroup = transition.QueriesGroup;
        if (!asksGroup && queried.Count == 0)
            return;
        if (Leaves.MayCountAtOnce(context, group, record, before))
            asksGroup &= !EndAtOnce(group, asksGroup, now);
        queries.Ask(group, asksGroup, queried, now);
    }

    private void ApplyToNamed(Group group, Transition transition, SourceList sources, Instant now)
    {
        records++;
        foreach (var address in sources)
        {
            var source = group.Find(address);
            if (source is null)
            {
                if (transition.Named.Outcome == Outcome.Unchanged || !IsAdmissible(address, group.Address, group))
                    continue;
                source = group.Add(address);
                limits.SourceAdded();
                source.NamedIn = records;
                Settle(source, transition.Named, now);
            }
            else if (source.NamedIn != records)
            {
                source.NamedIn = records;
                Settle(source, source.IsRunning ? transition.ForwardedAndNamed : transition.BlockedAndNamed, now);
            }
        }
    }

    private void ApplyToUnnamed(Group group, Transition transition, Instant now)
    {
        for (var source = group.FirstSource; source is not null; source = source.Next)
        {
            if (source.NamedIn != records)
                Settle(source, source.IsRunning ? transition.Forwarded : transition.Blocked, now);
        }
    }

    private void Settle(Source source, SourceFate fate, Instant now)
    {
        switch (fate.Outcome)
        {
            case Outcome.Unchanged:
                break;
            case Outcome.ForwardedForGmi:
                Forward(source, now + context.GroupMembershipInterval);
                break;
            case Outcome.ForwardedAsLongAsGroup:
                Forward(source, source.Group.Due);
                break;
            case Outcome.Blocked:
                context.Timers.Stop(source);
                context.Tell(StateChange.SourceBlocked, source.Group.Address, source.Address);
                NoteForwarding(source.Group);
                break;
            case Outcome.Deleted:
                Forget(source);
                NoteForwarding(source.Group);
                break;
            default:
                throw new UnreachableException();
        }

        if (fate.Query)
            queried.Add(source);
    }

    private void Forward(Source source, Instant until)
    {
        if (!source.IsRunning)
        {
            context.Tell(StateChange.SourceForwarded, source.Group.Address, source.Address);
            NoteForwarding(source.Group);
        }

        context.Timers.Start(source, until);
    }

    private void Forget(Source source)
    {
        queries.Drop(source);
        context.Timers.Stop(source);
        Remove(source);
        context.Tell(StateChange.SourceRemoved, source.Group.Address, source.Address);
    }

    private void Remove(Source source)
    {
        source.Group.Remove(source);
        limits.SourceRemoved(source.Group);
        tracking.Forget(source);
    }

    private void Remove(Group group)
    {
        context.Timers.Stop(group);
        if (group.OlderHosts is { } older)
        {
            context.Timers.Stop(older.Version1);
            context.Timers.Stop(older.Version2);
        }

        groups.Remove(group.Address);
        limits.GroupRemoved(groups.Count);
        tracking.Forget(group);
        context.Tell(StateChange.GroupRemoved, group.Address);
        NoteForwarding(group);
    }

    private void UpdateCompatibilityMode(Group group)
    {
        var mode = GroupCompatibility.ModeOf(group.OlderHosts, context.Version);
        if (mode == group.CompatibilityMode)
            return;
        group.CompatibilityMode = mode;
        context.Tell(StateChange.CompatibilityModeChanged, group.Address, mode: mode);
    }

    private void NoteForwarding(Group group)
    {
        if (group.ForwardingNotedIn == context.Call)
            return;
        group.ForwardingNotedIn = context.Call;
        context.Emit(new ForwardingChanged(group.Address));
    }

    private void Lower(QueuedTimer timer, Instant lowered)
    {
        if (timer.IsRunning && timer.Due > lowered)
            context.Timers.Start(timer, lowered);
    }
}
