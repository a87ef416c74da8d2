using System.Globalization;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary><c>index.html</c>: a run on one page that needs nothing else.</summary>
internal static class ReportPage
{
    /// <summary>The files beside it: path and what they are.</summary>
    public static readonly IReadOnlyList<(string Path, string What)> Beside =
    [
        (ReportFolder.FileName, "JSON"), ("report.schema.json", "its schema"), ("junit.xml", "JUnit XML"), ("report.trx", "TRX"),
        ("report.tap", "TAP 14"), ("report.ctrf.json", "CTRF"),
    ];

    /// <summary>Writes it.</summary>
    public static void Write(ReportFolder folder, TextWriter output) => PageShell.Write(
        output, $"{ReportText.NameOf(folder.Report)}: conformance", html => WriteHeader(html, folder.Report),
        html =>
        {
            SummaryView.Write(html, folder.Report);
            ScorecardView.Write(html, folder.Report);
            WriteTests(html, folder);
        },
        WriteFooter);

    private static void WriteHeader(HtmlWriter html, SuiteReport report)
    {
        html.Text("p", "Multicast Lab · conformance report", ("class", "kicker"));
        html.Text("h1", report.Device.Title);
        using (html.Open("dl", ("class", "run")))
        {
            Fact("Version", report.Device.Version ?? "not known");
            Fact("Device", $"{report.Device.Name}, a {report.Device.Role}");
            Fact("Protocol", report.Protocol.ToUpperInvariant());
            Fact("World", $"{report.Engine}, seed {report.Seed.ToString(CultureInfo.InvariantCulture)}");
            Fact("Run", string.Create(
                CultureInfo.InvariantCulture, $"{report.Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC, {report.Seconds:0.#} s"));
        }

        using (html.Open("p", ("class", $"outcome {(report.Breaks ? "fail" : "pass")}")))
            html.Text(Outcome(report));

        void Fact(string name, string value)
        {
            using (html.Open("div"))
                html.Text("dt", name).Text("dd", value);
        }
    }

    private static string Outcome(SuiteReport report)
    {
        var broken = report.Tests.Where(each => each.Breaks).SelectMany(each => each.Requirements).Distinct().Count();
        var end = report.Interrupted ? " The run was interrupted." : "";
        return broken switch
        {
            0 => $"No requirement that binds the device failed.{end}",
            1 => $"One requirement that binds the device failed.{end}",
            _ => $"{broken} requirements that bind the device failed.{end}",
        };
    }

    private static void WriteTests(HtmlWriter html, ReportFolder folder)
    {
        using var section = html.Open("section", ("aria-labelledby", "tests"));
        html.Text("h2", "Tests", ("id", "tests"));
        FilterView.Write(html, "Filter the tests", "Verdict", VerdictView.All
            .Select(each => new FilterView.Choice(each.Name(), VerdictView.Title(each), folder.Report.Count(each)))
            .Where(each => each.Count > 0), canOpen: true);
        foreach (var group in folder.Report.Tests.GroupBy(each => each.Section).OrderBy(each => each.Key, SectionOrder.Comparer))
        {
            using var part = html.Open("section", ("class", "part"));
            html.Text("h3", group.Key);
            foreach (var test in group)
                TestView.Write(html, folder, test);
        }

        FilterView.WriteNothing(html);
    }

    private static void WriteFooter(HtmlWriter html)
    {
        using var line = html.Open("p");
        html.Text("The same run as ");
        for (var i = 0; i < Beside.Count; i++)
        {
            if (i > 0)
                html.Text(", ");
            html.Text("a", Beside[i].What, ("href", Beside[i].Path));
        }

        html.Text(".");
    }
}
