namespace MulticastLab.Daemon.Yaml;

/// <summary>A part of a YAML document that knows its position.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
public abstract record YamlNode(int Line, int Column);

/// <summary>A single value.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Value">The text, without quotes.</param>
/// <param name="IsQuoted">Whether it stood in quotes: then it is text, and neither number nor Boolean nor nothing.</param>
public sealed record YamlScalar(int Line, int Column, string Value, bool IsQuoted) : YamlNode(Line, Column)
{
    /// <summary>Whether nothing stands here: <c>eth0:</c>, <c>~</c> or <c>null</c>.</summary>
    public bool IsNothing => !IsQuoted && Value is "" or "~" or "null";
}

/// <summary>A list.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Items">Its items.</param>
public sealed record YamlSequence(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column);

/// <summary>Keys with values, in the order of the file; duplicate keys are kept.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Entries">The entries.</param>
public sealed record YamlMapping(int Line, int Column, IReadOnlyList<YamlEntry> Entries) : YamlNode(Line, Column);

/// <summary>A key and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
public readonly record struct YamlEntry(YamlScalar Key, YamlNode Value);
