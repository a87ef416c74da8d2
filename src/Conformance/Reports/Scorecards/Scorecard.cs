using System.Globalization;
using System.Text;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Scorecards;

/// <summary>
/// The scorecard of a device as Markdown, for a repository. Why it fails is what its folder knows (<c>known.yaml</c>).
/// </summary>
internal static class Scorecard
{
    private const int LongestLine = 300;

    /// <summary>The file of a report: <c>frr.md</c>; worlds and protocols that are not the usual ones are part of the name.</summary>
    public static string FileName(SuiteReport report) =>
        $"{Plain(report.Device.Name)}{(report.Engine == "namespaces" ? "" : $"-{Plain(report.Engine)}")}"
            + $"{(report.Protocol == "igmp" ? "" : $"-{Plain(report.Protocol)}")}.md";

    /// <summary>The scorecard.</summary>
    /// <param name="report">The report.</param>
    public static string Of(SuiteReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {MarkdownText.Of(report.Device.Title)}\n\n");
        text.Append("Made by `labrunner conformance scorecard`.\n\n");
        text.Append(MarkdownText.Head("Device", "Version", "Role", "Protocol", "World", "Tested", "Took", "Tests"));
        text.Append(MarkdownText.Row(
        [
            MarkdownText.Of(report.Device.Name), MarkdownText.Of(report.Device.Version ?? "not known"), report.Device.Role,
            report.Protocol.ToUpperInvariant(), MarkdownText.Of(report.Engine), ReportText.Day(report),
            string.Create(CultureInfo.InvariantCulture, $"{report.Seconds:0.#} s"), report.CountsInWords(),
        ]));
        AppendSections(text, report);
        AppendFailures(text, report);
        AppendInconclusive(text, report);
        return text.ToString();
    }

    private static void AppendSections(StringBuilder text, SuiteReport report)
    {
        var verdicts = Enum.GetValues<Verdict>().Where(each => report.Count(each) > 0).ToList();
        text.Append("\n## Tests by section\n\n");
        text.Append(MarkdownText.Head(["Section", "Tests", .. verdicts.Select(each => each.Name())]));
        foreach (var section in report.Tests.GroupBy(each => each.Section).OrderBy(each => each.Key, SectionOrder.Comparer))
        {
            text.Append(MarkdownText.Row(
            [
                MarkdownText.Of(section.Key), Number(section.Count()),
                .. verdicts.Select(verdict => Number(section.Count(each => each.Verdict == verdict))),
            ]));
        }
    }

    private static void AppendFailures(StringBuilder text, SuiteReport report)
    {
        var failed = report.Requirements.With(Verdict.Fail).ToList();
        text.Append("\n## Failed requirements\n\n");
        if (failed.Count == 0)
        {
            text.Append("None.\n");
            return;
        }

        text.Append(MarkdownText.Head("Requirement", "Section", "Level", "What is required", "What was seen", "Test", "Why"));
        foreach (var each in failed)
        {
            var known = RequirementCatalog.Find(each.Id);
            var test = report.Tests.First(test => test.Verdict == Verdict.Fail && each.Tests.Contains(test.Test));
            var frames = test.Frames.Count == 0 ? "" : $" (frames {string.Join(", ", test.Frames.Take(5))})";
            text.Append(MarkdownText.Row(
            [
                MarkdownText.Of(each.Id), known is null ? "" : $"RFC {known.Rfc} §{known.Section}", known?.Level ?? test.Level,
                MarkdownText.Of(known?.Text ?? "", LongestLine), MarkdownText.Of(ReportText.Message(test) + frames, LongestLine),
                MarkdownText.Of(test.Test), MarkdownText.Of(test.Known ?? "not known"),
            ]));
        }
    }

    private static void AppendInconclusive(StringBuilder text, SuiteReport report)
    {
        var inconclusive = report.Tests.Where(each => each.Verdict == Verdict.Inconclusive).ToList();
        if (inconclusive.Count == 0)
            return;
        text.Append("\n## Inconclusive\n\n");
        foreach (var each in inconclusive)
            text.Append($"- {MarkdownText.Of(each.Test)}: {MarkdownText.Of(each.Reason ?? "", LongestLine)}\n");
    }

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    // The name of a device is that of a folder, and may be anything.
    private static string Plain(string name) => string.Concat(name.Select(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '.'
        ? each
        : '-')).TrimStart('.');
}
