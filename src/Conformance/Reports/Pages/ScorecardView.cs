using System.Globalization;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>The scorecard: each requirement with its verdict and the tests that show it.</summary>
internal static class ScorecardView
{
    /// <summary>Writes it.</summary>
    public static void Write(HtmlWriter html, SuiteReport report)
    {
        using (html.Open("section", ("aria-labelledby", "scorecard")))
        {
            html.Text("h2", "Scorecard", ("id", "scorecard"));
            WriteFailed(html, report);
            using (html.Open("details", ("class", "fold")))
            {
                html.Text("summary", $"All {report.Requirements.Count} requirements: {Counts(report.Requirements)}");
                using var scroll = html.Open(
                    "div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Requirements"));
                WriteTable(html, report.Requirements, "Requirements and their verdicts", withVerdict: true);
            }
        }

        html.Line();
    }

    private static void WriteFailed(HtmlWriter html, SuiteReport report)
    {
        var failed = report.Requirements.With(Verdict.Fail).ToList();
        if (failed.Count == 0)
        {
            html.Text("p", "No requirement failed.");
            return;
        }

        using var scroll = html.Open(
            "div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Failed requirements"));
        WriteTable(
            html, failed, failed.Count == 1 ? "One requirement failed" : $"{failed.Count} requirements failed", withVerdict: false);
    }

    private static void WriteTable(HtmlWriter html, IReadOnlyList<RequirementReport> requirements, string caption, bool withVerdict)
    {
        using var table = html.Open("table", ("class", "scorecard"));
        html.Text("caption", caption);
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            foreach (var heading in (string[])["Requirement", "Section", "Level", "Verdict", "What is required", "Shown by"])
            {
                if (withVerdict || heading != "Verdict")
                    html.Text("th", heading, ("scope", "col"));
            }
        }

        using var body = html.Open("tbody");
        foreach (var each in requirements)
        {
            var known = RequirementCatalog.Find(each.Id);
            using var row = html.Open("tr");
            html.Text("th", each.Id, ("scope", "row"), ("class", "id"));
            html.Text("td", known is null ? "" : $"RFC {known.Rfc} §{known.Section}", ("class", "id"));
            html.Text("td", known?.Level ?? "");
            if (withVerdict)
            {
                using var verdict = html.Open("td");
                VerdictView.Write(html, each.Verdict);
            }

            html.Text("td", known?.Text ?? "", ("class", "what"));
            using (html.Open("td"))
            {
                for (var i = 0; i < each.Tests.Count; i++)
                {
                    if (i > 0)
                        html.Text(", ");
                    html.Text("a", each.Tests[i], ("href", "#" + TestView.Id(each.Tests[i])));
                }
            }
        }
    }

    private static string Counts(IReadOnlyList<RequirementReport> requirements) => string.Join(
        ", ", VerdictView.All.Select(each => (Verdict: each, Count: requirements.With(each).Count())).Where(each => each.Count > 0)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Count} {each.Verdict.Name()}")));
}
