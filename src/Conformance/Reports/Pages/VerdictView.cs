using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>Verdicts on a page: never by colour alone.</summary>
internal static class VerdictView
{
    /// <summary>The verdicts in the order of columns and bars.</summary>
    public static readonly IReadOnlyList<Verdict> All =
        [Verdict.Pass, Verdict.Fail, Verdict.Inconclusive, Verdict.Observation, Verdict.NotApplicable];

    /// <summary>The verdict as a heading.</summary>
    public static string Title(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "Pass",
        Verdict.Fail => "Fail",
        Verdict.Inconclusive => "Inconclusive",
        Verdict.NotApplicable => "Not applicable",
        Verdict.Observation => "Observation",
    };

    /// <summary>A sign for it.</summary>
    public static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Pass => "✓",
        Verdict.Fail => "✗",
        Verdict.Inconclusive => "?",
        Verdict.NotApplicable => "–",
        Verdict.Observation => "i",
    };

    /// <summary>Writes it as a badge.</summary>
    public static void Write(HtmlWriter html, Verdict verdict)
    {
        using (html.Open("span", ("class", $"badge {verdict.Name()}")))
        {
            html.Text("span", Sign(verdict), ("aria-hidden", "true"));
            html.Text($" {Title(verdict)}");
        }
    }
}
