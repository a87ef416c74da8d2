namespace MulticastLab.Daemon.Settings;

/// <summary>The settings that a command line gives, until it is known for which interfaces.</summary>
/// <typeparam name="TOwner">The record that holds the settings.</typeparam>
public sealed class GivenSettings<TOwner>
    where TOwner : class
{
    private readonly List<GivenOption> all = [];

    /// <summary>The values for interfaces that are not among these.</summary>
    public IEnumerable<UnservedValue> ForOthersThan(IReadOnlyCollection<string> interfaces)
    {
        foreach (var (option, values) in all)
        {
            foreach (var value in values)
            {
                if (option.InterfaceOf(value) is { } only && !interfaces.Contains(only))
                    yield return new UnservedValue(value, only);
            }
        }
    }

    /// <summary>Whether the setting is given, even with the value that it has anyway.</summary>
    public bool Has(Setting<TOwner> setting) => all.Exists(each => each.Option.Setting == setting);

    /// <summary>The options that are given.</summary>
    public IEnumerable<SettingOption<TOwner>> Options => all.Select(each => each.Option);

    /// <summary>The options that have no effect without another one that is not given (<see cref="Setting{TOwner}.Needs"/>).</summary>
    /// <param name="table">The table of the settings.</param>
    public IEnumerable<UselessOption> Useless(SettingTable<TOwner> table)
    {
        ArgumentNullException.ThrowIfNull(table);
        foreach (var option in Options)
        {
            if (option.Setting.Needs is { } other && table.Find(other) is { } needs && !Has(needs))
                yield return new UselessOption(option.Name, $"--{needs.OptionName}");
        }
    }

    /// <summary>Adds an option with its values, in their order; a flag has none.</summary>
    public void Add(SettingOption<TOwner> option, params IEnumerable<string> values)
    {
        if (all.Find(each => each.Option == option) is { } known)
            known.Values.AddRange(values);
        else
            all.Add(new GivenOption(option, [.. values]));
    }

    /// <summary>The owner with what was given for this interface.</summary>
    /// <exception cref="FormatException">A value is wrong.</exception>
    public TOwner Apply(TOwner owner, string interfaceName = "") =>
        all.Aggregate(owner, (rest, each) => each.Option.Apply(rest, each.Values, interfaceName));

    private sealed record GivenOption(SettingOption<TOwner> Option, List<string> Values);
}

/// <summary>A value that is for an interface which is not served: <c>eth9=60</c>.</summary>
/// <param name="Value">The value.</param>
/// <param name="Interface">The interface that it names.</param>
public sealed record UnservedValue(string Value, string Interface);

/// <summary>An option that has no effect without another one.</summary>
/// <param name="Option">Its name, dashes included.</param>
/// <param name="Needs">The name of the other one.</param>
public sealed record UselessOption(string Option, string Needs);
