using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;

namespace MulticastLab.Daemon.Settings;

/// <summary>The settings of a host's interface.</summary>
public static class HostAgentSettings
{
    private static readonly HostSettings Defaults = new();

    /// <summary>The protocol version.</summary>
    public static Setting<HostSettings> Version { get; } =
        new(
            "version",
            () =>
                Value(
                    new NumberType(1, 3), "RFC 9776 §7", "The protocol version; an older one is spoken while older queriers are there.",
                    s => s.Version ?? Dialect.Igmp.CurrentVersion, (s, value) => s with { Version = value }))
        {
            OptionName = "igmp-version",
        };

    /// <summary>The interval within which the host repeats reports of a change.</summary>
    public static Setting<HostSettings> UnsolicitedReportInterval { get; } =
        new(
            "unsolicited-report-interval",
            () =>
                Value(
                    new SecondsType(60, least: 0.001), "RFC 9776 §8.11", "The interval within which reports of a change are repeated.",
                    s => s.Timing.UnsolicitedReportInterval,
                    (s, value) => s with { Timing = s.Timing with { UnsolicitedReportInterval = value } }));

    /// <summary>The table.</summary>
    public static SettingTable<HostSettings> Table { get; } =
        new(
            Defaults,
            perInterface: false,
            [
                Version,
                UnsolicitedReportInterval,
                new(
                    "robustness-variable",
                    () =>
                        Value(
                            new NumberType(1, 255), "RFC 9776 §8.1", "How often a change is reported, until a querier says otherwise.",
                            s => s.Timing.RobustnessVariable,
                            (s, value) => s with { Timing = s.Timing with { RobustnessVariable = value } }))
                {
                    NotByLinux = "Linux takes it from net.ipv4.igmp_qrv when the interface comes up",
                },
                new(
                    "ignore-older-queriers",
                    () =>
                        Flag(
                            "RFC 9776 §7.2.1", "Keep to the protocol version whatever queries are received.", s => !s.FollowsOlderQueriers,
                            (s, value) => s with { FollowsOlderQueriers = !value }))
                {
                    NotByLinux = "Linux always speaks the version of older queriers",
                },
                new(
                    "accept-queries-without-router-alert",
                    () =>
                        Flag(
                            "RFC 9776 §9.1", "Act on queries without the Router Alert option too, which some switches send.",
                            s => !s.RequireRouterAlert, (s, value) => s with { RequireRouterAlert = !value }))
                {
                    NotByLinux = "Linux acts on them anyway",
                },
            ]);

    /// <summary>The options that make a host's timers these.</summary>
    public static string OptionsFor(Timing timing) =>
        $"--{UnsolicitedReportInterval.OptionName} {UnsolicitedReportInterval.Text(Defaults with { Timing = timing })}";

    private static FlagDefinition<HostSettings> Flag(
        string section, string summary, Func<HostSettings, bool> get,
        Func<HostSettings, bool, HostSettings> with) => new(section, summary, Defaults, get, with);

    private static SettingDefinition<HostSettings> Value<T>(
        SettingType<T> type, string section, string summary, Func<HostSettings, T?> get, Func<HostSettings, T, HostSettings> with)
        where T : notnull => new(type, section, summary, Defaults, null, s => get(s), (s, value) => with(s, (T)value));
}
