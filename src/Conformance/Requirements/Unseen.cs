using MulticastLab.Lab.Devices;

namespace MulticastLab.Conformance.Requirements;

/// <summary>The requirements that no test shows of a device of a role, each with the reason.</summary>
internal static class Unseen
{
    private static readonly Dictionary<string, string> OfRouters = new()
    {
    };

    private static readonly Dictionary<string, string> OfHosts = new()
    {
    };

    private static readonly Dictionary<string, string> OfSwitches = new()
    {
    };

    /// <summary>The reasons by the ids of the requirements.</summary>
    internal static IReadOnlyDictionary<string, string> For(DeviceRole role) => role switch
    {
        DeviceRole.Router or DeviceRole.Proxy => OfRouters,
        DeviceRole.Host => OfHosts,
        DeviceRole.Switch => OfSwitches,
    };
}
