using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>The groups of one interface and their source records: what there is, within its limits. Additions and removals are
/// reported.</summary>
internal sealed class GroupStore(RouterContext context, SpecificQueries queries, StateLimits limits, HostTracking tracking)
{
    private readonly Dictionary<Address, Group> groups = [];

    public int Count => groups.Count;

    /// <summary>All groups, in no order.</summary>
    public IReadOnlyCollection<Group> All => groups.Values;

    public Group? Find(Address group) => groups.GetValueOrDefault(group);

    /// <summary>Whether this very record is still in the table.</summary>
    public bool Holds(Group group) => Find(group.Address) == group;

    /// <summary>A new group; null when there is no room for it.</summary>
    public Group? Add(Address address, Instant now)
    {
        if (limits.RefusesGroup(groups.Count, address))
            return null;
        var group = new Group(address, now, context.Generation);
        groups.Add(address, group);
        context.Tell(StateChange.GroupAdded, address);
        NoteForwarding(group);
        return group;
    }

    /// <summary>A new source record of the group, for which there must be room. The caller reports its state.</summary>
    public Source Add(Group group, Address source)
    {
        limits.SourceAdded();
        return group.Add(source);
    }

    /// <summary>Drops a group that has no sources any more.</summary>
    public void Remove(Group group)
    {
        context.Timers.Stop(group);
        if (group.OlderHosts is { } older)
        {
            context.Timers.Stop(older.OfReports);
            context.Timers.Stop(older.OfLeaves);
        }

        groups.Remove(group.Address);
        limits.GroupRemoved(groups.Count);
        tracking.Forget(group);
        context.Tell(StateChange.GroupRemoved, group.Address);
        NoteForwarding(group);
    }

    /// <summary>Drops a source, whether or not its timer runs. The caller notes that forwarding has changed.</summary>
    public void Remove(Source source)
    {
        queries.Drop(source);
        context.Timers.Stop(source);
        source.Group.Remove(source);
        limits.SourceRemoved(source.Group);
        tracking.Forget(source);
        context.Tell(StateChange.SourceRemoved, source.Group.Address, source.Address);
    }

    /// <summary>Drops a group and its sources.</summary>
    public void Clear(Group group)
    {
        queries.Drop(group);
        for (var source = group.FirstSource; source is not null; source = source.Next)
            Remove(source);
        Remove(group);
    }

    /// <summary>§7.3.2: the group's mode follows from its members of older versions, of which some may have come or gone.</summary>
    public void UpdateCompatibilityMode(Group group)
    {
        if (group.OlderHosts is { AreGone: true })
            group.OlderHosts = null;
        var mode = GroupCompatibility.ModeOf(group.OlderHosts, context.Generation);
        if (mode == group.CompatibilityMode)
            return;
        group.CompatibilityMode = mode;
        context.Tell(StateChange.CompatibilityModeChanged, group.Address, mode: mode);
    }

    /// <summary>Notes, once per call, that the forwarding of a group may have changed.</summary>
    public void NoteForwarding(Group group)
    {
        if (group.ForwardingNotedIn == context.Call)
            return;
        group.ForwardingNotedIn = context.Call;
        context.Emit(new ForwardingChanged(group.Address));
    }
}
