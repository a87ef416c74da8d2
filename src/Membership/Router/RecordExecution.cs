using System.Diagnostics;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>Executes the state table (§6.4) for one record after the other, as far as the policies let it.</summary>
internal sealed class RecordExecution(
    RouterContext context, SpecificQueries queries, GroupStore store, StateLimits limits, TimerEnds timers, HostTracking tracking)
{
    private readonly List<Source> queried = [];
    private DropReason? refusedSource;
    private bool isMapped;
    private long records;

    /// <summary>Executes a record.</summary>
    /// <param name="record">The record: what its type and list mean in the group's compatibility mode.</param>
    /// <param name="group">Its group; null when there is no state of it.</param>
    /// <param name="reporter">Its sender.</param>
    /// <param name="mapped">Whether its sources are those of a mapping, and not of the sender.</param>
    /// <param name="now">The present.</param>
    public void Execute(in GroupRecord record, Group? group, Address reporter, bool mapped, Instant now)
    {
        refusedSource = null;
        isMapped = mapped;
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
            group = store.Add(record.Group, now);
            if (group is null)
            {
                tracking.Start(now);
                return;
            }
        }
        else if (group.Mode != transition.NewMode)
        {
            context.Tell(StateChange.FilterModeChanged, record.Group);
            store.NoteForwarding(group);
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
                source = store.Add(group, address);
                source.IsMapped = isMapped;
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
                source.IsMapped &= isMapped;
                break;
            case Outcome.ForwardedAsLongAsGroup:
                Forward(source, source.Group.Due);
                break;
            case Outcome.Blocked:
                context.Timers.Stop(source);
                context.Tell(StateChange.SourceBlocked, source.Group.Address, source.Address);
                store.NoteForwarding(source.Group);
                break;
            case Outcome.Deleted:
                store.Remove(source);
                store.NoteForwarding(source.Group);
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
            store.NoteForwarding(source.Group);
        }

        context.Timers.Start(source, until);
    }

    /// <summary>Ends what would be queried as far as a leave takes effect at once; what is left is queried.</summary>
    /// <returns>Whether the group has ended, or gone back to INCLUDE.</returns>
    private bool EndAtOnce(Group group, bool asksGroup, Instant now)
    {
        for (var i = queried.Count - 1; i >= 0; i--)
        {
            var source = queried[i];
            if (!Leaves.EndAtOnce(context, tracking.KnowsNoneOf(source, now)))
                continue;
            queried.RemoveAt(i);
            context.Timers.Stop(source);
            timers.SourceTimerEnds(source);
        }

        if (!asksGroup || !Leaves.EndAtOnce(context, tracking.KnowsNoneOf(group, now)))
            return false;
        context.Timers.Stop(group);
        timers.GroupTimerEnds(group, now);
        return true;
    }

    private bool HasAdmissibleSource(in GroupRecord record)
    {
        foreach (var source in record.Sources)
        {
            if (IsAdmissible(source, record.Group, null))
                return true;
        }

        return false;
    }

    /// <summary>
    /// Whether there may be a record of this source. §4.2.10 speaks of unicast addresses; what cannot be a source, is denied or has no room
    /// is passed over, and the rest of the record counts.
    /// </summary>
    private bool IsAdmissible(Address source, Address address, Group? group)
    {
        if (!context.Dialect.IsSource(source))
            return false;
        if (!context.Settings.SourcePolicy.Permits(source))
            refusedSource = DropReason.SourceDenied;
        else if (limits.RefusesSource(address, group))
            refusedSource = DropReason.SourceLimit;
        else
            return true;
        return false;
    }
}
