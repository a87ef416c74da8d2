using MulticastLab.Daemon.Settings;
using MulticastLab.Daemon.Yaml;
using MulticastLab.Membership.Router;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Configuration;

/// <summary>Reads a configuration file: everything that is wrong with it is reported at once, each with its line and column.</summary>
public sealed class ConfigurationReader
{
    private static readonly string[] Sections = ["defaults", "interfaces"];

    private readonly string name;
    private readonly FileProblems problems;
    private readonly Dictionary<string, FilePlace> places = [];

    private ConfigurationReader(string name)
    {
        this.name = name;
        problems = new FileProblems(name);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidFileException">It holds no usable configuration.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to it is denied.</exception>
    public static RouterOptions ReadFile(string path) =>
        Read(path, FileText.Decode(path, File.ReadAllBytes(path))) with { ConfigurationFile = Path.GetFullPath(path) };

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">The file's name, for what is wrong.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidFileException">It holds no usable configuration.</exception>
    public static RouterOptions Read(string name, string text)
    {
        var reader = new ConfigurationReader(name);
        var options = reader.Read(YamlReader.Read(name, text));
        reader.problems.ThrowIfAny();
        return options;
    }

    private RouterOptions Read(YamlNode root)
    {
        var entries = Entries(root, "the configuration", [.. Sections, .. RouterGlobalSettings.Table.Names]);
        var options = new RouterOptions();
        foreach (var row in RouterGlobalSettings.Table.All)
        {
            if (entries.TryGetValue(row.Name, out var entry) && ReadValue(row, entry.Value) is { } value)
                options = row.With(options, value);
        }

        var defaults = entries.TryGetValue("defaults", out var common) ? Values(common.Value, "defaults") : [];
        if (entries.TryGetValue("interfaces", out var interfaces))
            options = options with { Interfaces = Interfaces(interfaces.Value, defaults), Places = places };
        if (options.Interfaces.Count == 0 && problems.Count == 0)
            Note(
                entries.TryGetValue("interfaces", out interfaces) ? interfaces.Key : root,
                "there must be at least one interface under interfaces");
        if (options.TooManyInterfaces is { } number)
            Note(entries["forward"].Key, number);
        if (
            problems.Count == 0
            && options.Forwarding.Obstacle([.. options.Interfaces.Select(each => each.Name)]) is var (setting, item, message))
            Note(entries[setting].Value is YamlSequence list ? list.Items[item] : entries[setting].Value, message);
        return options;
    }

    private List<InterfaceOptions> Interfaces(YamlNode node, List<Value> defaults)
    {
        var interfaces = new List<InterfaceOptions>();
        foreach (var (key, settings) in Entries(node, "interfaces", known: null).Values)
        {
            places[key.Value] = new FilePlace(name, key.Line, key.Column);
            if (!InterfaceName.IsValid(key.Value))
                Note(key, $"'{key.Value}' cannot be the name of an interface");
            var before = problems.Count;
            var own = Values(settings, key.Value);
            if (problems.Count == before && Settings(key, defaults, own) is { } valid)
                interfaces.Add(new InterfaceOptions(key.Value, valid));
        }

        return interfaces;
    }

    private List<Value> Values(YamlNode node, string place)
    {
        var values = new List<Value>();
        foreach (var (key, text) in Entries(node, place, [.. RouterInterfaceSettings.Table.Names]).Values)
        {
            if (RouterInterfaceSettings.Table.Find(key.Value) is { } setting && ReadValue(setting, text) is { } value)
                values.Add(new Value(setting, value, key));
        }

        return values;
    }

    private object? ReadValue<TOwner>(Setting<TOwner> setting, YamlNode node)
        where TOwner : class
    {
        var inner = new FileProblems("");
        var value = setting.Type.ReadObject(node, inner);
        foreach (var problem in inner.InOrder())
            problems.Add(problem.Line, problem.Column, $"{setting.Name}: {problem.Message}");
        return value;
    }

    /// <summary>The settings of an interface: its own values take precedence over the defaults. Null when they do not go
    /// together.</summary>
    private RouterSettings? Settings(YamlScalar key, List<Value> defaults, List<Value> own)
    {
        List<Value> all = [.. defaults.Where(value => own.TrueForAll(each => each.Setting != value.Setting)), .. own];
        var settings = Apply(all);
        if (Fault(settings) is not { } fault)
            return settings;
        // Reported where it can be fixed: at the last value without which the others would be valid.
        var guilty = all.FindLast(value => Fault(Apply(all.Where(each => each != value))) is null);
        Note(guilty?.Key ?? key, guilty is null ? $"{key.Value}: {fault}" : fault);
        return null;
    }

    private static RouterSettings Apply(IEnumerable<Value> values) =>
        values.Aggregate(RouterInterfaceSettings.Table.Defaults, (settings, each) => each.Setting.With(settings, each.Object));

    private static string? Fault(RouterSettings settings)
    {
        try
        {
            settings.Validate(new RouterOptions().Dialect);
            return null;
        }
        catch (ArgumentException wrong)
        {
            return wrong.Message;
        }
    }

    private Dictionary<string, YamlEntry> Entries(YamlNode node, string place, IReadOnlyList<string>? known)
    {
        var entries = new Dictionary<string, YamlEntry>();
        if (node is YamlScalar { IsNothing: true })
            return entries;
        if (node is not YamlMapping mapping)
        {
            Note(node, $"{place} must be a mapping (name: value), not {(node is YamlSequence ? "a list" : "a single value")}");
            return entries;
        }

        foreach (var entry in mapping.Entries)
        {
            var key = entry.Key.Value;
            if (known is not null && !known.Contains(key))
                Note(entry.Key, $"{place} has no '{key}'{Elsewhere(key, known)}");
            else if (!entries.TryAdd(key, entry))
                Note(entry.Key, $"'{key}' is here twice, first in line {entries[key].Key.Line}");
        }

        return entries;
    }

    private void Note(YamlNode node, string message) => problems.Add(node.Line, node.Column, message);

    private static string Elsewhere(string key, IReadOnlyList<string> known)
    {
        if (RouterInterfaceSettings.Table.Find(key) is not null)
            return "; it belongs under defaults or an interface";
        if (Sections.Contains(key) || RouterGlobalSettings.Table.All.Any(each => each.Name == key))
            return "; it belongs at the top level";
        var suggestion = Spelling.DidYouMean(key, known);
        return suggestion.Length > 0 || !known.Contains("interfaces")
            ? suggestion
            : Spelling.DidYouMean(key, RouterInterfaceSettings.Table.Names, " (under defaults or an interface)");
    }

    private sealed record Value(Setting<RouterSettings> Setting, object Object, YamlScalar Key);
}
