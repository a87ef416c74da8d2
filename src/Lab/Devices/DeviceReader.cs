using System.Globalization;
using System.Text.RegularExpressions;
using MulticastLab.Daemon.Yaml;
using MulticastLab.Membership.Dialects;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Devices;

/// <summary>Reads the <c>device.yaml</c> of a device's folder.</summary>
public sealed partial class DeviceReader
{
    private static readonly string[] Keys =
    [
        "title",
        "role",
        "protocols",
        "requires",
        "version",
        "start",
        "ready",
        "state",
        "listen",
        "timers",
        "granularity",
        "options",
        "lacks",
        "image",
        "simulated",
        "resolution",
    ];

    private static readonly Dictionary<string, Dialect> Protocols = Dialect.All.ToDictionary(each => each.Name.ToLowerInvariant());

    private readonly FileProblems problems;

    private DeviceReader(FileProblems problems) => this.problems = problems;

    /// <summary>Reads and checks the folder.</summary>
    /// <param name="folder">Its path; the problems name the file relative to it as given.</param>
    /// <exception cref="InvalidFileException">There is no such folder or file, or something is wrong with it: all of what is.</exception>
    public static Device Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
            throw new InvalidFileException([new FileProblem(folder, 1, 1, "there is no such folder")]);
        var device = Read(
            Path.Combine(folder, Device.FileName), $"a device's folder needs a {Device.FileName}",
            (reader, root) => reader.Read(root, Path.GetFullPath(folder)))!;
        var known = Path.Combine(folder, Device.KnownFileName);
        return File.Exists(known) ? device with { Known = Read(known, "it cannot be read", (reader, root) => reader.Known(root)) } : device;
    }

    private static T Read<T>(string file, string unreadable, Func<DeviceReader, YamlNode, T> read)
    {
        string text;
        try
        {
            text = FileText.Decode(file, File.ReadAllBytes(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException([new FileProblem(file, 1, 1, $"{unreadable}: {failure.Message}")]);
        }

        var problems = new FileProblems(file);
        var result = read(new DeviceReader(problems), YamlReader.Read(file, text));
        problems.ThrowIfAny();
        return result;
    }

    private Dictionary<string, string> Known(YamlNode root)
    {
        var known = new Dictionary<string, string>();
        if (root is not YamlSequence sequence)
        {
            problems.Add(root.Line, root.Column, "a list of entries with tests, why is needed");
            return known;
        }

        foreach (var entry in sequence.Items)
        {
            if (Mapping(entry, "an entry", ["tests", "why"]) is not { } keys)
                continue;
            foreach (var key in (ReadOnlySpan<string>)["tests", "why"])
            {
                if (!keys.ContainsKey(key))
                    problems.Add(entry.Line, entry.Column, $"'{key}' is missing");
            }

            var why = Text(keys, "why") ?? "";
            foreach (var test in Items(keys, "tests"))
            {
                if (Text(test) is { } name && !known.TryAdd(name, why))
                    problems.Add(test.Line, test.Column, $"'{name}' is there twice");
            }
        }

        return known;
    }

    private Device? Read(YamlNode root, string folder)
    {
        if (Mapping(root, "a device", Keys) is not { } keys)
            return null;
        foreach (var key in (ReadOnlySpan<string>)["title", "role", "protocols", "start"])
        {
            if (!keys.ContainsKey(key))
                problems.Add(root.Line, root.Column, $"'{key}' is missing");
        }

        var role = Word(keys, "role", Enum.GetNames<DeviceRole>().Select(each => each.ToLowerInvariant()));
        var device = new Device
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)),
            Folder = folder,
            Title = Text(keys, "title") ?? "",
            Role = role is null ? default : Enum.Parse<DeviceRole>(role, ignoreCase: true),
            Protocols =
            [
                .. Items(keys, "protocols").Select(each => Word(each, Protocols.Keys)).OfType<string>().Select(each => Protocols[each]),
            ],
            Requirements = [.. Items(keys, "requires").Select(Requirement).OfType<DeviceRequirement>()],
            Version = Text(keys, "version"),
            Start = Text(keys, "start") ?? "",
            Ready = keys.TryGetValue("ready", out var ready) ? Readiness(ready) : null,
            State = Text(keys, "state"),
            Listen = Text(keys, "listen"),
            Timers = Entries(keys, "timers")
                .Select(each => (each.Key.Value, Timer: Timer(each)))
                .Where(each => each.Timer is not null)
                .DistinctBy(each => each.Value)
                .ToDictionary(each => each.Value, each => each.Timer!),
            Granularity =
                keys.TryGetValue("granularity", out var granularity) && Number(granularity, "seconds", 0) is { } seconds
                    ? Seconds(seconds)
                    : TimeSpan.Zero,
            Options = [.. Items(keys, "options").Select(Option).OfType<string>()],
            Lacks = Entries(keys, "lacks").Select(each => (each.Key.Value, Reason: Text(each.Value))).Where(each => each.Reason is not null)
                .DistinctBy(each => each.Value).ToDictionary(each => each.Value, each => each.Reason!),
            Image = Text(keys, "image"),
            Simulated = Text(keys, "simulated"),
            Resolution =
                keys.TryGetValue("resolution", out var resolution) && Number(resolution, "seconds", 0) is { } step
                    ? Seconds(step)
                    : TimeSpan.Zero,
        };
        if (device.Protocols.Count == 0 && keys.TryGetValue("protocols", out var none) && none is YamlSequence { Items.Count: 0 })
            problems.Add(none.Line, none.Column, "a device speaks at least one protocol: igmp, mld");
        if (device.Listen is not null && role is not (null or "host"))
            problems.Add(keys["listen"].Line, keys["listen"].Column, $"only a host listens; this is a {role}");
        return device;
    }

    private DeviceRequirement? Requirement(YamlNode node)
    {
        if (Mapping(node, "a requirement", ["file", "remedy"]) is not { } keys)
            return null;
        foreach (var key in (ReadOnlySpan<string>)["file", "remedy"])
        {
            if (!keys.ContainsKey(key))
                problems.Add(node.Line, node.Column, $"'{key}' is missing");
        }

        IReadOnlyList<string> files =
            keys.GetValueOrDefault("file") is YamlSequence
                ? [.. Items(keys, "file").Select(Text).OfType<string>()]
                : [Text(keys, "file") ?? ""];
        return new DeviceRequirement(files, Text(keys, "remedy") ?? "");
    }

    private DeviceReadiness? Readiness(YamlNode node)
    {
        if (Mapping(node, "'ready'", ["command", "output", "query", "within"]) is not { } keys)
            return null;
        var within =
            keys.TryGetValue("within", out var patience) && Number(patience, "seconds", 0) is { } seconds
                ? Seconds(seconds)
                : DeviceReadiness.UsualPatience;
        string[] ways = [.. ((string[])["command", "output", "query"]).Where(keys.ContainsKey)];
        if (ways is not [var way])
        {
            problems.Add(node.Line, node.Column, "'ready' has one of 'command', 'output' and 'query'");
            return null;
        }

        return way switch
        {
            "command" => Text(keys, way) is { } command ? new ReadyByCommand(command, within) : null,
            "output" => Pattern(keys[way]) is { } pattern ? new ReadyByOutput(pattern, within) : null,
            _ => Word(keys[way], ["true"]) is not null ? new ReadyByQuery(within) : null,
        };
    }

    private Regex? Pattern(YamlNode node)
    {
        if (Text(node) is not { } text)
            return null;
        try
        {
            return new Regex(text, RegexOptions.Multiline, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException malformed)
        {
            problems.Add(node.Line, node.Column, $"not a regular expression: {malformed.Message}");
            return null;
        }
    }

    private DeviceTimer? Timer(YamlEntry entry)
    {
        var (key, name) = (entry.Key, entry.Key.Value);
        if (!DeviceSettings.Names.Contains(name))
        {
            problems.Add(key.Line, key.Column, $"there is no timer '{name}'", Spelling.Nearest(name, DeviceSettings.Names));
            return null;
        }

        if (Mapping(entry.Value, $"'{name}'", ["default", "min", "step"]) is not { } keys)
            return null;
        if (!keys.ContainsKey("default"))
            problems.Add(entry.Value.Line, entry.Value.Column, "'default' is missing");
        var (standard, least, step) = (Part("default"), Part("min"), Part("step"));
        if (step is not null && !keys.ContainsKey("min"))
            problems.Add(keys["step"].Line, keys["step"].Column, "a timer that can be set has a 'min' too");
        if (step == 0)
            problems.Add(keys["step"].Line, keys["step"].Column, "a step is above 0");
        if (least > standard)
            problems.Add(keys["min"].Line, keys["min"].Column, "it is above the default");
        return standard is { } value && step != 0 ? new DeviceTimer(value, least, step) : null;

        decimal? Part(string part)
        {
            if (
                !keys.TryGetValue(part, out var node)
                || Number(node, DeviceSettings.IsCount(name) ? "a whole number" : "seconds", 0) is not { } number)
                return null;
            if (!DeviceSettings.IsCount(name) || number == Math.Truncate(number))
                return number;
            problems.Add(node.Line, node.Column, $"'{name}' is a whole number");
            return null;
        }
    }

    private string? Option(YamlNode node)
    {
        if (Text(node) is not { } text)
            return null;
        if (OptionName().IsMatch(text))
            return text;
        problems.Add(node.Line, node.Column, $"'{text}' is not an option's name: small letters, digits and hyphens");
        return null;
    }

    private Dictionary<string, YamlNode>? Mapping(YamlNode node, string what, string[] known)
    {
        if (node is not YamlMapping mapping)
        {
            problems.Add(node.Line, node.Column, $"{what} is a mapping with {string.Join(", ", known)}");
            return null;
        }

        var keys = new Dictionary<string, YamlNode>();
        foreach (var (key, value) in mapping.Entries)
        {
            if (!known.Contains(key.Value))
                problems.Add(key.Line, key.Column, $"there is no '{key.Value}' here", Spelling.Nearest(key.Value, known));
            else if (!keys.TryAdd(key.Value, value))
                problems.Add(key.Line, key.Column, $"'{key.Value}' is there twice");
        }

        return keys;
    }

    private IReadOnlyList<YamlEntry> Entries(Dictionary<string, YamlNode> keys, string key)
    {
        if (!keys.TryGetValue(key, out var node) || node is YamlScalar { IsNothing: true })
            return [];
        if (node is not YamlMapping mapping)
        {
            problems.Add(node.Line, node.Column, $"'{key}' is a mapping");
            return [];
        }

        foreach (var twin in mapping.Entries.GroupBy(each => each.Key.Value).SelectMany(each => each.Skip(1)))
            problems.Add(twin.Key.Line, twin.Key.Column, $"'{twin.Key.Value}' is there twice");
        return mapping.Entries;
    }

    private IReadOnlyList<YamlNode> Items(Dictionary<string, YamlNode> keys, string key)
    {
        if (!keys.TryGetValue(key, out var node) || node is YamlScalar { IsNothing: true })
            return [];
        if (node is YamlSequence sequence)
            return sequence.Items;
        problems.Add(node.Line, node.Column, $"'{key}' is a list");
        return [];
    }

    private string? Text(Dictionary<string, YamlNode> keys, string key) => keys.TryGetValue(key, out var node) ? Text(node) : null;

    private string? Text(YamlNode node)
    {
        if (node is YamlScalar { IsNothing: false, Value: { Length: > 0 } text })
            return text;
        problems.Add(node.Line, node.Column, "a text is needed here");
        return null;
    }

    private string? Word(Dictionary<string, YamlNode> keys, string key, IEnumerable<string> words) =>
        keys.TryGetValue(key, out var node) ? Word(node, words) : null;

    private string? Word(YamlNode node, IEnumerable<string> words)
    {
        string[] known = [.. words];
        if (node is YamlScalar scalar && known.Contains(scalar.Value))
            return scalar.Value;
        var text = node is YamlScalar other ? $"'{other.Value}' is not" : "it has to be";
        problems.Add(
            node.Line, node.Column, $"{text} {string.Join(" or ", known)}",
            node is YamlScalar wrong ? Spelling.Nearest(wrong.Value, known) : null);
        return null;
    }

    private decimal? Number(YamlNode node, string what, decimal least)
    {
        if (
            node is YamlScalar { IsQuoted: false } scalar
            && decimal.TryParse(scalar.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= 1_000_000)
            return number;
        problems.Add(node.Line, node.Column, $"must be {what} from {least.ToString(CultureInfo.InvariantCulture)} to 1000000");
        return null;
    }

    private static TimeSpan Seconds(decimal seconds) => new((long)(seconds * TimeSpan.TicksPerSecond));

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex OptionName();
}
