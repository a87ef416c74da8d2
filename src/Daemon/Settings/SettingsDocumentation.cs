using System.Text;

namespace MulticastLab.Daemon.Settings;

/// <summary>Tables of settings as Markdown, for the documentation.</summary>
public static class SettingsDocumentation
{
    /// <summary>The settings as a file has them.</summary>
    public static string ForFile<TOwner>(SettingTable<TOwner> table)
        where TOwner : class => Write(table, "setting", each => each.Name, each => each.Type.Description);

    /// <summary>The settings as command-line options.</summary>
    public static string ForCommandLine<TOwner>(SettingTable<TOwner> table)
        where TOwner : class => Write(table, "option", each => $"--{each.OptionName}", each => each.Type.ItemDescription);

    private static string Write<TOwner>(
        SettingTable<TOwner> table, string heading, Func<Setting<TOwner>, string> name, Func<Setting<TOwner>, string> value)
        where TOwner : class
    {
        ArgumentNullException.ThrowIfNull(table);
        var text = new StringBuilder($"| {heading} | value | default | from | what it does |\n|---|---|---|---|---|\n");
        foreach (var each in table.All)
        {
            var limits = each.NotByLinux is { } reason ? $" Not with `--stack kernel`: {reason}." : "";
            text.Append(
                $"| `{name(each)}` | {Cell(value(each))} | {Cell(each.WhenUnset)} | {each.Section} | {Cell(each.Summary + limits)} |\n");
        }

        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
