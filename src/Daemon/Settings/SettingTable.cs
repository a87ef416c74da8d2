namespace MulticastLab.Daemon.Settings;

/// <summary>
/// A table of settings. To add a setting is to add a row: command line, file, schema, <c>set</c>, completion, simulated nodes and
/// documentation come from it.
/// </summary>
/// <typeparam name="TOwner">The record that holds the settings.</typeparam>
public sealed class SettingTable<TOwner>
    where TOwner : class
{
    private readonly Dictionary<string, Setting<TOwner>> byName;

    /// <summary>A table.</summary>
    /// <param name="defaults">The owner with nothing set.</param>
    /// <param name="perInterface">Whether a command-line option may name the one interface that its value is for:
    /// <c>eth1=60</c>.</param>
    /// <param name="rows">The settings, in the order of the documentation.</param>
    /// <exception cref="ArgumentException">Two settings have one name.</exception>
    public SettingTable(TOwner defaults, bool perInterface, params IReadOnlyList<Setting<TOwner>> rows)
    {
        Defaults = defaults;
        All = rows;
        byName = rows.ToDictionary(each => each.Name);
        Options = [.. rows.Select(each => new SettingOption<TOwner>(each, perInterface))];
    }

    /// <summary>The owner with nothing set.</summary>
    public TOwner Defaults { get; }

    /// <summary>The settings, in the order of the documentation.</summary>
    public IReadOnlyList<Setting<TOwner>> All { get; }

    /// <summary>The settings as command-line options.</summary>
    public IReadOnlyList<SettingOption<TOwner>> Options { get; }

    /// <summary>The names.</summary>
    public IEnumerable<string> Names => All.Select(each => each.Name);

    /// <summary>The setting of this name; null when there is none.</summary>
    public Setting<TOwner>? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The option with this name, dashes included; null when there is none.</summary>
    public SettingOption<TOwner>? FindOption(string name) => Options.FirstOrDefault(each => each.Name == name);

    /// <summary>The settings that are set, in order, as name and text.</summary>
    public IEnumerable<(string Name, string Text)> Written(TOwner owner) =>
        All.Where(each => each.IsSet(owner)).Select(each => (each.Name, each.Text(owner)));

    /// <summary>The owner with one of the settings as it is by default; what is not in the table is by default too.</summary>
    public TOwner Without(TOwner owner, Setting<TOwner> setting) =>
        All.Where(each => each != setting && each.IsSet(owner)).Aggregate(Defaults, (rest, each) => each.With(rest, each.Value(owner)!));
}
