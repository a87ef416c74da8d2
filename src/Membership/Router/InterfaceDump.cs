using MulticastLab.Membership.Router.Policies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// The state of one interface, taken in slices so that a large table blocks nobody: every group that was there at the start and still is
/// when its turn comes, in its state at that time. Taken in one go it is the state at one instant.
/// </summary>
public sealed class InterfaceDump
{
    private const int Chunk = 4096;

    private readonly RouterInterface router;
    private readonly GroupTable table;
    private readonly Group[] groups;
    private readonly List<GroupRow[]> taken = [];
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
    }

    /// <summary>Takes some more groups. Between two calls the interface may have gone on.</summary>
    /// <param name="most">How many groups at most.</param>
    /// <param name="now">The present.</param>
    /// <returns>Whether everything has been taken.</returns>
    public bool Continue(int most, Instant now)
    {
        if (head is not null)
            return true;
        for (var end = Math.Min(groups.Length, next + most); next < end; next++)
        {
            if (table.Holds(groups[next]))
                Take(GroupRow.Of(groups[next], router.Dialect, now));
        }

        if (next < groups.Length)
            return false;
        head = router.Summary(now);
        configured = statics.Dump(now);
        return true;
    }

    // In chunks: clearing the memory for all of them at once would itself be a pause.
    private void Take(in GroupRow row)
    {
        if (count % Chunk == 0)
            taken.Add(new GroupRow[Math.Min(Chunk, groups.Length - count)]);
        taken[^1][count++ % Chunk] = row;
    }

    /// <summary>The state, its groups ascending. Touches nothing of the interface, so it may be made on any thread.</summary>
    /// <exception cref="InvalidOperationException">Not everything has been taken yet.</exception>
    public InterfaceState ToState()
    {
        var state = head ?? throw new InvalidOperationException("Not all groups are taken yet.");
        var learnt = taken.SelectMany(static chunk => chunk).Take(count).ToArray();
        Array.Sort(learnt, static (a, b) => a.Group.CompareTo(b.Group));
        if (configured!.IsEmpty)
            return state with { Groups = new GroupStates(learnt), GroupCount = learnt.Length };
        var all = configured.AddTo([.. new GroupStates(learnt)]);
        Array.Sort(all, static (a, b) => a.Group.CompareTo(b.Group));
        return state with { Groups = all, GroupCount = all.Length };
    }
}
