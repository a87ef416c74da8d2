using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// The limits of <see cref="RouterSettings.MaxGroups"/>, <see cref="RouterSettings.MaxSources"/> and
/// <see cref="RouterSettings.MaxSourcesPerGroup"/>. What is there stays and is refreshed; what is new is refused and counted. That a limit
/// is reached is reported once, until the count has fallen a tenth below it.
/// </summary>
internal sealed class StateLimits(RouterContext context)
{
    private bool groupsTold;
    private bool sourcesTold;
    private int fullGroups;

    /// <summary>How many source records there are on the interface.</summary>
    public int SourceCount { get; private set; }

    /// <summary>Whether there is no room for another group; counts and reports the refusal.</summary>
    public bool RefusesGroup(int count, Address group)
    {
        if (count < (context.Settings.MaxGroups ?? int.MaxValue))
            return false;
        context.Drop(DropReason.GroupLimit);
        TellOnce(ref groupsTold, StateChange.GroupLimitReached, group);
        return true;
    }

    /// <summary>
    /// Whether there is no room for another source of this group, which may be new; reports it. The caller counts the record.
    /// </summary>
    public bool RefusesSource(Address address, Group? group)
    {
        if (SourceCount >= (context.Settings.MaxSources ?? int.MaxValue))
        {
            TellOnce(ref sourcesTold, StateChange.SourceLimitReached, address);
            return true;
        }

        if (group is null || group.SourceCount < (context.Settings.MaxSourcesPerGroup ?? int.MaxValue))
            return false;
        if (!group.IsFull)
        {
            group.IsFull = true;
            if (++fullGroups == 1)
                context.Tell(StateChange.SourceLimitReached, address);
        }

        return true;
    }

    public void SourceAdded() => SourceCount++;

    public void SourceRemoved(Group group)
    {
        SourceCount--;
        sourcesTold &= IsNear(SourceCount, context.Settings.MaxSources);
        if (group.IsFull && !IsNear(group.SourceCount, context.Settings.MaxSourcesPerGroup))
        {
            group.IsFull = false;
            fullGroups--;
        }
    }

    /// <summary>There are now this many groups.</summary>
    public void GroupRemoved(int count) => groupsTold &= IsNear(count, context.Settings.MaxGroups);

    /// <summary>Whether the limits of the one are others than those of the other.</summary>
    public static bool Differ(RouterSettings one, RouterSettings other) =>
        one.MaxGroups != other.MaxGroups || one.MaxSources != other.MaxSources || one.MaxSourcesPerGroup != other.MaxSourcesPerGroup;

    /// <summary>The settings have changed: the next refusal by another limit is reported again.</summary>
    public void SettingsChanged(RouterSettings before)
    {
        if (!Differ(before, context.Settings))
            return;
        groupsTold = sourcesTold = false;
        fullGroups = 0;
    }

    private void TellOnce(ref bool told, StateChange what, Address group)
    {
        if (!told)
            context.Tell(what, group);
        told = true;
    }

    /// <summary>Whether the count has not yet fallen a tenth below the limit.</summary>
    public static bool IsNear(int count, int? limit) => limit is { } most && count > most - Math.Max(1, most / 10);
}
