using System.Text;

namespace MulticastLab.Router.Configuration;

/// <summary>The tables of settings as Markdown, for the documentation.</summary>
internal static class SettingsDocumentation
{
    /// <summary>The settings of the router as a whole.</summary>
    public static string Global() => Table(GlobalSettings.All);

    /// <summary>The settings of an interface.</summary>
    public static string OfInterface() => Table(InterfaceSettings.All);

    private static string Table<TOwner>(IEnumerable<Setting<TOwner>> settings)
        where TOwner : class
    {
        var text = new StringBuilder("| setting | value | default | from | what it does |\n|---|---|---|---|---|\n");
        foreach (var setting in settings)
            text.Append($"| `{setting.Name}` | {Cell(setting.Type.Description)} | {Cell(setting.WhenUnset)} | {setting.Section} | {Cell(setting.Summary)} |\n");
        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
