using System.Globalization;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>The summary of a run: how many tests had which verdict, as a whole, by section and by level.</summary>
internal static class SummaryView
{
    // More rows are no chart any more: then sections are taken together.
    private const int MostRows = 24;

    /// <summary>Writes it.</summary>
    public static void Write(HtmlWriter html, SuiteReport report)
    {
        using (html.Open("section", ("aria-labelledby", "summary")))
        {
            html.Text("h2", "Summary", ("id", "summary"));
            WriteTiles(html, report);
            if (report.Notes.Count > 0)
            {
                using var notes = html.Open("ul", ("class", "notes"));
                foreach (var note in report.Notes)
                    html.Text("li", note);
            }

            using (html.Open("div", ("class", "charts")))
            {
                WriteChart(html, "Tests by section", "Section", BySection(report));
                WriteChart(html, "Tests by level", "Level", ByLevel(report));
            }
        }

        html.Line();
    }

    private static void WriteTiles(HtmlWriter html, SuiteReport report)
    {
        using (html.Open("dl", ("class", "tiles")))
        {
            foreach (var verdict in VerdictView.All)
            {
                var count = report.Count(verdict);
                using (html.Open("div", ("class", $"tile {verdict.Name()}{(count == 0 ? " none" : "")}")))
                {
                    html.Text("dt", VerdictView.Title(verdict));
                    html.Text("dd", count.ToString(CultureInfo.InvariantCulture));
                }
            }
        }
    }

    private static void WriteChart(
        HtmlWriter html, string caption, string heading, IReadOnlyList<(string Name, IReadOnlyList<TestReport> Tests)> rows)
    {
        var verdicts = VerdictView.All.Where(each => rows.Any(row => row.Tests.Any(test => test.Verdict == each))).ToList();
        var most = rows.Max(each => each.Tests.Count);
        using var scroll = html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption));
        using var table = html.Open("table", ("class", "chart"));
        html.Text("caption", caption);
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            html.Text("th", heading, ("scope", "col"));
            using (html.Open("td", ("class", "bar")))
            {
            }

            foreach (var verdict in verdicts)
                html.Text("th", VerdictView.Title(verdict), ("scope", "col"), ("class", "number"));
        }

        using (html.Open("tbody"))
        {
            foreach (var (name, tests) in rows)
            {
                using var row = html.Open("tr");
                html.Text("th", name, ("scope", "row"));
                using (html.Open("td", ("class", "bar")))
                    WriteBar(html, tests, most);
                foreach (var verdict in verdicts)
                {
                    var count = tests.Count(each => each.Verdict == verdict);
                    html.Text(
                        "td", count == 0 ? "" : count.ToString(CultureInfo.InvariantCulture), ("class", $"number {verdict.Name()}"));
                }
            }
        }
    }

    private static void WriteBar(HtmlWriter html, IReadOnlyList<TestReport> tests, int most)
    {
        using (html.Open("svg", ("viewBox", "0 0 100 10"), ("preserveAspectRatio", "none"), ("aria-hidden", "true")))
        {
            var x = 0.0;
            foreach (var verdict in VerdictView.All)
            {
                var width = tests.Count(each => each.Verdict == verdict) * 100.0 / most;
                if (width == 0)
                    continue;
                html.Shape(
                    "rect", ("class", $"fill {verdict.Name()}"), ("x", HtmlWriter.N(x)), ("width", HtmlWriter.N(width)), ("height", "10"));
                x += width;
            }
        }
    }

    private static List<(string Name, IReadOnlyList<TestReport> Tests)> ByLevel(SuiteReport report) =>
    [
        .. Levels.All.Select(level => (level, (IReadOnlyList<TestReport>)[.. report.Tests.Where(each => each.Level == level)]))
            .Where(each => each.Item2.Count > 0),
    ];

    private static List<(string Name, IReadOnlyList<TestReport> Tests)> BySection(SuiteReport report)
    {
        for (var depth = 4; ; depth--)
        {
            var rows = report.Tests.GroupBy(each => Shortened(each.Section, depth))
                .OrderBy(each => each.Key, SectionOrder.Comparer)
                .Select(each => (each.Key, (IReadOnlyList<TestReport>)[.. each]))
                .ToList();
            if (rows.Count <= MostRows || depth == 1)
                return rows;
        }
    }

    // An appendix (App.I) is no part of a section.
    private static string Shortened(string section, int depth)
    {
        const string Appendix = "§App.";
        var parts = section.Replace(Appendix, "§App", StringComparison.Ordinal).Split('.');
        return string.Join('.', parts.Take(depth)).Replace("§App", Appendix, StringComparison.Ordinal);
    }
}
