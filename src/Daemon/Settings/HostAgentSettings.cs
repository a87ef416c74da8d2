using MulticastLab.Membership;
using MulticastLab.Membership.Host;

namespace MulticastLab.Daemon.Settings;

/// <summary>The settings of a host's interface.</summary>
public static class HostAgentSettings
{
    private static readonly HostSettings Defaults = new();

    /// <summary>The protocol version.</summary>
    public static Setting<HostSettings> Version { get; } = Row("version", new NumberType(1, 3), "RFC 9776 §7",
        "The protocol version; an older one is spoken while older queriers are there.", s => s.Version, (s, value) => s with { Version = value }, optionName: "igmp-version");

    /// <summary>Within which the host repeats reports of a change.</summary>
    public static Setting<HostSettings> UnsolicitedReportInterval { get; } = Row("unsolicited-report-interval", new SecondsType(60, least: 0.001), "RFC 9776 §8.11",
        "Within which reports of a change are repeated.", s => s.Timing.UnsolicitedReportInterval,
        (s, value) => s with { Timing = s.Timing with { UnsolicitedReportInterval = value } });

    /// <summary>The table.</summary>
    public static SettingTable<HostSettings> Table { get; } = new(Defaults, perInterface: false,
        Version,
        UnsolicitedReportInterval,
        Row("ignore-older-queriers", new FlagType(), "RFC 9776 §7.2.1", "Keep to the protocol version whatever queries are received.",
            s => !s.FollowsOlderQueriers, (s, value) => s with { FollowsOlderQueriers = !value }, notByLinux: "Linux always speaks the version of older queriers"),
        Row("accept-queries-without-router-alert", new FlagType(), "RFC 9776 §9.1", "Act on queries without the Router Alert option too, which some switches send.",
            s => !s.RequireRouterAlert, (s, value) => s with { RequireRouterAlert = !value }, notByLinux: "Linux acts on them anyway"));

    /// <summary>The options that make a host's timers these.</summary>
    public static string OptionsFor(Timing timing) =>
        $"--{UnsolicitedReportInterval.OptionName} {UnsolicitedReportInterval.Text(Defaults with { Timing = timing })}";

    private static Setting<HostSettings> Row<T>(
        string name, SettingType<T> type, string section, string summary, Func<HostSettings, T?> get, Func<HostSettings, T, HostSettings> with,
        string? optionName = null, string? notByLinux = null)
        where T : notnull =>
        new(name, type, section, summary, Defaults, null, s => get(s), (s, value) => with(s, (T)value)) { OptionName = optionName ?? name, NotByLinux = notByLinux };
}
