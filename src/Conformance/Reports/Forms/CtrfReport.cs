using System.Text.Json;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Forms;

/// <summary>
/// A report in the Common Test Report Format: what is inconclusive is <c>other</c>, what is not applicable <c>skipped</c>.
/// </summary>
internal static class CtrfReport
{
    /// <summary>Writes it.</summary>
    public static void Write(SuiteReport report, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("reportFormat", "CTRF");
        json.WriteString("specVersion", "1.0.0");
        json.WriteString("timestamp", ReportText.EndOf(report));
        json.WriteString("generatedBy", "multicast-lab");
        json.WriteStartObject("results");
        json.WriteStartObject("tool");
        json.WriteString("name", "multicast-lab");
        json.WriteEndObject();
        WriteSummary(json, report);
        json.WriteStartArray("tests");
        foreach (var test in report.Tests)
            Write(json, report, test);
        json.WriteEndArray();
        json.WriteStartObject("environment");
        json.WriteString("appName", report.Device.Title);
        if (report.Device.Version is { } version)
            json.WriteString("appVersion", version);
        json.WriteString("testEnvironment", report.Engine);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter json, SuiteReport report)
    {
        json.WriteStartObject("summary");
        json.WriteNumber("tests", report.Tests.Count);
        foreach (var status in (string[])["passed", "failed", "skipped", "pending", "other"])
            json.WriteNumber(status, report.Tests.Count(each => StatusOf(each.Verdict) == status));
        json.WriteNumber("start", report.Started.ToUnixTimeMilliseconds());
        json.WriteNumber("stop", ReportText.EndOf(report).ToUnixTimeMilliseconds());
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SuiteReport report, TestReport test)
    {
        json.WriteStartObject();
        json.WriteString("name", test.Test);
        json.WriteString("status", StatusOf(test.Verdict));
        json.WriteString("rawStatus", test.Verdict.Name());
        json.WriteNumber("duration", (long)Math.Round(test.Seconds * 1000));
        json.WriteStartArray("suite");
        json.WriteStringValue(report.Device.Name);
        json.WriteStringValue(test.Section);
        json.WriteEndArray();
        if (ReportText.Message(test) is { Length: > 0 } message)
            json.WriteString("message", message);
        if (test.Verdict == Verdict.Fail)
            json.WriteString("trace", ReportText.Details(test));
        json.WriteStartArray("tags");
        foreach (var tag in (string[])[test.Level, .. test.Sections, .. test.Requirements])
            json.WriteStringValue(tag);
        json.WriteEndArray();
        if (test.Attempts > 1)
            json.WriteNumber("retries", test.Attempts - 1);
        if (test.Pcapng is { } capture)
        {
            json.WriteStartArray("attachments");
            json.WriteStartObject();
            json.WriteString("name", test.Test);
            json.WriteString("contentType", "application/vnd.tcpdump.pcap");
            json.WriteString("path", capture);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteStartObject("extra");
        json.WriteString("purpose", test.Purpose);
        json.WriteString("expected", test.Expected);
        json.WriteString("seen", test.Seen);
        json.WriteString("filter", test.Filter);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string StatusOf(Verdict verdict) => verdict switch
    {
        Verdict.Pass or Verdict.Observation => "passed",
        Verdict.Fail => "failed",
        Verdict.NotApplicable => "skipped",
        Verdict.Inconclusive => "other",
    };
}
