namespace MulticastLab.Daemon.Settings;

/// <summary>
/// One setting: a row of the table from which command line, file, schema, <c>set</c>, completion, simulated nodes and documentation come.
/// </summary>
/// <typeparam name="TOwner">The record that holds the setting.</typeparam>
public sealed class Setting<TOwner>
    where TOwner : class
{
    private readonly TOwner defaults;
    private readonly Func<TOwner, object?> get;
    private readonly Func<TOwner, object, TOwner> with;
    private readonly bool followsOthers;

    /// <summary>A row. The generic factory of each table keeps <paramref name="get"/> and <paramref name="with"/> to one type.</summary>
    /// <param name="name">The name: RFC 8652's where it has one.</param>
    /// <param name="type">How values are read and written.</param>
    /// <param name="section">Where the setting comes from: <c>RFC 9776 §8.2</c>; empty when it is the router's own.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="defaults">The owner with nothing set.</param>
    /// <param name="whenUnset">What holds when it is not set, where that is no fixed value.</param>
    /// <param name="get">Reads it; null when it is not set.</param>
    /// <param name="with">Sets it.</param>
    /// <param name="followsOthers">Whether it is worked out from others while it is not set: to set it to just that value makes a difference then.</param>
    public Setting(
        string name, SettingType type, string section, string summary, TOwner defaults, string? whenUnset, Func<TOwner, object?> get, Func<TOwner, object, TOwner> with,
        bool followsOthers = false)
    {
        Name = name;
        Type = type;
        Section = section;
        Summary = summary;
        this.defaults = defaults;
        this.get = get;
        this.with = with;
        this.followsOthers = followsOthers;
        WhenUnset = whenUnset ?? (get(defaults) is { } fixedValue ? type.WriteObject(fixedValue) : "none");
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What its option of a command line is called, without the dashes; the name, as a rule.</summary>
    public string OptionName { get => field ?? Name; init; }

    /// <summary>How values are read and written.</summary>
    public SettingType Type { get; }

    /// <summary>Where the setting comes from.</summary>
    public string Section { get; }

    /// <summary>What it does, in one line.</summary>
    public string Summary { get; }

    /// <summary>What holds when it is not set.</summary>
    public string WhenUnset { get; }

    /// <summary>Whether a new value counts at once; otherwise with the next start.</summary>
    public bool CountsAtOnce { get; init; } = true;

    /// <summary>The name of the truth value without which it is of no use on a command line; null when it stands for itself.</summary>
    public string? Needs { get; init; }

    /// <summary>Why it cannot be had where Linux's own protocol is on the wire; null where it can.</summary>
    public string? NotByLinux { get; init; }

    /// <summary>What of it a simulated lab has not: there it is read, and has no effect; null where it means the same.</summary>
    public string? NotSimulated { get; init; }

    /// <summary>The value in force; null when there is none.</summary>
    public object? Value(TOwner owner) => get(owner);

    /// <summary>The value in force as text; <c>none</c> when there is none.</summary>
    public string Text(TOwner owner) => get(owner) is { } value ? Type.WriteObject(value) : "none";

    /// <summary>Whether it was set to something of its own.</summary>
    public bool IsSet(TOwner owner) => get(owner) is { } value && (followsOthers ? with(owner, value).Equals(owner) : Type.WriteObject(value) != Text(defaults));

    /// <summary>Whether both owners have it set alike.</summary>
    public bool IsSame(TOwner one, TOwner other) => IsSet(one) == IsSet(other) && (!IsSet(one) || Text(one) == Text(other));

    /// <summary>The owner with this value.</summary>
    public TOwner With(TOwner owner, object value) => with(owner, value);
}
