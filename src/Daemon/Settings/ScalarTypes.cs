using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using MulticastLab.Daemon.Yaml;
using MulticastLab.Packets.Text;

namespace MulticastLab.Daemon.Settings;

/// <summary>A type of values that are one word.</summary>
/// <typeparam name="T">The values.</typeparam>
public abstract class ScalarType<T> : SettingType<T>
    where T : notnull
{
    /// <inheritdoc/>
    public override object? ReadObject(YamlNode node, FileProblems problems)
    {
        if (node is not YamlScalar { IsNothing: false } scalar || (scalar.IsQuoted && !AcceptsQuotes))
            return Refuse(node, problems);
        return TryParse(scalar.Value, out var value) ? value : Refuse(node, problems, Reason(scalar.Value));
    }

    /// <summary>Whether the values are text, which may stand in quotes.</summary>
    protected virtual bool AcceptsQuotes => false;

    /// <summary>Reads a value.</summary>
    protected abstract bool TryParse(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>Why a text is not a valid value; null when the description says it.</summary>
    protected virtual string? Reason(string text) => null;
}

/// <summary>A time in seconds, decimals allowed.</summary>
/// <param name="most">The most.</param>
/// <param name="least">The least; 0 for anything above 0.</param>
public sealed class SecondsType(double most, double least = 0) : ScalarType<TimeSpan>
{
    /// <inheritdoc/>
    public override string Description =>
        least == 0
        ? string.Create(CultureInfo.InvariantCulture, $"seconds above 0, at most {most}")
        : string.Create(CultureInfo.InvariantCulture, $"seconds from {least} to {most}");

    /// <inheritdoc/>
    public override string ValueName => "SECONDS";

    /// <inheritdoc/>
    public override string Write(TimeSpan value) => Seconds.Number(value);

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "number", [least == 0 ? "exclusiveMinimum" : "minimum"] = least, ["maximum"] = most };

    /// <inheritdoc/>
    protected override bool TryParse(string text, out TimeSpan value)
    {
        var isNumber =
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds >= least
            && seconds <= most;
        value = isNumber ? TimeSpan.FromSeconds(seconds) : default;
        return value > TimeSpan.Zero;
    }
}

/// <summary>A whole number.</summary>
public sealed class NumberType(int least, int most) : ScalarType<int>
{
    /// <inheritdoc/>
    public override string Description => most == int.MaxValue ? $"a whole number from {least}" : $"a whole number from {least} to {most}";

    /// <inheritdoc/>
    public override string ValueName => "N";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words =>
        most - least < 4 ? [.. Enumerable.Range(least, most - least + 1).Select(each => each.ToString(CultureInfo.InvariantCulture))] : [];

    /// <inheritdoc/>
    public override string Write(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };

    /// <inheritdoc/>
    protected override bool TryParse(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
}

/// <summary>true or false.</summary>
public sealed class FlagType : ScalarType<bool>
{
    /// <inheritdoc/>
    public override string Description => "true or false";

    /// <inheritdoc/>
    public override string ValueName => "true|false";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => ["true", "false"];

    /// <inheritdoc/>
    public override string Write(bool value) => value ? "true" : "false";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "boolean" };

    /// <inheritdoc/>
    protected override bool TryParse(string text, out bool value)
    {
        value = text == "true";
        return value || text == "false";
    }
}

/// <summary>One of some words.</summary>
/// <typeparam name="T">What they stand for.</typeparam>
/// <param name="choices">The words and their values.</param>
public sealed class ChoiceType<T>(params (string Word, T Value)[] choices) : ScalarType<T>
    where T : notnull
{
    private readonly string[] words = Array.ConvertAll(choices, each => each.Word);

    /// <inheritdoc/>
    public override string Description => words.Length == 1 ? words[0] : $"{string.Join(", ", words[..^1])} or {words[^1]}";

    /// <inheritdoc/>
    public override string ValueName => string.Join('|', words);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Words => words;

    /// <inheritdoc/>
    public override string Write(T value) => words[Array.FindIndex(choices, each => each.Value.Equals(value))];

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. words.Select(each => (JsonNode)each)]) };

    /// <inheritdoc/>
    protected override bool TryParse(string text, out T value)
    {
        var index = Array.IndexOf(words, text);
        value = choices[Math.Max(index, 0)].Value;
        return index >= 0;
    }
}

/// <summary>A text of one word with a form of its own: a path, an address, a prefix.</summary>
/// <typeparam name="T">What it stands for.</typeparam>
/// <param name="valueName">What a help text calls it: <c>PREFIX</c>.</param>
/// <param name="description">What it is, with an article: <c>an address such as 239.1.1.1</c>.</param>
/// <param name="pattern">A regular expression that it follows, for editors; null when there is none.</param>
/// <param name="parse">Reads it.</param>
/// <param name="write">Writes it.</param>
public sealed class TextType<T>(string valueName, string description, string? pattern, TextType<T>.Parser parse, Func<T, string> write)
    : ScalarType<T>
    where T : notnull
{
    private readonly Func<string, T>? parseOrThrow;

    /// <summary>A text whose reader says what is wrong with it.</summary>
    /// <param name="valueName">What a help calls it.</param>
    /// <param name="description">What it is, with an article.</param>
    /// <param name="parse">Reads it, or throws a <see cref="FormatException"/> that says why it is not valid.</param>
    /// <param name="write">Writes it.</param>
    public TextType(string valueName, string description, Func<string, T> parse, Func<T, string> write)
        : this(valueName, description, null, Quietly(parse), write) => parseOrThrow = parse;

    /// <summary>Reads a text.</summary>
    /// <returns>Whether the text is one.</returns>
    public delegate bool Parser(string text, [MaybeNullWhen(false)] out T value);

    /// <inheritdoc/>
    public override string Description => description;

    /// <inheritdoc/>
    public override string ValueName => valueName;

    /// <inheritdoc/>
    protected override bool AcceptsQuotes => true;

    /// <inheritdoc/>
    public override string Write(T value) => YamlText.Scalar(write(value));

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (pattern is not null)
            schema["pattern"] = pattern;
        return schema;
    }

    /// <inheritdoc/>
    protected override bool TryParse(string text, [MaybeNullWhen(false)] out T value) => parse(text, out value);

    /// <inheritdoc/>
    protected override string? Reason(string text)
    {
        try
        {
            parseOrThrow?.Invoke(text);
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message.Contains(description, StringComparison.Ordinal) ? null : wrong.Message;
        }
    }

    private static Parser Quietly(Func<string, T> parse) => (string text, [MaybeNullWhen(false)] out T value) =>
    {
        try
        {
            value = parse(text);
            return true;
        }
        catch (FormatException)
        {
            value = default;
            return false;
        }
    };
}
