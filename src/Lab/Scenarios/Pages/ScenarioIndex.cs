using System.Globalization;
using System.Text;

namespace MulticastLab.Lab.Scenarios.Pages;

/// <summary>The scenarios by theme, each with a link to its page.</summary>
internal static class ScenarioIndex
{
    /// <summary>The page in Markdown.</summary>
    public static string Of(ScenarioCatalog catalog)
    {
        var text = new StringBuilder("<!-- Made from the scenarios: not to be edited. -->\n# Scenarios by theme\n\n");
        text.Append("[scenarios](../scenarios.md) says how they are written and judged.\n");
        foreach (var theme in catalog.All.GroupBy(each => each.Theme).OrderBy(each => each.Key))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {theme.Key.Title()}\n\n| Scenario | What it shows | Where |\n|---|---|---|\n");
            foreach (var each in theme)
            {
                var sections = each.Sections.GroupBy(section => section.Rfc)
                    .Select(rfc => $"RFC {rfc.Key} {string.Join(' ', rfc.Select(section => $"§{section.Section}"))}");
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| [{each.Name}]({each.Name}.md) | {MarkdownText.Of(each.Description)} | {string.Join("; ", sections)} |\n");
            }
        }

        return text.ToString();
    }
}
