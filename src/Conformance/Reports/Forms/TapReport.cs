using System.Globalization;
using System.Text.Json;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets.Text;

namespace MulticastLab.Conformance.Reports.Forms;

/// <summary>A report in the Test Anything Protocol, version 14; the values of the diagnostics are JSON strings, which YAML reads.</summary>
internal static class TapReport
{
    /// <summary>Writes it.</summary>
    public static void Write(SuiteReport report, TextWriter text)
    {
        text.Write("TAP version 14\n");
        text.Write(string.Create(CultureInfo.InvariantCulture, $"1..{report.Tests.Count}\n"));
        text.Write($"# {VisibleText.Line(ReportText.NameOf(report))}\n");
        for (var i = 0; i < report.Tests.Count; i++)
            Write(report.Tests[i], i + 1, text);
        if (report.Interrupted)
            text.Write("# interrupted before all tests were played\n");
    }

    private static void Write(TestReport test, int number, TextWriter text)
    {
        var skipped = test.Verdict is Verdict.Inconclusive or Verdict.NotApplicable;
        text.Write(string.Create(
            CultureInfo.InvariantCulture, $"{(test.Verdict == Verdict.Fail ? "not ok" : "ok")} {number} - {Escaped(test.Test)}"));
        text.Write(skipped ? $" # SKIP {Escaped($"{test.Verdict.Name()}: {ReportText.Message(test)}")}\n" : "\n");
        text.Write("  ---\n");
        Value("verdict", test.Verdict.Name());
        Value("level", test.Level);
        Value("requirements", string.Join(", ", test.Requirements));
        Value("sections", string.Join(", ", test.Sections));
        Value("purpose", test.Purpose);
        Value("reason", test.Reason ?? "");
        if (test.Verdict == Verdict.Fail)
        {
            Value("expected", test.Expected);
            Value("seen", test.Seen);
        }

        if (test.Pcapng is { } capture)
        {
            Value("pcapng", capture);
            Value("filter", test.Filter);
        }

        text.Write(string.Create(CultureInfo.InvariantCulture, $"  duration_ms: {Math.Round(test.Seconds * 1000)}\n"));
        text.Write("  ...\n");

        void Value(string name, string value)
        {
            if (value.Length > 0)
                text.Write($"  {name}: \"{JsonEncodedText.Encode(VisibleText.Lines(value))}\"\n");
        }
    }

    // A number sign begins a directive, a backslash takes it from it.
    private static string Escaped(string description) => VisibleText.Line(description)
        .Replace(@"\", @"\\", StringComparison.Ordinal).Replace("#", @"\#", StringComparison.Ordinal);
}
