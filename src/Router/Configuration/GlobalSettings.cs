using System.Net;
using MulticastLab.Router.Daemon;
using MulticastLab.Router.Metrics;

namespace MulticastLab.Router.Configuration;

/// <summary>The table of settings of the router as a whole. To add a setting is to add a row.</summary>
internal static class GlobalSettings
{
    private static readonly RouterOptions Defaults = new();

    /// <summary>The settings, in the order of the documentation.</summary>
    public static IReadOnlyList<Setting<RouterOptions>> All { get; } =
    [
        Row("forward", new FlagType(), "RFC 9776 §6.3", "Have the kernel forward multicast between the interfaces.",
            options => options.Forward, (options, value) => options with { Forward = value }, countsAtOnce: true),
        Row("control", Path, "", "The control socket's path.",
            options => options.ControlPath, (options, value) => options with { ControlPath = value }, "the usual place (router.md)"),
        Row("metrics", EndPoint, "", "Where metrics are served for Prometheus (operation.md).",
            options => options.Metrics, (options, value) => options with { Metrics = value }),
        Row("log-level", new ChoiceType<LogLevel>(("debug", LogLevel.Debug), ("info", LogLevel.Info), ("warning", LogLevel.Warning), ("error", LogLevel.Error)), "",
            "The least of what is logged.", options => options.Log.Level, (options, value) => options with { Log = options.Log with { Level = value } }),
        Row("log-format", new ChoiceType<LogFormat>(("text", LogFormat.Text), ("json", LogFormat.Json)), "", "The form of a log line.",
            options => options.Log.Format, (options, value) => options with { Log = options.Log with { Format = value } }),
    ];

    private static TextType<IPEndPoint> EndPoint => new("an address and port such as 127.0.0.1:9464", null, MetricsEndPoint.TryParse!, endPoint => endPoint.ToString());

    private static TextType<string> Path => new("an absolute path", "^/", IsPath, path => path);

    private static bool IsPath(string text, out string path)
    {
        path = text;
        return text.StartsWith('/');
    }

    private static Setting<RouterOptions> Row<T>(
        string name, SettingType<T> type, string section, string summary, Func<RouterOptions, T?> get, Func<RouterOptions, T, RouterOptions> with, string? whenUnset = null,
        bool countsAtOnce = false)
        where T : notnull =>
        new(name, type, section, summary, Defaults, whenUnset, options => get(options), (options, value) => with(options, (T)value)) { CountsAtOnce = countsAtOnce };
}
