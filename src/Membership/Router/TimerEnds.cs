using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>What group timers and source timers do when they expire (§6.2.2, §6.2.3, §6.5).</summary>
internal sealed class TimerEnds(RouterContext context, SpecificQueries queries, GroupStore store)
{
    /// <summary>§6.5: without a report for EXCLUDE mode, the group returns to INCLUDE with the forwarded sources, or is deleted.</summary>
    public void GroupTimerEnds(Group group, Instant now)
    {
        group.Mode = FilterMode.Include;
        queries.Drop(group);
        for (var source = group.FirstSource; source is not null; source = source.Next)
        {
            // A source timer that expires at the same instant has expired too, whichever comes first.
            if (source.IsRunning && source.Due > now)
                continue;
            store.Remove(source);
        }

        if (group.SourceCount == 0)
        {
            store.Remove(group);
            return;
        }

        context.Tell(StateChange.FilterModeChanged, group.Address);
        store.NoteForwarding(group);
    }

    /// <summary>
    /// §6.2.3: in INCLUDE mode the source goes, and the group with the last one; in EXCLUDE mode it is blocked from now on.
    /// </summary>
    public void SourceTimerEnds(Source source)
    {
        var group = source.Group;
        if (group.Mode == FilterMode.Exclude)
        {
            queries.Drop(source);
            context.Tell(StateChange.SourceBlocked, group.Address, source.Address);
            store.NoteForwarding(group);
            return;
        }

        store.Remove(source);
        if (group.SourceCount == 0)
            store.Remove(group);
        else
            store.NoteForwarding(group);
    }
}
