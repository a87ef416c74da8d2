using MulticastLab.Daemon.State;
using MulticastLab.Membership.State;

namespace MulticastLab.Lab.Devices;

/// <summary>
/// Reads the state dump of a device, which may leave out what the device does not know, and may list its entries in any order.
/// </summary>
internal static class DeviceDump
{
    /// <summary>Reads a dump.</summary>
    /// <returns>The state, its groups and sources ascending, as readers of a state expect.</returns>
    /// <exception cref="FormatException">It is not one: not JSON, without interfaces, or with leaves of the wrong type.</exception>
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
