using System.Globalization;

namespace MulticastLab.Daemon.Yaml;

/// <summary>Writes values as YAML text.</summary>
public static class YamlText
{
    private static readonly string[] Reserved = ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"];

    /// <summary>A text as a scalar: quoted where it would otherwise mean something else.</summary>
    public static string Scalar(string text) => IsPlain(text)
        ? text
        : $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>Texts as a list in one line.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '/')
        && text[^1] != ' '
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or '@' or '+' or ' ')
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        && !Reserved.Contains(text, StringComparer.OrdinalIgnoreCase);
}
