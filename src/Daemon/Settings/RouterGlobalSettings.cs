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
        Row("forward", new FlagType(), "RFC 9776 §6.3", "Have the kernel forward multicast between the interfaces.",
            options => options.Forward, (options, value) => options with { Forward = value }, countsAtOnce: true);

    /// <summary>The table.</summary>
    public static SettingTable<RouterOptions> Table { get; } = new(Defaults, perInterface: false,
    [
        Forward,
        Row("control", Path, "", "The control socket's path.",
            options => options.ControlPath, (options, value) => options with { ControlPath = value }, "the usual place (router.md)", notSimulated: "the state is read without a socket"),
        Row("metrics", EndPoint, "", "Where metrics are served for Prometheus (operation.md).",
            options => options.Metrics, (options, value) => options with { Metrics = value }, notSimulated: "there is no port to serve them on"),
        Row("log-level", new ChoiceType<LogLevel>(("debug", LogLevel.Debug), ("info", LogLevel.Info), ("warning", LogLevel.Warning), ("error", LogLevel.Error)), "",
            "The least of what is logged.", options => options.Log.Level, (options, value) => options with { Log = options.Log with { Level = value } },
            notSimulated: "the log of a node has its commands only"),
        Row("log-format", new ChoiceType<LogFormat>(("text", LogFormat.Text), ("json", LogFormat.Json)), "", "The form of a log line.",
            options => options.Log.Format, (options, value) => options with { Log = options.Log with { Format = value } },
            notSimulated: "the log of a node has its commands only"),
        Row("receive", new ChoiceType<ReceiveWay>(("ring", ReceiveWay.Ring), ("socket", ReceiveWay.Socket)), "", "How packets are received (router.md).",
            options => options.Receive, (options, value) => options with { Receive = value }, notSimulated: "frames come without a kernel"),
        Row("static-routes", new ListType<StaticRoute>(StaticRouteText, "routes such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16"), "", "Forward these groups without members too, and take them from there.",
            options => options.Forwarding.StaticRoutes, (options, value) => options with { Forwarding = options.Forwarding with { StaticRoutes = value } },
            countsAtOnce: true, optionName: "static-route", needs: "forward"),
        Row("reverse-paths", new ListType<ReversePathOverride>(ReversePathText, "prefixes with an interface such as 10.9.0.0/16=eth1"), "", "Take sources from another interface than the unicast routes say.",
            options => options.Forwarding.ReversePaths, (options, value) => options with { Forwarding = options.Forwarding with { ReversePaths = value } },
            countsAtOnce: true, optionName: "reverse-path", needs: "forward"),
        Row("ttl-thresholds", new ListType<StaticOutput>(ThresholdText, "interfaces with a TTL such as eth1=16"), "", "Packets go to members on these interfaces with a TTL above this only.",
            options => options.Forwarding.TtlThresholds, (options, value) => options with { Forwarding = options.Forwarding with { TtlThresholds = value } },
            countsAtOnce: true, optionName: "ttl-threshold", needs: "forward"),
        Row("multicast-table", new NumberType(0, (int)MulticastRoutingOptions.LastTable), "", "The kernel's multicast routing table.",
            options => (int)options.MulticastTable, (options, value) => options with { MulticastTable = (uint)value }, needs: "forward",
            notSimulated: "there are no tables of a kernel"),
    ]);

    private static TextType<IPEndPoint> EndPoint => new("[ADDRESS:]PORT", "an address and port such as 127.0.0.1:9464", null, MetricsEndPoint.TryParse!, endPoint => endPoint.ToString());

    private static TextType<StaticRoute> StaticRouteText =>
        new("ROUTE", "a route such as (*, 239.1.0.0/16) eth0 -> eth1 eth2=16", StaticRoute.Parse, route => route.ToString());

    private static TextType<ReversePathOverride> ReversePathText =>
        new("PREFIX=NAME", "a prefix and an interface such as 10.9.0.0/16=eth1", ReversePathOverride.Parse, path => path.ToString());

    private static TextType<StaticOutput> ThresholdText => new("NAME=TTL", "an interface and a TTL such as eth1=16", StaticOutput.Parse, output => output.ToString());

    private static TextType<string> Path => new("PATH", "an absolute path", "^/", IsPath, path => path);

    private static bool IsPath(string text, out string path)
    {
        path = text;
        return text.StartsWith('/');
    }

    private static Setting<RouterOptions> Row<T>(
        string name, SettingType<T> type, string section, string summary, Func<RouterOptions, T?> get, Func<RouterOptions, T, RouterOptions> with, string? whenUnset = null,
        bool countsAtOnce = false, string? optionName = null, string? needs = null, string? notSimulated = null)
        where T : notnull =>
        new(name, type, section, summary, Defaults, whenUnset, options => get(options), (options, value) => with(options, (T)value)) {
            CountsAtOnce = countsAtOnce,
            OptionName = optionName ?? name,
            Needs = needs,
            NotSimulated = notSimulated,
        };
}
