using MulticastLab.Daemon.State;
using MulticastLab.Membership.State;

namespace MulticastLab.Lab.Devices;

/// <summary>
/// Reads the state dump of a device, which may leave out what the device does not know, and may list what it has in any order.
/// </summary>
internal static class DeviceDump
{
    /// <summary>Reads a dump.</summary>
    /// <returns>The state, its groups and sources ascending, as everybody expects who reads a state.</returns>
    /// <exception cref="FormatException">It is not one: not JSON, without interfaces, or with leaves that are something else than they
    /// should be.</exception>
    internal static RouterState Read(string text)
    {
        var state = RouterStateJson.Read(text);
        return state with
        {
            Interfaces =
            [.. state.Interfaces.Select(each => each with { Groups = [.. each.Groups.OrderBy(group => group.Group).Select(InOrder)] })],
        };
    }

    private static GroupState InOrder(GroupState group) => group with { Sources = [.. group.Sources.OrderBy(source => source.Source)] };
}
