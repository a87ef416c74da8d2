using MulticastLab.Linux.Control;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Router.Daemon;

namespace MulticastLab.Router.Configuration;

/// <summary>
/// What <c>router set eth0 query-interval 60 query-max-response-time 5</c> asks for: names and values by turns, the values written as in the
/// file; <c>default</c> takes a setting back.
/// </summary>
internal sealed class SettingAssignments
{
    private const string Default = "default";

    private readonly List<(Setting<RouterSettings> Setting, object? Value)> all = [];

    /// <summary>Reads names and values.</summary>
    /// <exception cref="ControlException">A name is unknown, a value is wrong, or one is missing.</exception>
    public static SettingAssignments Read(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            throw new ControlException($"what is to be set? There are {string.Join(", ", InterfaceSettings.All.Select(each => each.Name))}", 2);
        var assignments = new SettingAssignments();
        for (var i = 0; i < words.Count; i += 2)
        {
            var setting = InterfaceSettings.Find(words[i])
                ?? throw new ControlException($"there is no setting '{words[i]}'{Suggestion.For(words[i], InterfaceSettings.All.Select(each => each.Name))}", 2);
            if (i + 1 == words.Count)
                throw new ControlException($"{setting.Name}: must be {setting.Type.Description}, or default", 2);
            assignments.all.Add((setting, words[i + 1] == Default ? null : Value(setting, words[i + 1])));
        }

        return assignments;
    }

    /// <summary>The configuration with these on an interface.</summary>
    /// <exception cref="ControlException">There is no such interface, or the values do not go together.</exception>
    public RouterOptions Apply(RouterOptions options, string interfaceName)
    {
        var before = options.Interfaces.FirstOrDefault(each => each.Name == interfaceName)
            ?? throw new ControlException($"the router does not serve {interfaceName}, only {string.Join(", ", options.Interfaces.Select(each => each.Name))}", 1);
        var settings = all.Aggregate(before.Settings, (rest, each) => each.Value is null ? InterfaceSettings.Without(rest, each.Setting) : each.Setting.With(rest, each.Value));
        try
        {
            settings.Validate(Dialect.Igmp);
        }
        catch (ArgumentException wrong)
        {
            throw new ControlException(wrong.Message, 2);
        }

        return options with { Interfaces = [.. options.Interfaces.Select(each => each == before ? each with { Settings = settings } : each)] };
    }

    private static object Value(Setting<RouterSettings> setting, string text)
    {
        var problems = new Problems();
        try
        {
            if (setting.Type.ReadObject(YamlReader.Read("value", text), problems) is { } value)
                return value;
        }
        catch (ConfigurationException)
        {
            problems.Add(new Problem(1, 1, $"must be {setting.Type.Description}, not '{text}'"));
        }

        throw new ControlException($"{setting.Name}: {string.Join("; ", problems.InOrder().Select(each => each.Text))} ({setting.Section})", 2);
    }
}
