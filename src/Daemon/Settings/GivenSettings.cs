namespace MulticastLab.Daemon.Settings;

/// <summary>The settings that a command line gives, until it is known for which interfaces.</summary>
/// <typeparam name="TOwner">The record that holds the settings.</typeparam>
public sealed class GivenSettings<TOwner>
    where TOwner : class
{
    private readonly List<(SettingOption<TOwner> Option, List<string> Values)> all = [];

    /// <summary>The values that are for an interface which is none of these.</summary>
    public IEnumerable<(string Value, string Interface)> ForOthersThan(IReadOnlyCollection<string> interfaces) =>
        from each in all
        from value in each.Values
        let only = each.Option.InterfaceOf(value)
        where only is not null && !interfaces.Contains(only)
        select (value, only);

    /// <summary>Whether the setting is given, be it with the value that it has anyway.</summary>
    public bool Has(Setting<TOwner> setting) => all.Exists(each => each.Option.Setting == setting);

    /// <summary>The options that are given.</summary>
    public IEnumerable<SettingOption<TOwner>> Options => all.Select(each => each.Option);

    /// <summary>The options that are of no use without another one that is not given (<see cref="Setting{TOwner}.Needs"/>).</summary>
    /// <param name="table">The table of the settings.</param>
    public IEnumerable<(string Option, string Needs)> Useless(SettingTable<TOwner> table) =>
        from each in Options
        let needs = each.Setting.Needs is { } other ? table.Find(other) : null
        where needs is not null && !Has(needs)
        select (each.Name, $"--{needs.OptionName}");

    /// <summary>Adds an option with its values, in their order; a flag has none.</summary>
    public void Add(SettingOption<TOwner> option, params IEnumerable<string> values)
    {
        var known = all.Find(each => each.Option == option);
        if (known.Values is null)
            all.Add((option, [.. values]));
        else
            known.Values.AddRange(values);
    }

    /// <summary>The owner with what was given for this interface.</summary>
    /// <exception cref="FormatException">A value is wrong.</exception>
    public TOwner Apply(TOwner owner, string interfaceName = "") => all.Aggregate(owner, (rest, each) => each.Option.Apply(rest, each.Values, interfaceName));
}
