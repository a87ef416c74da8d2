using System.Globalization;
using System.Text;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports;

/// <summary>What several forms of a report say in the same words.</summary>
internal static class ReportText
{
    /// <summary>The name of the run: <c>FRRouting pimd 8.4.4 (igmp, namespaces)</c>.</summary>
    public static string NameOf(SuiteReport report) =>
        $"{report.Device.Title}{(report.Device.Version is { } version ? $", {version}" : "")} ({report.Protocol}, {report.Engine})";

    /// <summary>When the run ended.</summary>
    public static DateTimeOffset EndOf(SuiteReport report) => report.Started + TimeSpan.FromSeconds(report.Seconds);

    /// <summary>The day of the run.</summary>
    public static string Day(SuiteReport report) => report.Started.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>In a line: what was seen, or why there is no other verdict.</summary>
    public static string Message(TestReport test) => test switch
    {
        { Verdict: Verdict.Fail, Reason: { Length: > 0 } reason } => $"{reason} {test.Seen}".TrimEnd(),
        { Verdict: Verdict.Fail } => test.Seen,
        _ => test.Reason ?? "",
    };

    /// <summary>All of it, over several lines.</summary>
    public static string Details(TestReport test)
    {
        var text = new StringBuilder();
        Line("", test.Purpose);
        foreach (var id in test.Requirements)
            Line("requirement: ", RequirementCatalog.Find(id)?.ToString() ?? id);
        Line("verdict: ", test.Verdict.Name());
        Line("reason: ", test.Reason);
        Line("expected: ", test.Expected);
        Line("seen: ", test.Seen);
        if (test.Pcapng is not null)
            Line("see: ", TsharkCommand(test));
        return text.ToString().TrimEnd();

        void Line(string what, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                text.Append(what).Append(value).Append('\n');
        }
    }

    /// <summary>The command that shows the frames that decide, for a shell in the report's folder.</summary>
    public static string TsharkCommand(TestReport test) => $"tshark -r {Quoted(test.Pcapng ?? "")} -Y {Quoted(test.Filter)}";

    /// <summary>The requirements with this verdict.</summary>
    public static IEnumerable<RequirementReport> With(this IEnumerable<RequirementReport> requirements, Verdict verdict) =>
        requirements.Where(each => each.Verdict == verdict);

    // For a POSIX shell; what needs no quotes has none.
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(each => char.IsAsciiLetterOrDigit(each) || "/._-".Contains(each, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
