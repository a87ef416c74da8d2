using MulticastLab.Conformance.Judging.Rules;
using MulticastLab.Lab.Devices;

namespace MulticastLab.Conformance.Judging;

/// <summary>The rules that a passive capture can show, by role.</summary>
internal static class RuleCatalog
{
    private static readonly CaptureRule[] OfRouters =
    [
        .. FormatRules.OfAll, .. FormatRules.OfQueries, .. FormatRules.OfReports, .. QueryRules.All, .. ElectionRules.All,
        .. LeaveRules.All,
    ];

    private static readonly CaptureRule[] OfHosts =
        [.. FormatRules.OfAll, .. FormatRules.OfReports, .. HostAnswerRules.All, .. HostChangeRules.All, .. HostVersionRules.All];

    private static readonly CaptureRule[] OfSwitches = [.. FormatRules.OfAll, .. FormatRules.OfQueries, .. FormatRules.OfReports];

    /// <summary>The rules of devices of a role; a proxy is a router to its members.</summary>
    internal static IReadOnlyList<CaptureRule> For(DeviceRole role) => role switch
    {
        DeviceRole.Router or DeviceRole.Proxy => OfRouters,
        DeviceRole.Host => OfHosts,
        DeviceRole.Switch => OfSwitches,
    };
}
