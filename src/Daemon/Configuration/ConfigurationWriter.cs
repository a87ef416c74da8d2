using System.Text;
using MulticastLab.Daemon.Settings;
using MulticastLab.Daemon.Yaml;

namespace MulticastLab.Daemon.Configuration;

/// <summary>Writes a configuration as a file that reads back the same.</summary>
public static class ConfigurationWriter
{
    /// <summary>The text of the file. Values that equal the default are left out.</summary>
    public static string Write(RouterOptions options)
    {
        var text = new StringBuilder();
        foreach (var setting in RouterGlobalSettings.Table.All.Where(each => each.IsSet(options)))
            text.Append(setting.Name).Append(": ").Append(setting.Text(options)).Append('\n');
        text.Append("interfaces:\n");
        foreach (var (name, settings) in options.Interfaces)
        {
            var values = RouterInterfaceSettings.Table.Written(settings).ToList();
            text.Append("  ").Append(YamlText.Scalar(name)).Append(values.Count == 0 ? ": {}\n" : ":\n");
            foreach (var (setting, value) in values)
                text.Append("    ").Append(setting).Append(": ").Append(value).Append('\n');
        }

        return text.ToString();
    }
}
