using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>What policies have to say about the groups: which sources there may be, which leaves count at once, what a new configuration ends.</summary>
internal sealed partial class GroupTable
{
    /// <summary>From now on hosts are heard and, where that is wanted, tracked: others may have been heard before.</summary>
    public void StartTracking(Instant now) => tracking.Start(now);

    /// <summary>It is time to forget tracked hosts that have not been heard lately.</summary>
    public void SweepHosts(Instant now) => tracking.Sweep(groups.Values, now);

    /// <summary>The policies have changed: drops the groups and sources that they deny.</summary>
    public void PoliciesChanged(Instant now)
    {
        limits.Reset();
        tracking.Start(now);
        foreach (var group in groups.Values.ToArray())
        {
            group.IsFull = false;
            if (!tracking.IsOn)
                tracking.Forget(group);
            var permitted = context.Settings.GroupPolicy.Permits(group.Address);
            for (var source = group.FirstSource; source is not null; source = source.Next)
            {
                if (permitted && context.Settings.SourcePolicy.Permits(source.Address))
                    continue;
                Forget(source);
                NoteForwarding(group);
            }

            if (!permitted || (group.Mode == FilterMode.Include && group.SourceCount == 0))
            {
                queries.Drop(group);
                Remove(group);
            }
        }
    }

    /// <summary>Ends what would be asked for as far as a leave counts at once; what is left is asked for.</summary>
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
            SourceTimerExpired(source);
        }

        if (!asksGroup || !Leaves.EndAtOnce(context, tracking.KnowsNoneOf(group, now)))
            return false;
        context.Timers.Stop(group);
        GroupTimerExpired(group, now);
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
    /// Whether there may be a record of this source. §4.2.10 speaks of unicast addresses; what cannot be a source, is denied or has no room is
    /// passed over, and the rest of the record counts.
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
