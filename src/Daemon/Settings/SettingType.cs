using System.Text.Json.Nodes;
using MulticastLab.Daemon.Yaml;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Settings;

/// <summary>How the values of a setting are read, written, described and checked.</summary>
public abstract class SettingType
{
    /// <summary>What may be written, in a few words: <c>seconds, above 0 to 31744</c>.</summary>
    public abstract string Description { get; }

    /// <summary>What a value is called in a help text: <c>SECONDS</c>.</summary>
    public abstract string ValueName { get; }

    /// <summary>
    /// What may be written where items of a list are given one by one; the same as <see cref="Description"/> for what is no list.
    /// </summary>
    public virtual string ItemDescription => Description;

    /// <summary>Words to offer where a value is typed.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>Reads a value.</summary>
    /// <returns>The value; null when it is wrong, which is then noted.</returns>
    public abstract object? ReadObject(YamlNode node, FileProblems problems);

    /// <summary>Writes a value as YAML in one line.</summary>
    public abstract string WriteObject(object value);

    /// <summary>Whether values are lists, to which items can be added.</summary>
    public virtual bool IsList => false;

    /// <summary>Adds items to a list or removes them from it; null for a type that is no list.</summary>
    /// <param name="list">The list as it is; null when it is not set.</param>
    /// <param name="items">The items, as <see cref="ReadItems"/> has read them.</param>
    /// <param name="add">Whether to add; otherwise they are removed.</param>
    public virtual object? Edit(object? list, object items, bool add) => null;

    /// <summary>Reads one item of a list, or several as a list.</summary>
    /// <returns>The items; null when one is wrong, which is then noted, or when the type is no list.</returns>
    public virtual object? ReadItems(YamlNode node, FileProblems problems) => null;

    /// <summary>The values as JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>Notes that a value is not what it must be.</summary>
    /// <param name="node">The value.</param>
    /// <param name="problems">Where it is noted.</param>
    /// <param name="reason">Why it is not; null when that goes without saying.</param>
    protected object? Refuse(YamlNode node, FileProblems problems, string? reason = null)
    {
        var found = node is YamlScalar scalar
            ? scalar.IsQuoted ? $"the text \"{scalar.Value}\"" : scalar.IsNothing ? "empty" : $"'{scalar.Value}'"
            : node is YamlSequence ? "a list" : "a mapping";
        problems.Add(node.Line, node.Column, $"must be {Description}, not {found}{(reason is null ? "" : $": {reason}")}");
        return null;
    }
}

/// <summary>A <see cref="SettingType"/> with values of type <typeparamref name="T"/>.</summary>
public abstract class SettingType<T> : SettingType
    where T : notnull
{
    /// <summary>Writes a value as YAML in one line.</summary>
    public abstract string Write(T value);

    /// <inheritdoc/>
    public override string WriteObject(object value) => Write((T)value);
}
