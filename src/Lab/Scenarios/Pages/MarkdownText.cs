namespace MulticastLab.Lab.Scenarios.Pages;

/// <summary>Text in Markdown, and what pages link to.</summary>
internal static class MarkdownText
{
    /// <summary>Text that stands in Markdown as it is.</summary>
    public static string Of(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("|", "\\|", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal)
            .Replace("`", "\\`", StringComparison.Ordinal);

    /// <summary>A link to a section of an RFC; what stands in an appendix of a letter has no anchor of a number.</summary>
    public static string Section(int rfc, string section)
    {
        var anchor = section.StartsWith("App.", StringComparison.Ordinal) ? $"appendix-{section[4..]}" : $"section-{section}";
        return $"[RFC {rfc} §{section}](https://www.rfc-editor.org/rfc/rfc{rfc}.html#{anchor})";
    }
}
