using System.Text.Json.Nodes;
using FluentAssertions;
using MulticastLab.Conformance.Reports;
using MulticastLab.Packets.Captures;
using MulticastLab.Tests.Shared;
using Xunit;

namespace MulticastLab.Tests.LabRunner;

/// <summary>Reports as commands make, compare, merge and use them; in the simulated world.</summary>
public sealed class ConformanceReportCommandTests : IDisposable
{
    private static readonly string[] Leaves = ["--only", "leave-asked-2-times", "leave-ends-stream-after-lmqt"];
    private static readonly string[] LeavesAndLower = [.. Leaves, "lower-address-wins"];
    private static readonly string[] LeavesAndElections = [.. LeavesAndLower, "higher-address-loses-as-number"];

    private readonly string folder = Directory.CreateTempSubdirectory("labrunner-report-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_report_has_a_page_and_the_forms_of_other_tools()
    {
        var ended = await Play("whole", Leaves);

        ended.Code.Should().Be(0, ended.Error);
        Directory.GetFiles(In("whole")).Select(Path.GetFileName).Should().BeEquivalentTo(
            "index.html", "report.json", "report.schema.json", "junit.xml", "report.trx", "report.tap", "report.ctrf.json");
        Report("whole")["device"]!["folder"]!.GetValue<string>().Should().EndWith("lab/devices/multicast-lab-router");
    }

    [Fact]
    public async Task A_page_is_made_again_of_the_folder_alone()
    {
        await Play("whole", Leaves);
        var page = await File.ReadAllTextAsync(In("whole/index.html"), TestContext.Current.CancellationToken);
        File.Delete(In("whole/index.html"));
        Directory.Move(In("whole"), In("moved"));

        var ended = await Labrunner.Run("conformance", "report", In("moved"));

        ended.Code.Should().Be(0, ended.Error);
        (await File.ReadAllTextAsync(In("moved/index.html"), TestContext.Current.CancellationToken)).Should().Be(page);
    }

    [Fact]
    public async Task What_is_no_report_is_named_with_its_line()
    {
        await File.WriteAllTextAsync(In("report.json"), "{\n  \"schema\": 3\n}", TestContext.Current.CancellationToken);

        var none = await Labrunner.Run("conformance", "report", In("nowhere"));
        var wrong = await Labrunner.Run("conformance", "report", folder);

        (none.Code, wrong.Code).Should().Be((3, 3));
        none.Error.Should().Contain("nowhere/report.json:1:1: there is no report");
        wrong.Error.Should().Contain("report.json:2:1: this is no report");
    }

    [Fact]
    public async Task Shards_become_one_report()
    {
        await Play("whole", LeavesAndElections);
        await Play("one", [.. LeavesAndElections, "--shard", "1/2"]);
        await Play("two", [.. LeavesAndElections, "--shard", "2/2"]);

        var ended = await Labrunner.Run("conformance", "merge", In("one"), In("two"), "--report", In("merged"));

        ended.Code.Should().Be(0, ended.Error);
        ended.Out.Should().Contain("4 pass");
        var (whole, merged) = (Report("whole"), Report("merged"));
        merged["tests"]!.ToJsonString().Should().Be(whole["tests"]!.ToJsonString());
        merged["requirements"]!.ToJsonString().Should().Be(whole["requirements"]!.ToJsonString());
        merged["summary"]!.ToJsonString().Should().Be(whole["summary"]!.ToJsonString());
        File.Exists(In("merged/index.html")).Should().BeTrue();
        foreach (var test in merged["tests"]!.AsArray())
        {
            using var capture = CaptureReader.Open(In("merged/" + (string)test!["pcapng"]!));
            capture.ReadAll().Should().NotBeEmpty();
        }
    }

    [Fact]
    public async Task Shards_that_do_not_fit_are_refused()
    {
        await Play("one", Leaves);
        await Play("two", "--only", "leave-asked-2-times");
        await Play("seed", "--only", "lower-address-wins", "--seed", "2");

        var twice = await Labrunner.Run("conformance", "merge", In("one"), In("two"), "--report", In("merged"));
        var other = await Labrunner.Run("conformance", "merge", In("one"), In("seed"), "--report", In("merged"));
        var there = await Labrunner.Run("conformance", "merge", In("one"), "--report", In("two"));

        (twice.Code, other.Code, there.Code).Should().Be((2, 2, 2));
        twice.Error.Should().Contain("more than one report: leave-asked-2-times");
        other.Error.Should().Contain("the seed of");
        there.Error.Should().Contain("has a report already");
        Directory.Exists(In("merged")).Should().BeFalse();
    }

    [Fact]
    public async Task What_failed_is_played_again_on_the_same_device_with_the_same_seed()
    {
        await Play("before", [.. LeavesAndElections, "--seed", "7"]);
        var report = Report("before");
        SetVerdict(report, "lower-address-wins", "fail");
        SetVerdict(report, "higher-address-loses-as-number", "inconclusive");
        report["device"]!["folder"] = "/nowhere/multicast-lab-router";
        await File.WriteAllTextAsync(In("before/report.json"), report.ToJsonString(), TestContext.Current.CancellationToken);

        var failed = await Labrunner.Run("conformance", "rerun", In("before"), "--only", "failed", "--report", In("after"));
        var inconclusive = await Labrunner.Run("conformance", "rerun", In("before"), "--only", "inconclusive", "--json");
        var same = await Labrunner.Run("conformance", "rerun", In("before"), "--report", In("before"));
        var none = await Labrunner.Run("conformance", "rerun", In("after"));

        failed.Code.Should().Be(0, failed.Error);
        TestsOf(Report("after")).Should().Equal("lower-address-wins");
        Report("after")["seed"]!.GetValue<int>().Should().Be(7);
        Report("after")["engine"]!.GetValue<string>().Should().Be("simulated");
        TestsOf(JsonNode.Parse(inconclusive.Out)!).Should().Equal("higher-address-loses-as-number");
        (same.Code, none.Code).Should().Be((2, 0));
        same.Error.Should().Contain("take the place");
        none.Error.Should().Contain("no test that is failed");
    }

    [Fact]
    public async Task Devices_are_compared_side_by_side()
    {
        await Play("one", LeavesAndLower);
        Directory.CreateDirectory(In("two"));
        var other = Report("one");
        other["device"]!["name"] = "other";
        SetVerdict(other, "lower-address-wins", "fail");
        await File.WriteAllTextAsync(In("two/report.json"), other.ToJsonString(), TestContext.Current.CancellationToken);

        var ended = await Labrunner.Run("conformance", "compare", In("one"), In("two"), "--html", In("both.html"));

        ended.Code.Should().Be(0, ended.Error);
        ended.Out.Should().MatchRegex(@"Test\s+multicast-lab-router\s+other").And.Contain("3 tests, 1 differ");
        ended.Out.Should().MatchRegex(@"lower-address-wins\s+✓ pass\s+✗ fail\s+differs");
        (await File.ReadAllTextAsync(In("both.html"), TestContext.Current.CancellationToken)).Should()
            .Contain("href=\"one/index.html#test-lower-address-wins\"").And.NotContain("href=\"two/");
    }

    [Fact]
    public async Task Scorecards_are_made_for_all_devices_and_say_why_they_fail()
    {
        await Play("one", LeavesAndLower);
        Directory.CreateDirectory(In("two"));
        var other = Report("one");
        other["device"]!["name"] = "other";
        other["device"]!["title"] = "Other | <b> *router*";
        other["engine"] = "namespaces";
        SetVerdict(other, "lower-address-wins", "fail");
        other["tests"]!.AsArray().Single(each => (string)each!["test"]! == "lower-address-wins")!["known"] = "Known issue 1.";
        foreach (var requirement in other["requirements"]!.AsArray())
        {
            if (requirement!["tests"]!.ToJsonString().Contains("lower-", StringComparison.Ordinal))
                requirement["verdict"] = "fail";
        }

        await File.WriteAllTextAsync(In("two/report.json"), other.ToJsonString(), TestContext.Current.CancellationToken);
        string[] command = ["conformance", "scorecard", In("one"), In("two"), "--into", In("cards")];

        (await Labrunner.Run(command)).Code.Should().Be(0);
        var card = await File.ReadAllTextAsync(In("cards/other.md"), TestContext.Current.CancellationToken);
        card.Should().StartWith(@"# Other \| \<b\> \*router\*").And.Contain("V3-R-6.6.2-01").And.Contain("| Known issue 1. |");
        var index = await File.ReadAllTextAsync(In("cards/README.md"), TestContext.Current.CancellationToken);
        index.Should().Contain(@"[Other \| \<b\> \*router\*](other.md)").And.Contain("(multicast-lab-router-simulated.md)")
            .And.Contain("| RFC 9776 §6.6.2 | 1 of 1 | 0 of 1 |");
        (await Labrunner.Run("conformance", "scorecard", In("one"), In("one"), "--into", In("cards"))).Code.Should().Be(2);
    }

    [Fact]
    public async Task Under_GitHub_Actions_nothing_but_what_went_wrong_is_annotated()
    {
        var ended = await Labrunner.Run(
            new Dictionary<string, string?> { ["GITHUB_ACTIONS"] = "true" }, ["conformance", "--engine", "simulated", .. Leaves]);

        ended.Code.Should().Be(0);
        ended.Out.Should().NotContain("::");
    }

    private static void SetVerdict(JsonNode report, string test, string verdict) =>
        report["tests"]!.AsArray().Single(each => (string)each!["test"]! == test)!["verdict"] = verdict;

    private static IEnumerable<string> TestsOf(JsonNode report) => report["tests"]!.AsArray().Select(each => (string)each!["test"]!);

    private string In(string path) => Path.Combine(folder, path);

    private JsonNode Report(string name) => JsonNode.Parse(File.ReadAllText(In(Path.Combine(name, ReportFolder.FileName))))!;

    private Task<Labrunner.Ended> Play(string name, params string[] more) =>
        Labrunner.Run(["conformance", "--engine", "simulated", "--report", In(name), .. more]);
}
