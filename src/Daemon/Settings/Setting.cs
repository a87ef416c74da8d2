namespace MulticastLab.Daemon.Settings;

/// <summary>
/// One setting: a row of the table from which command line, file, schema, <c>set</c>, completion, simulated nodes and documentation come.
/// </summary>
/// <remarks>
/// A start needs the names of all settings, and what is defined of a few: the definition is made when it is first asked for. Made at once,
/// those of half a hundred rows, each with types of its own to be compiled, would make a start a third longer.
/// </remarks>
/// <typeparam name="TOwner">The record that holds the setting.</typeparam>
/// <param name="name">The name: RFC 8652's where it has one.</param>
/// <param name="define">Makes the definition.</param>
public sealed class Setting<TOwner>(string name, Func<SettingDefinition<TOwner>> define)
    where TOwner : class
{
    /// <summary>A row whose option of a command line stands alone.</summary>
    /// <param name="name">The name.</param>
    /// <param name="define">Makes the definition.</param>
    public Setting(string name, Func<FlagDefinition<TOwner>> define)
        : this(name, (Func<SettingDefinition<TOwner>>)define) => IsFlag = true;

    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>What its option of a command line is called, without the dashes; the name, as a rule.</summary>
    public string OptionName { get => field ?? name; init; }

    /// <summary>Whether its option stands alone and means <c>true</c>: it is a truth value that is false by default.</summary>
    public bool IsFlag { get; }

    /// <summary>How values are read and written.</summary>
    public SettingType Type => Definition.Type;

    /// <summary>Where the setting comes from; empty when it is the router's own.</summary>
    public string Section => Definition.Section;

    /// <summary>What it does, in one line.</summary>
    public string Summary => Definition.Summary;

    /// <summary>What holds when it is not set.</summary>
    public string WhenUnset => Definition.WhenUnset;

    /// <summary>Whether a new value counts at once; otherwise with the next start.</summary>
    public bool CountsAtOnce { get; init; } = true;

    /// <summary>The name of the truth value without which it is of no use on a command line; null when it stands for itself.</summary>
    public string? Needs { get; init; }

    /// <summary>Why it cannot be had where Linux's own protocol is on the wire; null where it can.</summary>
    public string? NotByLinux { get; init; }

    /// <summary>What of it a simulated lab has not: there it is read, and has no effect; null where it means the same.</summary>
    public string? NotSimulated { get; init; }

    private SettingDefinition<TOwner> Definition => field ??= define();

    /// <summary>The value in force; null when there is none.</summary>
    public object? Value(TOwner owner) => Definition.Value(owner);

    /// <summary>The value in force as text; <c>none</c> when there is none.</summary>
    public string Text(TOwner owner) => Definition.Text(owner);

    /// <summary>Whether it was set to something of its own.</summary>
    public bool IsSet(TOwner owner) => Definition.IsSet(owner);

    /// <summary>Whether both owners have it set alike.</summary>
    public bool IsSame(TOwner one, TOwner other) => IsSet(one) == IsSet(other) && (!IsSet(one) || Text(one) == Text(other));

    /// <summary>The owner with this value.</summary>
    public TOwner With(TOwner owner, object value) => Definition.With(owner, value);
}
