using System.Diagnostics;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router.Policies;

/// <summary>
/// When a leave takes effect at once: <see cref="RouterSettings.ImmediateLeave"/>. What the state table would query ends at once instead.
/// </summary>
internal static class Leaves
{
    /// <summary>Whether such a record for such a group may take effect at once.</summary>
    /// <param name="context">The interface.</param>
    /// <param name="group">The group.</param>
    /// <param name="record">A record for which the state table has queries.</param>
    /// <param name="before">The group's filter mode before the record.</param>
    public static bool MayCountAtOnce(RouterContext context, Group group, in GroupRecord record, FilterMode before)
    {
        if (context.Settings.ImmediateLeave == ImmediateLeave.Never)
            return false;
        // §4.2.17: a TO_IN whose list was too long comes in several records; what this one does not name, another one may.
        if (before == FilterMode.Include && record is { Type: RecordType.ToInclude, Sources.IsEmpty: false })
            return false;
        return context.Settings.ImmediateLeaveScope == LeaveScope.All || context.Settings.IsSourceSpecific(group.Address, context.Dialect);
    }

    /// <summary>Whether a group or source that may end at once does so.</summary>
    /// <param name="context">The interface.</param>
    /// <param name="nobodyWantsIt">Whether it is known by tracking that no host wants it.</param>
    public static bool EndAtOnce(RouterContext context, bool nobodyWantsIt) => context.Settings.ImmediateLeave switch
    {
        ImmediateLeave.Never => false,
        ImmediateLeave.Tracked => nobodyWantsIt,
        ImmediateLeave.Always => true,
        _ => throw new UnreachableException(),
    };
}
