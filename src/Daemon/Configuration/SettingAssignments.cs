using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.Settings;
using MulticastLab.Daemon.Yaml;
using MulticastLab.Membership.Router;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Configuration;

/// <summary>
/// What <c>router set eth0 query-interval 60 query-max-response-time 5</c> asks for: names and values alternating, the values written as in
/// the file; <c>default</c> takes a setting back, and <c>+239.1.1.1</c> or <c>-239.1.1.1</c> adds to a list or removes from it.
/// </summary>
public sealed class SettingAssignments
{
    private const string Default = "default";

    private readonly List<Func<RouterSettings, RouterSettings>> all = [];

    /// <summary>Reads names and values.</summary>
    /// <exception cref="ControlException">A name is unknown, a value is wrong, or one is missing.</exception>
    public static SettingAssignments Read(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            throw ControlException.Usage($"what is to be set? There are {string.Join(", ", RouterInterfaceSettings.Table.Names)}");
        var assignments = new SettingAssignments();
        for (var i = 0; i < words.Count; i += 2)
        {
            var setting =
                RouterInterfaceSettings.Table.Find(words[i])
                ?? throw ControlException.Usage(
                    $"there is no setting '{words[i]}'{Spelling.DidYouMean(words[i], RouterInterfaceSettings.Table.Names)}");
            if (i + 1 == words.Count)
                throw ControlException.Usage($"{setting.Name}: must be {setting.Type.Description}, or default");
            assignments.all.Add(Assignment(setting, words[i + 1]));
        }

        return assignments;
    }

    /// <summary>The configuration with these on an interface.</summary>
    /// <exception cref="ControlException">There is no such interface, or the values do not go together.</exception>
    public RouterOptions Apply(RouterOptions options, string interfaceName)
    {
        var before =
            options.Interfaces.FirstOrDefault(each => each.Name == interfaceName)
            ?? throw ControlException.Failed(
                $"the router does not serve {interfaceName}, only {string.Join(", ", options.Interfaces.Select(each => each.Name))}");
        var settings = all.Aggregate(before.Settings, (rest, assign) => assign(rest));
        try
        {
            settings.Validate(options.Dialect);
        }
        catch (ArgumentException wrong)
        {
            throw ControlException.Usage(wrong.Message);
        }

        return options with
        {
            Interfaces = [.. options.Interfaces.Select(each => each == before ? each with { Settings = settings } : each)],
        };
    }

    private static Func<RouterSettings, RouterSettings> Assignment(Setting<RouterSettings> setting, string text)
    {
        if (text == Default)
            return settings => RouterInterfaceSettings.Table.Without(settings, setting);
        if (!setting.Type.IsList || text is not ['+' or '-', .. var item])
            return Set(setting, Value(setting, text, setting.Type.ReadObject));
        var items = Value(setting, item, setting.Type.ReadItems);
        return settings => setting.With(settings, setting.Type.Edit(setting.Value(settings), items, add: text[0] == '+')!);
    }

    private static Func<RouterSettings, RouterSettings> Set(Setting<RouterSettings> setting, object value) =>
        settings => setting.With(settings, value);

    private static object Value(Setting<RouterSettings> setting, string text, Func<YamlNode, FileProblems, object?> read)
    {
        var problems = new FileProblems("value");
        try
        {
            if (read(YamlReader.Read("value", text), problems) is { } value)
                return value;
        }
        catch (InvalidFileException)
        {
            problems.Add(1, 1, $"must be {setting.Type.Description}, not '{text}'");
        }

        throw ControlException.Usage(
            $"{setting.Name}: {string.Join("; ", problems.InOrder().Select(each => each.Message))} ({setting.Section})");
    }
}
