using System.Globalization;
using MulticastLab.Daemon.Settings;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>A device under test in the simulated world, where no program runs: one of the cores of this project stands for it.</summary>
internal static class SimulatedDevice
{
    private const string Router = "router";
    private const string Host = "host";

    /// <summary>What <c>simulated</c> in <c>device.yaml</c> may be.</summary>
    internal static readonly string[] Cores = [Router, Host];

    /// <summary>The command of a startup file that starts a device.</summary>
    /// <param name="device">The device; <see cref="Device.Simulated"/> says what it is.</param>
    /// <param name="node">The node that it is.</param>
    /// <param name="how">How it is started.</param>
    /// <param name="settings">The timers that it has then.</param>
    internal static string CommandOf(Device device, Node node, DeviceStart how, DeviceSettings settings) => device.Simulated switch
    {
        Router => string.Join(' ', RouterWords(device, node, how, settings.Timing)),
        Host => string.Join(' ', HostWords(node, how, settings.Timing)),
        var other => throw new ArgumentException($"The simulated world has no core '{other}'.", nameof(device)),
    };

    private static IEnumerable<string> RouterWords(Device device, Node node, DeviceStart how, Timing timing) =>
    [
        "router run",
        .. node.Interfaces.Select(each => $"--interface {each.Interface}"),
        .. TimerWords(RouterInterfaceSettings.OptionsFor(timing), how.Unset),
        .. VersionWords(how),
        .. how.Options.Select(each => RouterOption(each, device.Protocols[0])),
    ];

    private static string RouterOption(string option, Dialect dialect) => option switch
    {
        "immediate-leave" => "--immediate-leave always",
        "current-version-only" => $"--oldest-version {dialect.CurrentVersion}",
        _ => $"--{option}",
    };

    private static IEnumerable<string> HostWords(Node node, DeviceStart how, Timing timing) =>
    [
        $"hostagent run --interface {node.Interfaces[0].Interface}",
        HostAgentSettings.OptionsFor(timing),
        string.Create(CultureInfo.InvariantCulture, $"--robustness-variable {timing.RobustnessVariable}"),
        .. VersionWords(how),
        .. how.Options.Select(each => $"--{each}"),
    ];

    // Each option and its value, without those that are left to the device.
    private static IEnumerable<string> TimerWords(string options, IReadOnlyList<string> unset) =>
        options.Split(' ').Chunk(2).Where(each => !unset.Select(OptionOf).Contains(each[0])).SelectMany(each => each);

    private static string OptionOf(string timer) =>
        timer == "QUERY_RESPONSE_INTERVAL"
            ? "--query-max-response-time"
            : "--" + timer.ToLowerInvariant().Replace('_', '-');

    private static string[] VersionWords(DeviceStart how) =>
        how.Version is { } version ? [string.Create(CultureInfo.InvariantCulture, $"--igmp-version {version}")] : [];
}
