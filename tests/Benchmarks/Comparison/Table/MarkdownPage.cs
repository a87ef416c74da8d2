namespace MulticastLab.Benchmarks.Comparison.Table;

/// <summary>
/// Puts a text into a page: between the lines <c>&lt;!-- compare --&gt;</c> and <c>&lt;!-- end --&gt;</c> where it has them, or in place of
/// all.
/// </summary>
internal static class MarkdownPage
{
    private const string Begin = "<!-- compare -->\n";
    private const string End = "<!-- end -->";

    /// <summary>The page with the text in its place.</summary>
    /// <exception cref="FormatException">There is a beginning without an end.</exception>
    public static string With(string page, string text)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        if (begin < 0)
            return text;
        var end = page.IndexOf(End, begin, StringComparison.Ordinal);
        return end < 0
            ? throw new FormatException($"The page has {Begin.TrimEnd()} without {End} behind it.")
            : page[..(begin + Begin.Length)] + text + page[end..];
    }

    /// <summary>Writes it; a file that is not there yet is made.</summary>
    public static void Write(string file, string text) =>
        File.WriteAllText(file, With(File.Exists(file) ? File.ReadAllText(file) : "", text));
}
