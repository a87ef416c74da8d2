using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using FluentAssertions;
using Json.Schema;
using MulticastLab.Conformance.Reports;
using MulticastLab.Conformance.Reports.Forms;
using MulticastLab.Lab.Scenarios;
using Xunit;

namespace MulticastLab.Tests.Conformance.Reports;

/// <summary>The forms of a report for other tools, read as these read them; what a device calls itself breaks none.</summary>
public sealed class ReportFormTests : IAsyncLifetime
{
    private const string VisibleTitle = "<script>alert('title')</script> & \"quotes\" \\u0007\\u001b[31m\uFFFD # ]]> {{x}} ä €";

    private static readonly JsonSchema Schema = JsonSchema.FromText(new StreamReader(ReportSchema.Open()).ReadToEnd());

    private MadeReport made = null!;

    public async ValueTask InitializeAsync()
    {
        made = await MadeReport.Make();
        ReportForms.Write(made.Folder);
    }

    public ValueTask DisposeAsync()
    {
        made.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void The_report_has_every_verdict() => made.Report.Tests.ToDictionary(each => each.Test, each => each.Verdict).Should().Equal(
        new Dictionary<string, Verdict>
        {
            ["cannot-begin"] = Verdict.Inconclusive,
            ["forbids-what-is-sent"] = Verdict.Fail,
            ["has-no-such-option"] = Verdict.NotApplicable,
            ["is-a-choice"] = Verdict.Observation,
            ["leave-asked-2-times"] = Verdict.Pass,
            ["leave-ends-stream-after-lmqt"] = Verdict.Pass,
            ["wants-what-is-not-sent"] = Verdict.Fail,
        });

    [Fact]
    public void JUnit_has_every_test_with_what_became_of_it()
    {
        var root = XDocument.Parse(Text("junit.xml")).Root!;

        root.Attribute("name")!.Value.Should().StartWith(VisibleTitle);
        Counts(root).Should().Be("7 2 0 2");
        root.Attribute("timestamp")!.Value.Should().Be("2026-07-01T12:30:00");
        var suites = root.Elements("testsuite").ToList();
        suites.Select(each => each.Attribute("name")!.Value).Should().Equal(
            "RFC 9776 §4", "RFC 9776 §6.4.2", "RFC 9776 §6.6.2", "RFC 9776 §8.10");
        suites.Sum(each => (int)each.Attribute("tests")!).Should().Be(7);
        var tests = suites.Elements("testcase").ToDictionary(each => each.Attribute("name")!.Value);
        var failure = tests["wants-what-is-not-sent"].Elements().Single();
        failure.Name.LocalName.Should().Be("failure");
        failure.Attribute("message")!.Value.Should().Contain("seen 0 times");
        failure.Attribute("type")!.Value.Should().Be("implied");
        failure.Value.Should().Contain("V3-R-6.4.2-05 (RFC 9776 §6.4.2").And.Contain("expected: state of dut: 239.1.1.1: EXCLUDE")
            .And.Contain("tshark -r captures/wants-what-is-not-sent.pcapng -Y 'igmp && ");
        tests["cannot-begin"].Element("skipped")!.Attribute("message")!.Value.Should().Be("inconclusive: The device <b>is lazy</b>");
        tests["has-no-such-option"].Element("skipped")!.Attribute("message")!.Value.Should().StartWith("not-applicable: ");
        tests["is-a-choice"].Elements().Single().Name.LocalName.Should().Be("system-out");

        static string Counts(XElement suite) => string.Join(
            ' ', new[] { "tests", "failures", "errors", "skipped" }.Select(each => suite.Attribute(each)!.Value));
    }

    [Fact]
    public void Trx_has_results_definitions_and_counters_that_belong_together()
    {
        XNamespace team = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        var root = XDocument.Parse(Text("report.trx")).Root!;

        root.Name.Should().Be(team + "TestRun");
        root.Attribute("name")!.Value.Should().StartWith(VisibleTitle);
        var results = root.Element(team + "Results")!.Elements().ToList();
        results.ToDictionary(each => each.Attribute("testName")!.Value, each => each.Attribute("outcome")!.Value).Should().Equal(
            new Dictionary<string, string>
            {
                ["cannot-begin"] = "Inconclusive",
                ["forbids-what-is-sent"] = "Failed",
                ["has-no-such-option"] = "NotExecuted",
                ["is-a-choice"] = "Passed",
                ["leave-asked-2-times"] = "Passed",
                ["leave-ends-stream-after-lmqt"] = "Passed",
                ["wants-what-is-not-sent"] = "Failed",
            });
        results.Single(each => each.Attribute("testName")!.Value == "forbids-what-is-sent").Descendants(team + "Message").Single().Value
            .Should().Be("seen");
        string[] Ids(string parent, string attribute) => [.. root.Element(team + parent)!.Elements()
            .Select(each => Guid.Parse(each.Attribute(attribute)!.Value).ToString()).Order(StringComparer.Ordinal)];
        Ids("Results", "testId").Should().OnlyHaveUniqueItems().And.Equal(Ids("TestDefinitions", "id")).And.Equal(
            Ids("TestEntries", "testId"));
        Ids("Results", "executionId").Should().OnlyHaveUniqueItems().And.Equal(Ids("TestEntries", "executionId"));
        var counters = root.Element(team + "ResultSummary")!.Element(team + "Counters")!;
        new[] { "total", "executed", "passed", "failed", "inconclusive", "notExecuted" }
            .Select(each => (int)counters.Attribute(each)!).Should().Equal(7, 6, 3, 2, 1, 1);
        root.Element(team + "ResultSummary")!.Attribute("outcome")!.Value.Should().Be("Failed");
    }

    [Fact]
    public void Tap_has_a_line_for_every_test_and_diagnostics()
    {
        var lines = Text("report.tap").Split('\n');

        lines[0].Should().Be("TAP version 14");
        lines[1].Should().Be("1..7");
        lines.Where(each => each.StartsWith("ok", StringComparison.Ordinal) || each.StartsWith("not ok", StringComparison.Ordinal))
            .Should().Equal(
                "ok 1 - cannot-begin # SKIP inconclusive: The device <b>is lazy</b>",
                "not ok 2 - forbids-what-is-sent",
                "ok 3 - has-no-such-option # SKIP not-applicable: The device has no option 'no-such'.",
                "ok 4 - is-a-choice",
                "ok 5 - leave-asked-2-times",
                "ok 6 - leave-ends-stream-after-lmqt",
                "not ok 7 - wants-what-is-not-sent");
        lines.Count(each => each == "  ---").Should().Be(7);
        lines.Count(each => each == "  ...").Should().Be(7);
        var seen = lines.Single(each => each.StartsWith("  seen: \"it has no record", StringComparison.Ordinal));
        JsonSerializer.Deserialize<string>(seen["  seen: ".Length..]).Should().Be(made.Test("wants-what-is-not-sent").Seen);
    }

    [Fact]
    public void A_number_sign_in_a_name_is_no_directive()
    {
        var text = new StringWriter();
        TapReport.Write(
            made.Report with { Tests = [made.Test("is-a-choice") with { Test = @"a # TODO \ b" + "\nok 2" }] }, text);

        text.ToString().Split('\n').Should().Contain(@"ok 1 - a \# TODO \\ b\\u000aok 2");
    }

    [Fact]
    public void Ctrf_has_sums_that_are_right()
    {
        var report = JsonNode.Parse(Text("report.ctrf.json"))!;

        report["reportFormat"]!.GetValue<string>().Should().Be("CTRF");
        var results = report["results"]!;
        var tests = results["tests"]!.AsArray();
        foreach (var status in new[] { "passed", "failed", "skipped", "pending", "other" })
            results["summary"]![status]!.GetValue<int>().Should().Be(tests.Count(each => (string)each!["status"]! == status));
        results["summary"]!["tests"]!.GetValue<int>().Should().Be(7);
        (results["summary"]!["stop"]!.GetValue<long>() - results["summary"]!["start"]!.GetValue<long>())
            .Should().Be((long)Math.Round(made.Report.Seconds * 1000));
        results["environment"]!["appName"]!.GetValue<string>().Should().Be(MadeReport.HostileTitle);
        var failed = tests.Single(each => (string)each!["name"]! == "wants-what-is-not-sent")!;
        ((string)failed["status"]!, (string)failed["rawStatus"]!).Should().Be(("failed", "fail"));
        ((string)failed["message"]!).Should().Contain("seen 0 times");
        tests.Select(each => (string)each!["rawStatus"]!).Should().Equal(made.Report.Tests.Select(each => each.Verdict.Name()));
    }

    [Fact]
    public void Annotations_are_one_line_each_whatever_they_say()
    {
        var lines = GitHubAnnotations.Of(made.Report with
        {
            Tests =
            [
                .. made.Report.Tests,
                made.Test("forbids-what-is-sent") with { Test = "a,b: c", Level = "should", Seen = "100 %\n::error::no" },
            ],
        }).ToList();

        lines.Select(each => each[..each.IndexOf(' ', StringComparison.Ordinal)]).Should()
            .Equal("::notice", "::error", "::error", "::warning");
        lines.Should().OnlyContain(each => !each.Contains('\n'));
        lines[0].Should().Be("::notice title=tested%3A cannot-begin (V3-R-8.10-01)::The device <b>is lazy</b>");
        lines[3].Should().StartWith("::warning title=tested%3A a%2Cb%3A c (V3-R-6.6.2-01)::").And.EndWith("%0Aseen: 100 %25%0A::error::no");
    }

    [Fact]
    public void A_real_report_fits_the_schema() => Valid(JsonNode.Parse(Text("report.json"))!).Should().BeTrue();

    [Theory]
    [InlineData("device")]
    [InlineData("tests.0.verdict")]
    [InlineData("tests.0.purpose")]
    [InlineData("tests.5.state-after.ietf-igmp-mld:igmp")]
    [InlineData("summary.observation")]
    [InlineData("requirements.0.tests")]
    public void A_report_without_something_does_not_fit_the_schema(string path)
    {
        var report = JsonNode.Parse(Text("report.json"))!;
        var names = path.Split('.');
        var parent = names[..^1].Aggregate(report, (node, name) =>
            int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var i) ? node[i]! : node[name]!);

        parent.AsObject().Remove(names[^1]).Should().BeTrue();

        Valid(report).Should().BeFalse();
    }

