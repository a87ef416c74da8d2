using System.Globalization;
using MulticastLab.Daemon.Settings;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;

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
        Router => string.Join(' ', RouterWords(node, how, settings.Timing)),
        Host => string.Join(' ', HostWords(node, how, settings.Timing)),
        var other => throw new ArgumentException($"The simulated world has no core '{other}'.", nameof(device)),
    };

    private static IEnumerable<string> RouterWords(Node node, DeviceStart how, Timing timing) =>
    [
        "router run",
        .. node.Interfaces.Select(each => $"--interface {each.Interface}"),
        RouterInterfaceSettings.OptionsFor(timing),
        .. VersionWords(how),
        .. how.Options.Select(each => each == "immediate-leave" ? "--immediate-leave always" : $"--{each}"),
    ];

    private static IEnumerable<string> HostWords(Node node, DeviceStart how, Timing timing) =>
    [
        $"hostagent run --interface {node.Interfaces[0].Interface}",
        HostAgentSettings.OptionsFor(timing),
        .. VersionWords(how),
        .. how.Options.Select(each => $"--{each}"),
    ];

    private static string[] VersionWords(DeviceStart how) =>
        how.Version is { } version ? [string.Create(CultureInfo.InvariantCulture, $"--igmp-version {version}")] : [];
}
