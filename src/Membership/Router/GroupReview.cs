using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// Applies a changed configuration to existing groups: whatever no report could create any more is removed at once. What the new settings
/// would have let in is not known, and is learnt from the next reports.
/// </summary>
internal sealed class GroupReview(
    RouterContext context, GroupStore store, StateLimits limits, HostTracking tracking, TimerEnds timers, SsmMap ssmMap)
{
    /// <summary>Reviews all groups.</summary>
    /// <param name="before">The settings until now; those in force are the new ones.</param>
    /// <param name="now">The present.</param>
    public void Review(RouterSettings before, Instant now)
    {
        limits.SettingsChanged(before);
        tracking.SettingsChanged(before, now);
        var limitsChanged = StateLimits.Differ(before, context.Settings);
        var sourcePolicyChanged = !before.SourcePolicy.Equals(context.Settings.SourcePolicy);
        var mappingsChanged = !before.SsmMappings.Equals(context.Settings.SsmMappings);
        foreach (var group in store.All.ToArray())
        {
            if (!context.Settings.GroupPolicy.Permits(group.Address))
            {
                store.Clear(group);
                continue;
            }

            if (limitsChanged)
                group.IsFull = false;
            if (!tracking.IsOn)
                tracking.Forget(group);
            ReviewOlderHosts(group);
            if (context.Settings.IsSourceSpecific(group.Address, context.Dialect))
                ReviewSourceSpecific(group, mappingsChanged, now);
            if (!store.Holds(group))
                continue;
            RemoveSources(group, source => !context.Settings.SourcePolicy.Permits(source.Address));
            // In EXCLUDE mode sources may start or stop being forwarded without a record.
            if (sourcePolicyChanged && group.Mode == FilterMode.Exclude)
                store.NoteForwarding(group);
        }
    }

    /// <summary>
    /// §7.3.1, RFC 4604 §3.2: hosts of versions that are not served, and any in the source-specific range, do not decide about the mode of
    /// a group.
    /// </summary>
    private void ReviewOlderHosts(Group group)
    {
        if (group.OlderHosts is not { } older)
            return;
        var oldest = context.Settings.IsSourceSpecific(group.Address, context.Dialect) ? Generation.Sources : context.OldestGeneration;
        if (oldest > Generation.Reports)
            context.Timers.Stop(older.OfReports);
        if (oldest > Generation.Leaves)
            context.Timers.Stop(older.OfLeaves);
        store.UpdateCompatibilityMode(group);
    }

    /// <summary>
    /// RFC 4604 §2: there is no EXCLUDE mode in the source-specific range. The group goes back to the sources that were asked for by name,
    /// as it does when its timer expires, and to those that are mapped to it, for as long as that timer would have run.
    /// </summary>
    private void ReviewSourceSpecific(Group group, bool mappingsChanged, Instant now)
    {
        if (group.Mode == FilterMode.Exclude)
        {
            Map(group);
            tracking.Forget(group);
            context.Timers.Stop(group);
            timers.GroupTimerEnds(group, now);
        }
        else if (mappingsChanged)
        {
            RemoveSources(group, source => source.IsMapped && !ssmMap.Maps(group.Address, source.Address));
        }
    }

    private void Map(Group group)
    {
        var until = group.Due;
        foreach (var address in ssmMap.SourcesOf(group.Address))
        {
            var source = group.Find(address);
            // What all of them exclude (§4.2.13) is not requested by mapping either.
            if (source is { IsRunning: false })
                continue;
            if (source is null)
            {
                if (!context.Settings.SourcePolicy.Permits(address) || limits.RefusesSource(group.Address, group))
                    continue;
                source = store.Add(group, address);
                source.IsMapped = true;
                context.Tell(StateChange.SourceForwarded, group.Address, address);
            }

            if (!source.IsRunning || source.Due < until)
                context.Timers.Start(source, until);
        }
    }

    private void RemoveSources(Group group, Func<Source, bool> which)
    {
        for (var source = group.FirstSource; source is not null; source = source.Next)
        {
            if (!which(source))
                continue;
            store.Remove(source);
            store.NoteForwarding(group);
        }

        if (group.Mode == FilterMode.Include && group.SourceCount == 0)
            store.Clear(group);
    }
}
