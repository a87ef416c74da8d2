using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Configuration;

/// <summary>The table of settings of the router as a whole. To add a setting is to add a row.</summary>
internal static class GlobalSettings
{
    private static readonly RouterOptions Defaults = new();

    /// <summary>The settings, in the order of the documentation.</summary>
    public static IReadOnlyList<Setting<RouterOptions>> All { get; } =
    [
        Row("forward", new FlagType(), "RFC 9776 §6.3", "Have the kernel forward multicast between the interfaces.",
            options => options.Forward, (options, value) => options with { Forward = value }),
        Row("control", Path, "", "The control socket's path.",
            options => options.ControlPath, (options, value) => options with { ControlPath = value }, "the usual place (router.md)"),
    ];

    private static TextType<string> Path => new("an absolute path", "^/", IsPath, path => path);

    private static bool IsPath(string text, out string path)
    {
        path = text;
        return text.StartsWith('/');
    }

    private static Setting<RouterOptions> Row<T>(
        string name, SettingType<T> type, string section, string summary, Func<RouterOptions, T?> get, Func<RouterOptions, T, RouterOptions> with, string? whenUnset = null)
        where T : notnull =>
        new(name, type, section, summary, Defaults, whenUnset, options => get(options), (options, value) => with(options, (T)value));
}
