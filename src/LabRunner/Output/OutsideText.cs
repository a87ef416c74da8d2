using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MulticastLab.LabRunner.Output;

/// <summary>
/// Text that comes from outside - from files, from the wire, from other programs - on its way to the user. It may hold what moves the cursor,
/// renames the window or turns text round: here that becomes visible, written as in JSON (<c>\u001b</c>), so that JSON stays the JSON it was.
/// </summary>
internal static partial class OutsideText
{
    // C0 and C1, DEL; line and paragraph separators; what sets the direction of writing.
    private static readonly char[] Hidden =
    [
        .. Enumerable.Range(0, 0xA0).Select(each => (char)each).Where(char.IsControl),
        '\u061C', '\u200E', '\u200F', '\u2028', '\u2029', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069',
    ];

    private static readonly SearchValues<char> NotInALine = SearchValues.Create(Hidden);
    private static readonly SearchValues<char> NotInText = SearchValues.Create([.. Hidden.Except(['\n', '\t'])]);

    /// <summary>A text of several lines: line ends and tabs stay.</summary>
    public static string Text(string text) => Visible(text, NotInText);

    /// <summary>A text that is to stay in one line.</summary>
    public static string Line(string text) => Visible(text, NotInALine);

    /// <summary>A text of several lines as Spectre markup that shows it as it is.</summary>
    public static string Markup(string text)
    {
#pragma warning disable RS0030 // This is the place that the others are to use.
        var escaped = Spectre.Console.Markup.Escape(Text(text));
#pragma warning restore RS0030
        // Spectre takes a word between colons, such as a part of an IPv6 address, for the name of a picture. Only a change of style within keeps it
        // from that; on a colon italics show least.
        return Shortcode().Replace(escaped, code => Spectre.Console.Emoji.Replace($":{code.Groups[1].Value}:")[0] == ':' ? ":" : "[italic]:[/]");
    }

    private static string Visible(string text, SearchValues<char> hidden)
    {
        if (text.AsSpan().IndexOfAny(hidden) < 0)
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var each in text)
        {
            if (hidden.Contains(each))
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)each:x4}");
            else
                visible.Append(each);
        }

        return visible.ToString();
    }

    [GeneratedRegex(@":(?=([^\s:]+):)")]
    private static partial Regex Shortcode();
}
