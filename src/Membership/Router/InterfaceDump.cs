using MulticastLab.Membership.Router.Policies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// The state of one interface, taken in slices so that a large table keeps nobody waiting: every group that was there at the start
/// and still is when its turn comes, as it is then. Taken in one go it is the state at one instant.
/// </summary>
public sealed class InterfaceDump
{
    private readonly RouterInterface router;
    private readonly GroupTable table;
    private readonly Group[] groups;
    private readonly GroupState[] taken;
    private readonly StaticGroups statics;
    private InterfaceState? head;
    private StaticGroupStates? configured;
    private int next;
    private int count;

    internal InterfaceDump(RouterInterface router, GroupTable table, StaticGroups statics)
    {
        this.statics = statics;
        this.router = router;
        this.table = table;
        groups = table.ToArray();
        taken = new GroupState[groups.Length];
    }

    /// <summary>Takes some more groups. Between two calls the interface may have gone on.</summary>
    /// <param name="most">How many groups at most.</param>
    /// <param name="now">The present.</param>
    /// <returns>Whether all is taken.</returns>
    public bool Continue(int most, Instant now)
    {
        if (head is not null)
            return true;
        for (var end = Math.Min(groups.Length, next + most); next < end; next++)
        {
            if (table.Holds(groups[next]))
                taken[count++] = GroupTable.Dump(groups[next], now);
        }

        if (next < groups.Length)
            return false;
        head = router.Summary(now);
        configured = statics.Dump(now);
        return true;
    }

    /// <summary>The state, its groups ascending. Touches nothing of the interface, so it may be made on any thread.</summary>
    /// <exception cref="InvalidOperationException">Not all is taken yet.</exception>
    public InterfaceState ToState()
    {
        var state = head ?? throw new InvalidOperationException("Not all groups are taken yet.");
        var all = configured!.AddTo(taken.AsSpan(0, count).ToArray());
        Array.Sort(all, static (a, b) => a.Group.CompareTo(b.Group));
        return state with { Groups = all, GroupCount = all.Length };
    }
}
