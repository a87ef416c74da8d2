using System.Globalization;
using MulticastLab.Conformance.Reports.Comparing;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>Several runs side by side on one page.</summary>
public static class ComparisonPage
{
    /// <summary>Writes it.</summary>
    /// <param name="comparison">What is compared.</param>
    /// <param name="output">Where to.</param>
    /// <param name="folder">The folder that the page will be in: the runs' own pages are linked from there.</param>
    public static void Write(ReportComparison comparison, TextWriter output, string folder)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        ArgumentNullException.ThrowIfNull(output);
        var title = string.Join(", ", comparison.Runs.Select(each => each.Name));
        PageShell.Write(
            output, $"{title}: conformance side by side",
            html =>
            {
                html.Text("p", "Multicast Lab · conformance side by side", ("class", "kicker"));
                html.Text("h1", title);
                html.Text("p", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{comparison.Tests.Count} tests; {comparison.Differing} of them do not have the same verdict in every run."));
            },
            html =>
            {
                WriteRuns(html, comparison, folder);
                WriteTests(html, comparison, folder);
            },
            html => html.Text("p", "Each run has a page of its own with what was seen."));
    }

    private static void WriteRuns(HtmlWriter html, ReportComparison comparison, string folder)
    {
        using var section = html.Open("section", ("aria-labelledby", "runs"));
        html.Text("h2", "Runs", ("id", "runs"));
        using var scroll = html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Runs"));
        using var table = html.Open("table", ("class", "compare"));
        html.Text("caption", "How many tests had which verdict", ("class", "unseen"));
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            foreach (var heading in (string[])["Run", "Device", "Version", "World", "Day"])
                html.Text("th", heading, ("scope", "col"));
            foreach (var verdict in VerdictView.All)
                html.Text("th", VerdictView.Title(verdict), ("scope", "col"), ("class", "number"));
        }

        using var body = html.Open("tbody");
        foreach (var run in comparison.Runs)
        {
            var report = run.Folder.Report;
            using var row = html.Open("tr");
            using (html.Open("th", ("scope", "row")))
                WriteLink(html, run, folder, "", run.Name);
            html.Text("td", report.Device.Title);
            html.Text("td", report.Device.Version ?? "");
            html.Text("td", report.Engine);
            html.Text("td", ReportText.Day(report), ("class", "day"));
            foreach (var verdict in VerdictView.All)
            {
                html.Text(
                    "td", report.Count(verdict).ToString(CultureInfo.InvariantCulture),
                    ("class", $"number {verdict.Name()}"));
            }
        }
    }

    private static void WriteTests(HtmlWriter html, ReportComparison comparison, string folder)
    {
        using var section = html.Open("section", ("aria-labelledby", "tests"));
        html.Text("h2", "Tests", ("id", "tests"));
        FilterView.Write(html, "Filter the tests", "Verdicts", new FilterView.Choice[]
        {
            new("differs", "differ", comparison.Differing),
            new("same", "the same", comparison.Tests.Count - comparison.Differing),
        }.Where(each => each.Count > 0), canOpen: false);
        using (html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Tests")))
        {
            using var table = html.Open("table", ("class", "compare"));
            html.Text("caption", "Verdicts by test", ("class", "unseen"));
            using (html.Open("thead"))
            using (html.Open("tr"))
            {
                foreach (var heading in (string[])["Test", "Section", "Level", .. comparison.Runs.Select(each => each.Name)])
                    html.Text("th", heading, ("scope", "col"));
            }

            using var body = html.Open("tbody");
            foreach (var test in comparison.Tests)
                Write(html, comparison, test, folder);
        }

        FilterView.WriteNothing(html);
    }

    private static void Write(HtmlWriter html, ReportComparison comparison, ComparedTest compared, string folder)
    {
        var kind = compared.Differs ? "differs" : "same";
        using (html.Open("tr", ("class", kind), ("data-verdict", kind)))
        {
            html.Text("th", compared.Test.Test, ("scope", "row"), ("title", compared.Test.Purpose));
            html.Text("td", compared.Test.Section);
            html.Text("td", compared.Test.Level);
            for (var i = 0; i < comparison.Runs.Count; i++)
            {
                using var cell = html.Open("td");
                if (compared.Verdicts[i] is { } verdict)
                    WriteLink(html, comparison.Runs[i], folder, "#" + TestView.Id(compared.Test.Test), VerdictView.Title(verdict), verdict);
                else
                    html.Text("span", "not played", ("class", "level"));
            }
        }

        html.Line();
    }

    private static void WriteLink(HtmlWriter html, ComparedRun run, string folder, string fragment, string text, Verdict? verdict = null)
    {
        var page = Path.Combine(run.Folder.Path, ReportForms.PageName);
        var link = File.Exists(page) ? PageShell.Link(folder, page) + fragment : null;
        using (html.Open(link is null ? "span" : "a", ("href", link), ("class", verdict is null ? null : "plain")))
        {
            if (verdict is { } shown)
                VerdictView.Write(html, shown);
            else
                html.Text(text);
        }
    }
}
