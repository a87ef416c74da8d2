using MulticastLab.Lab.Devices;

namespace MulticastLab.Conformance.Requirements;

/// <summary>The requirements that no test shows of a device of a role, each with the reason.</summary>
internal static class Unseen
{
    private const string BindsHosts = "It binds hosts.";
    private const string BindsRouters = "It binds routers.";

    private static readonly Dictionary<string, string> OfRouters = new()
    {
        ["V3-M-5-01"] = "How well a slow path is protected shows only under a load that would disturb the judge as much as the device.",
        ["V3-R-6-03"] = "A device has one interface on each LAN of the bench.",
        ["V3-R-6.3-08"] = "It permits what another router may ask for by a routing protocol, and there is none on the bench.",
        ["V3-R-8-02"] = "A device is given its timers when it is started, and no others later.",
        ["V3-S-2.1-01"] = BindsHosts,
        ["V3-S-2.2-01"] = BindsHosts,
        ["V3-S-2.2-02"] = BindsHosts,
        ["V3-S-2.2-03"] = BindsHosts,
        ["V3-S-2.2-04"] = BindsHosts,
        ["V3-S-3.1-01"] = "What a router writes to its log stays there.",
        ["V3-S-4.2.13-01"] = BindsHosts,
        ["V3-X-3-01"] = BindsHosts,
        ["V3-X-3-02"] = BindsHosts,
        ["V3-X-3-03"] = BindsHosts,
        ["V3-X-3-04"] = BindsHosts,
        ["V3-X-4-01"] = BindsHosts,
        ["V3-X-4.2.15-01"] = BindsHosts,
        ["V3-X-7.1-01"] = "Nothing that a router does depends on whether a query of 8 octets is one of version 1 or of version 2.",
        ["V3-X-7.1-02"] = "Nothing that a router does depends on whether a query of 8 octets is one of version 1 or of version 2.",
        ["V3-X-7.2.1-01"] = BindsHosts,
        ["V3-X-7.2.1-02"] = BindsHosts,
        ["V3-X-7.2.1-03"] = BindsHosts,
        ["V3-X-7.2.1-04"] = BindsHosts,
        ["V3-X-7.2.1-05"] = BindsHosts,
        ["V3-X-7.2.1-06"] = BindsHosts,
        ["V3-X-7.2.1-07"] = BindsHosts,
        ["V3-X-7.2.1-08"] = BindsHosts,
        ["V3-X-7.2.1-09"] = BindsHosts,
        ["V3-X-7.2.1-10"] = BindsHosts,
        ["V3-X-7.2.1-11"] = BindsHosts,
        ["V3-X-7.2.1-12"] = BindsHosts,
        ["V3-X-7.2.1-13"] = BindsHosts,
        ["V3-X-7.2.1-14"] = BindsHosts,
        ["V3-X-7.2.2-01"] = BindsHosts,
        ["V3-X-7.2.2-02"] = BindsHosts,
        ["V3-X-7.3.1-05"] = "Only the device's log tells.",
        ["V3-X-7.3.1-06"] = "Only the device's log tells.",
        ["V3-X-9.1-01"] = BindsHosts,
    };

    private static readonly Dictionary<string, string> OfHosts = new()
    {
        ["V3-H-3.2-08"] = "What a socket is given, and what not, is not seen on the wire.",
        ["V3-H-4.2.14-02"] = "It permits what a host without an address may do; on the bench it has one.",
        ["V3-H-5-01"] = "A device is told what to listen to on one interface only.",
        ["V3-M-4.1.3-01"] = BindsRouters,
        ["V3-M-4.1.4-01"] = BindsRouters,
        ["V3-M-4.1.5-01"] = BindsRouters,
        ["V3-M-4.1.8-02"] = BindsRouters,
        ["V3-M-4.1.10-04"] = BindsRouters,
        ["V3-M-4.2.1-02"] = BindsRouters,
        ["V3-M-4.2.3-01"] = BindsRouters,
        ["V3-M-4.2.4-01"] = BindsRouters,
        ["V3-M-4.2.9-01"] = BindsRouters,
        ["V3-M-4.2.10-01"] = BindsRouters,
        ["V3-M-4.2.10-02"] = BindsRouters,
        ["V3-M-4.2.11-02"] = BindsRouters,
        ["V3-M-4.2.12-01"] = BindsRouters,
        ["V3-M-4.2.13-02"] = BindsRouters,
        ["V3-M-4.2.13-03"] = BindsRouters,
        ["V3-M-5-01"] = BindsRouters,
        ["V3-M-8.8-01"] = BindsRouters,
        ["V3-S-2.2-03"] = "What a host writes to its log stays there.",
        ["V3-S-3.1-01"] = BindsRouters,
        ["V3-S-3.1-02"] = BindsRouters,
        ["V3-S-3.1-03"] = BindsRouters,
        ["V3-S-3.2-01"] = BindsRouters,
        ["V3-S-3.3-01"] = BindsRouters,
        ["V3-S-3.5-01"] = BindsRouters,
        ["V3-S-5.1-01"] = BindsRouters,
        ["V3-S-6.4-01"] = BindsRouters,
        ["V3-S-6.4-02"] = BindsRouters,
        ["V3-S-6.4-03"] = BindsRouters,
        ["V3-X-3-05"] = BindsRouters,
        ["V3-X-3-06"] = BindsRouters,
        ["V3-X-6.6.2-01"] = BindsRouters,
        ["V3-X-7.2.1-13"] = "What a host writes to its log stays there.",
        ["V3-X-7.3.1-01"] = BindsRouters,
        ["V3-X-7.3.1-02"] = BindsRouters,
        ["V3-X-7.3.1-03"] = BindsRouters,
        ["V3-X-7.3.1-04"] = BindsRouters,
        ["V3-X-7.3.1-05"] = BindsRouters,
        ["V3-X-7.3.1-06"] = BindsRouters,
        ["V3-X-7.3.1-07"] = BindsRouters,
        ["V3-X-7.3.2-01"] = BindsRouters,
        ["V3-X-7.3.2-02"] = BindsRouters,
        ["V3-X-7.3.2-03"] = BindsRouters,
        ["V3-X-7.3.2-04"] = BindsRouters,
        ["V3-X-7.3.2-05"] = BindsRouters,
        ["V3-X-7.3.2-06"] = BindsRouters,
        ["V3-X-7.3.2-07"] = BindsRouters,
        ["V3-X-7.3.2-08"] = BindsRouters,
        ["V3-X-7.3.2-09"] = BindsRouters,
        ["V3-X-7.3.2-10"] = BindsRouters,
        ["V3-X-7.3.2-11"] = BindsRouters,
        ["V3-X-7.3.2-12"] = BindsRouters,
        ["V3-X-7.3.2-13"] = BindsRouters,
        ["V3-X-7.3.2-14"] = BindsRouters,
        ["V3-X-7.3.2-15"] = BindsRouters,
        ["V3-X-7.3.2-16"] = BindsRouters,
        ["V3-X-9-01"] = BindsRouters,
    };

    // Whatever binds a switch shows in where frames come out.
    private static readonly Dictionary<string, string> OfSwitches = [];

    /// <summary>The reasons by the ids of the requirements.</summary>
    internal static IReadOnlyDictionary<string, string> For(DeviceRole role) => role switch
    {
        DeviceRole.Router or DeviceRole.Proxy => OfRouters,
        DeviceRole.Host => OfHosts,
        DeviceRole.Switch => OfSwitches,
    };
}
