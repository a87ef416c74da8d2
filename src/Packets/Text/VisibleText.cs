using System.Buffers;
using System.Globalization;
using System.Text;

namespace MulticastLab.Packets.Text;

/// <summary>
/// Text that comes from outside - from files, from the wire, from other programs - on its way to the user. It may hold what moves the
/// cursor, renames the window or reverses text direction: here that becomes visible, written as in JSON (<c>\u001b</c>), so that JSON stays
/// the JSON it was.
/// </summary>
public static class VisibleText
{
    // C0 and C1, DEL; line and paragraph separators; what sets the writing direction.
    private static readonly char[] Hidden =
    [
        .. Enumerable.Range(0, 0xA0).Select(each => (char)each).Where(char.IsControl),
        '\u061C',
        '\u200E',
        '\u200F',
        '\u2028',
        '\u2029',
        '\u202A',
        '\u202B',
        '\u202C',
        '\u202D',
        '\u202E',
        '\u2066',
        '\u2067',
        '\u2068',
        '\u2069',
    ];

    private static readonly SearchValues<char> NotInALine = SearchValues.Create(Hidden);
    private static readonly SearchValues<char> NotInLines = SearchValues.Create([.. Hidden.Except(['\n', '\t'])]);

    /// <summary>A text of several lines: line ends and tabs stay.</summary>
    public static string Lines(string text) => Visible(text, NotInLines);

    /// <summary>A text that is to stay in one line.</summary>
    public static string Line(string text) => Visible(text, NotInALine);

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
}
