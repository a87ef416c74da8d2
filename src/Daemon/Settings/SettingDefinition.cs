namespace MulticastLab.Daemon.Settings;

/// <summary>What a row of a table says of its setting: what it is, where it comes from and how it is read and set.</summary>
/// <typeparam name="TOwner">The record that holds the setting.</typeparam>
/// <param name="type">How values are read and written.</param>
/// <param name="section">Where the setting comes from: <c>RFC 9776 §8.2</c>; empty when it is the router's own.</param>
/// <param name="summary">What it does, in one line.</param>
/// <param name="defaults">The owner with nothing set.</param>
/// <param name="whenUnset">The value in effect when it is not set, where that is not a fixed value.</param>
/// <param name="get">Reads it; null when it is not set. The generic factory of each table keeps it and <paramref name="with"/> to one
/// type.</param>
/// <param name="with">Sets it.</param>
/// <param name="followsOthers">Whether it is derived from others while it is not set: setting it to just that value makes a difference
/// then.</param>
public class SettingDefinition<TOwner>(
    SettingType type, string section, string summary, TOwner defaults, string? whenUnset, Func<TOwner, object?> get,
    Func<TOwner, object, TOwner> with, bool followsOthers = false)
    where TOwner : class
{
    /// <summary>How values are read and written.</summary>
    public SettingType Type => type;

    /// <summary>Where the setting comes from.</summary>
    public string Section => section;

    /// <summary>What it does, in one line.</summary>
    public string Summary => summary;

    /// <summary>The value in effect when it is not set.</summary>
    public string WhenUnset => whenUnset ?? Text(defaults);

    /// <summary>The value in force; null when there is none.</summary>
    public object? Value(TOwner owner) => get(owner);

    /// <summary>The value in force as text; <c>none</c> when there is none.</summary>
    public string Text(TOwner owner) => get(owner) is { } value ? type.WriteObject(value) : "none";

    /// <summary>Whether it was set explicitly.</summary>
    public bool IsSet(TOwner owner) =>
        get(owner) is { } value && (followsOthers ? with(owner, value).Equals(owner) : type.WriteObject(value) != Text(defaults));

    /// <summary>The owner with this value.</summary>
    public TOwner With(TOwner owner, object value) => with(owner, value);
}

/// <summary>A Boolean that is false by default: its command-line option takes no value and means <c>true</c>.</summary>
/// <typeparam name="TOwner">The record that holds the setting.</typeparam>
/// <param name="section">Where the setting comes from.</param>
/// <param name="summary">What it does, in one line.</param>
/// <param name="defaults">The owner with nothing set.</param>
/// <param name="get">Reads it.</param>
/// <param name="with">Sets it.</param>
public sealed class FlagDefinition<TOwner>(
    string section, string summary, TOwner defaults, Func<TOwner, bool> get, Func<TOwner, bool, TOwner> with)
    : SettingDefinition<TOwner>(
        new FlagType(), section, summary, defaults, null, owner => get(owner), (owner, value) => with(owner, (bool)value))
    where TOwner : class;
