using System.Net;
using MulticastLab.Daemon.Logging;
using MulticastLab.Daemon.Metrics;
using MulticastLab.Daemon.Configuration;
using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;

namespace MulticastLab.Daemon.Settings;

/// <summary>The settings of the router as a whole.</summary>
public static class RouterGlobalSettings
{
    private static readonly RouterOptions Defaults = new();

    /// <summary>Whether the kernel forwards.</summary>
    public static Setting<RouterOptions> Forward { get; } =
        new("forward", () => Flag("RFC 9776 §6.3", "Have the kernel forward multicast between the interfaces.",
            options => options.Forward, (options, value) => options with { Forward = value }));

    /// <summary>The table.</summary>
    public static SettingTable<RouterOptions> Table { get; } =
        new(
            Defaults,
            perInterface: false,
            [
                Forward,
                new(
                    "control",
                    () =>
                        Value(
                            Path, "", "The control socket's path.", options => options.ControlPath,
                            (options, value) => options with { ControlPath = value }, "the usual place (router.md)"))
                {
                    CountsAtOnce = false,
                    NotSimulated = "the state is read without a socket",
                },
                new(
                    "metrics",
                    () =>
                        Value(
                            EndPoint, "", "Where metrics are served for Prometheus (operation.md).", options => options.Metrics,
                            (options, value) => options with { Metrics = value }))
                {
                    CountsAtOnce = false,
                    NotSimulated = "there is no port to serve them on",
                },
                new(
                    "log-level",
                    () =>
                        Value(
                            new ChoiceType<LogLevel>(
                                ("debug", LogLevel.Debug), ("info", LogLevel.Info), ("warning", LogLevel.Warning),
                                ("error", LogLevel.Error)),
                            "",
                            "The lowest level that is logged.",
                            options => options.Log.Level,
                            (options, value) => options with { Log = options.Log with { Level = value } }))
                {
                    CountsAtOnce = false,
                    NotSimulated = "the log of a node has its commands only",
                },
                new(
                    "log-format",
                    () =>
                        Value(
                            new ChoiceType<LogFormat>(("text", LogFormat.Text), ("json", LogFormat.Json)), "", "The form of a log line.",
                            options => options.Log.Format, (options, value) => options with { Log = options.Log with { Format = value } }))
                {
                    CountsAtOnce = false,
                    NotSimulated = "the log of a node has its commands only",
                },
                new(
                    "receive",
                    () =>
                        Value(
                            new ChoiceType<ReceiveMode>(("ring", ReceiveMode.Ring), ("socket", ReceiveMode.Socket)), "",
                            "How packets are received (router.md).", options => options.Receive,
                            (options, value) => options with { Receive = value }))
                {
                    CountsAtOnce = false,
                    NotSimulated = "frames come without a kernel",
                },
                new(
                    "static-routes",
                    () =>
                        Value(
                            new ListType<StaticRoute>(StaticRouteText, "routes such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16"), "",
                            "Forward these groups even without members, and accept them on the given interface.",
                            options => options.Forwarding.StaticRoutes,
                            (options, value) => options with { Forwarding = options.Forwarding with { StaticRoutes = value } }))
                {
                    OptionName = "static-route",
                    Needs = "forward",
                },
                new(
                    "reverse-paths",
                    () =>
                        Value(
                            new ListType<ReversePathOverride>(ReversePathText, "prefixes with an interface such as 10.9.0.0/16=eth1"), "",
                            "Accept sources on another interface than the unicast routes say.", options => options.Forwarding.ReversePaths,
                            (options, value) => options with { Forwarding = options.Forwarding with { ReversePaths = value } }))
                {
                    OptionName = "reverse-path",
                    Needs = "forward",
                },
                new(
                    "ttl-thresholds",
                    () =>
                        Value(
                            new ListType<StaticOutput>(ThresholdText, "interfaces with a TTL such as eth1=16"), "",
                            "Packets go to members on these interfaces only with a TTL above this.",
                            options => options.Forwarding.TtlThresholds,
                            (options, value) => options with { Forwarding = options.Forwarding with { TtlThresholds = value } }))
                {
                    OptionName = "ttl-threshold",
                    Needs = "forward",
                },
                new(
                    "multicast-table",
                    () =>
                        Value(
                            new NumberType(0, (int)MulticastRoutingOptions.LastTable), "", "The kernel's multicast routing table.",
                            options => (int)options.MulticastTable, (options, value) => options with { MulticastTable = (uint)value }))
                {
                    CountsAtOnce = false,
                    Needs = "forward",
                    NotSimulated = "there are no tables of a kernel",
                },
            ]);

    private static TextType<IPEndPoint> EndPoint =>
        new(
            "[ADDRESS:]PORT", "an address and port such as 127.0.0.1:9464", null, MetricsEndPoint.TryParse!,
            endPoint => endPoint.ToString());

    private static TextType<StaticRoute> StaticRouteText =>
        new("ROUTE", "a route such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16", StaticRoute.Parse, route => route.ToString());

    private static TextType<ReversePathOverride> ReversePathText =>
        new("PREFIX=NAME", "a prefix and an interface such as 10.9.0.0/16=eth1", ReversePathOverride.Parse, path => path.ToString());

    private static TextType<StaticOutput> ThresholdText =>
        new("NAME=TTL", "an interface and a TTL such as eth1=16", StaticOutput.Parse, output => output.ToString());

    private static TextType<string> Path => new("PATH", "an absolute path", "^/", IsPath, path => path);

    private static bool IsPath(string text, out string path)
    {
        path = text;
        return text.StartsWith('/');
    }

    private static FlagDefinition<RouterOptions> Flag(
        string section, string summary, Func<RouterOptions, bool> get,
        Func<RouterOptions, bool, RouterOptions> with) => new(section, summary, Defaults, get, with);

    private static SettingDefinition<RouterOptions> Value<T>(
        SettingType<T> type, string section, string summary, Func<RouterOptions, T?> get, Func<RouterOptions, T, RouterOptions> with,
        string? whenUnset = null)
        where T : notnull =>
        new(type, section, summary, Defaults, whenUnset, options => get(options), (options, value) => with(options, (T)value));
}
