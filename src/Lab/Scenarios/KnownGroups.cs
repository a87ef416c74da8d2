using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios;

/// <summary>Which groups there are in a state dump.</summary>
public static class KnownGroups
{
    /// <summary>Whether the router has a record of exactly these groups, on all its interfaces together.</summary>
    public static bool Knows(this RouterState state, params Address[] groups)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Interfaces.SelectMany(each => each.Groups).Select(each => each.Group).Order().SequenceEqual(groups.Order());
    }
}
