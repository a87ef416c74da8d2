using System.Globalization;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>The filter of a page: words and boxes. Without a script it stays hidden, and everything is shown.</summary>
internal static class FilterView
{
    /// <summary>A box of a filter.</summary>
    /// <param name="Value">What the elements have that it stands for, in <c>data-verdict</c>.</param>
    /// <param name="Title">What it is called.</param>
    /// <param name="Count">How many there are.</param>
    internal sealed record Choice(string Value, string Title, int Count);

    /// <summary>Writes it.</summary>
    public static void Write(HtmlWriter html, string label, string legend, IEnumerable<Choice> choices, bool canOpen)
    {
        using var form = html.Open(
            "form", ("id", "filter"), ("class", "filter"), ("role", "search"), ("aria-label", label), ("hidden", ""));
        using (html.Open("label", ("class", "find")))
        {
            html.Text("span", "Find");
            html.Void(
                "input", ("type", "search"), ("id", "find"), ("placeholder", "name, requirement, section …"), ("autocomplete", "off"),
                ("spellcheck", "false"), ("aria-keyshortcuts", "/"));
        }

        using (html.Open("fieldset"))
        {
            html.Text("legend", legend);
            foreach (var choice in choices)
            {
                using var check = html.Open("label", ("class", $"check {choice.Value}"));
                html.Void("input", ("type", "checkbox"), ("name", "verdict"), ("value", choice.Value), ("checked", ""));
                html.Text(string.Create(CultureInfo.InvariantCulture, $" {choice.Title} ({choice.Count})"));
            }
        }

        if (canOpen)
        {
            html.Text("button", "Open all shown", ("type", "button"), ("id", "open-all"));
            html.Text("button", "Close all", ("type", "button"), ("id", "close-all"));
        }

        html.Text("output", "", ("id", "shown"), ("role", "status"));
    }

    /// <summary>Writes what stands there when nothing fits.</summary>
    public static void WriteNothing(HtmlWriter html) => html.Text("p", "No test is like that.", ("id", "nothing"), ("hidden", ""));
}