    [Fact]
    public void A_verdict_that_does_not_exist_does_not_fit_the_schema()
    {
        var report = JsonNode.Parse(Text("report.json"))!;
        report["tests"]![0]!["verdict"] = "passed";

        Valid(report).Should().BeFalse();
    }

    [Fact]
    public void The_schema_lies_beside_the_report() =>
        Text("report.schema.json").Should().Be(new StreamReader(ReportSchema.Open()).ReadToEnd());

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        var again = new MemoryStream();
        ReportFolder.Open(made.Folder.Path).Report.Write(again);

        Encoding.UTF8.GetString(again.ToArray()).Should().Be(Text("report.json"));
        made.Test("wants-what-is-not-sent").StateAfter.Should().NotBeNull();
    }

    [Fact]
    public void A_report_of_an_older_version_is_read()
    {
        var report = JsonNode.Parse(Text("report.json"))!;
        report["device"]!.AsObject().Remove("folder");
        foreach (var test in report["tests"]!.AsArray())
        {
            foreach (var name in (string[])["steps", "expectations", "attempts"])
                test!.AsObject().Remove(name);
        }

        File.WriteAllText(Path.Combine(made.Folder.Path, ReportFolder.FileName), report.ToJsonString());

        var folder = ReportFolder.Open(made.Folder.Path);
        folder.Report.Device.Folder.Should().BeNull();
        folder.Report.Tests.Should().OnlyContain(each => each.Steps.Count == 0 && each.Expectations.Count == 0);
        var write = () => ReportForms.Write(folder);
        write.Should().NotThrow();
        Text(ReportForms.PageName).Should().Contain("FAIL".ToLowerInvariant()).And.Contain("class=\"frame bad\"");
    }

    private static bool Valid(JsonNode report) => Schema.Evaluate(
        JsonSerializer.SerializeToElement(report), new EvaluationOptions { RequireFormatValidation = true }).IsValid;

    private string Text(string name) => File.ReadAllText(Path.Combine(made.Folder.Path, name));
}
