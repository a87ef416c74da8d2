using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets.Text;

namespace MulticastLab.Conformance.Reports.Forms;

/// <summary>
/// What has not passed as workflow commands of GitHub Actions, which make annotations of them: an error where the device breaks what binds
/// it, a warning where it does not do what it should, a notice where nothing is known.
/// </summary>
public static class GitHubAnnotations
{
    /// <summary>A line for each.</summary>
    public static IEnumerable<string> Of(SuiteReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        foreach (var test in report.Tests)
        {
            var kind = test switch
            {
                { Breaks: true } => "error",
                { Verdict: Verdict.Fail } => "warning",
                { Verdict: Verdict.Inconclusive } => "notice",
                _ => null,
            };
            if (kind is null)
                continue;
            var title = $"{report.Device.Name}: {test.Test} ({string.Join(", ", test.Requirements)})";
            var text = test.Verdict == Verdict.Fail
                ? $"{test.Purpose}\nexpected: {test.Expected}\nseen: {ReportText.Message(test)}"
                : ReportText.Message(test);
            yield return $"::{kind} title={Property(title)}::{Data(text)}";
        }
    }

    private static string Data(string text) => VisibleText.Lines(text)
        .Replace("%", "%25", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
