namespace MulticastLab.Daemon.Settings;

/// <summary>
/// One setting: a row of the table from which command line, file, schema, <c>set</c>, completion, simulated nodes and documentation come.
/// </summary>
/// <remarks>
/// At startup the names of all settings are needed, but the definitions of only a few: a definition is made when it is first asked for.
/// Making those of fifty rows at once, each with types of its own to be compiled, would prolong startup by a third.
/// </remarks>
/// <typeparam name="TOwner">The record that holds the setting.</typeparam>
/// <param name="name">The name: RFC 8652's where it has one.</param>
/// <param name="define">Makes the definition.</param>
public sealed class Setting<TOwner>(string name, Func<SettingDefinition<TOwner>> define)
    where TOwner : class
{
    /// <summary>A row whose command-line option takes no value.</summary>
    /// <param name="name">The name.</param>
    /// <param name="define">Makes the definition.</param>
    public Setting(string name, Func<FlagDefinition<TOwner>> define)
        : this(name, (Func<SettingDefinition<TOwner>>)define) => IsFlag = true;

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>What its command-line option is called, without the dashes; the name, as a rule.</summary>
    public string OptionName { get => field ?? name; init; }

    /// <summary>Whether its option takes no value and means <c>true</c>: it is a Boolean that is false by default.</summary>
    public bool IsFlag { get; }

    /// <summary>How values are read and written.</summary>
    public SettingType Type => Definition.Type;

    /// <summary>Where the setting comes from; empty when it is the router's own.</summary>
    public string Section => Definition.Section;

    /// <summary>What it does, in one line.</summary>
    public string Summary => Definition.Summary;

    /// <summary>The value in effect when it is not set.</summary>
    public string WhenUnset => Definition.WhenUnset;

    /// <summary>Whether a new value takes effect at once; otherwise at the next start.</summary>
    public bool CountsAtOnce { get; init; } = true;

    /// <summary>The name of the Boolean setting without which it has no effect on a command line; null when it stands on its own.</summary>
    public string? Needs { get; init; }

    /// <summary>Why it is unavailable where Linux's own protocol is on the wire; null where it is available.</summary>
    public string? NotByLinux { get; init; }

    /// <summary>Why it has no effect in a simulated lab, where it is only read; null where it means the same.</summary>
    public string? NotSimulated { get; init; }

    private SettingDefinition<TOwner> Definition => field ??= define();

    /// <summary>The value in force; null when there is none.</summary>
    public object? Value(TOwner owner) => Definition.Value(owner);

    /// <summary>The value in force as text; <c>none</c> when there is none.</summary>
    public string Text(TOwner owner) => Definition.Text(owner);

    /// <summary>Whether it was set explicitly.</summary>
    public bool IsSet(TOwner owner) => Definition.IsSet(owner);

    /// <summary>Whether both owners have the same value set.</summary>
    public bool IsSame(TOwner one, TOwner other) => IsSet(one) == IsSet(other) && (!IsSet(one) || Text(one) == Text(other));

    /// <summary>The owner with this value.</summary>
    public TOwner With(TOwner owner, object value) => Definition.With(owner, value);
}
