using System.Text;
using MulticastLab.Packets.Text;

namespace MulticastLab.Conformance.Reports.Scorecards;

/// <summary>Text that comes from outside as Markdown that shows it as it is.</summary>
internal static class MarkdownText
{
    private const string Special = @"\`*_[]<>|#~";

    /// <summary>A text that stays in one line, in a table too.</summary>
    public static string Of(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var each in VisibleText.Line(text.ReplaceLineEndings(" ")))
        {
            if (Special.Contains(each, StringComparison.Ordinal))
                escaped.Append('\\');
            escaped.Append(each);
        }

        return escaped.ToString();
    }

    /// <summary>The same, cut after so many characters.</summary>
    public static string Of(string text, int atMost) => Of(text.Length <= atMost ? text : text[..(atMost - 1)].TrimEnd() + "…");

    /// <summary>A row of a table.</summary>
    public static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    /// <summary>The head of a table.</summary>
    public static string Head(params IReadOnlyCollection<string> headings) =>
        Row(headings) + $"|{string.Concat(Enumerable.Repeat("---|", headings.Count))}\n";
}
