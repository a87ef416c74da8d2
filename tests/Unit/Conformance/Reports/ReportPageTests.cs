using System.Text.RegularExpressions;
using FluentAssertions;
using MulticastLab.Conformance.Reports;
using MulticastLab.Conformance.Reports.Comparing;
using MulticastLab.Conformance.Reports.Pages;
using MulticastLab.Lab.Scenarios;
using Xunit;

namespace MulticastLab.Tests.Conformance.Reports;

/// <summary>The pages as text: what is in them, and that nothing from outside becomes markup.</summary>
public sealed partial class ReportPageTests : IAsyncLifetime
{
    private MadeReport made = null!;
    private string page = "";

    public async ValueTask InitializeAsync()
    {
        made = await MadeReport.Make();
        ReportForms.Write(made.Folder);
        page = await File.ReadAllTextAsync(Path.Combine(made.Folder.Path, ReportForms.PageName));
    }

    public ValueTask DisposeAsync()
    {
        made.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Nothing_from_outside_becomes_markup()
    {
        page.Should().NotContain("<script>alert").And.NotContain("<b>is lazy").And.NotContain("<means>").And.NotContain("<what>");
        page.Should().Contain("&lt;script&gt;alert(&#39;title&#39;)&lt;/script&gt; &amp; &quot;quotes&quot; \\u0007\\u001b[31m");
        Control().IsMatch(page).Should().BeFalse();
        Scripts().Count(page).Should().Be(1);
    }

    [Fact]
    public void Every_element_that_is_opened_is_closed_in_order()
    {
        var open = new Stack<string>();
        var text = Embedded().Replace(page, "");
        foreach (Match tag in Tags().Matches(text))
        {
            var name = tag.Groups["name"].Value;
            if (tag.Groups["slash"].Length > 0)
                open.Pop().Should().Be(name);
            else if (tag.Groups["own"].Length == 0 && name is not ("meta" or "link" or "input"))
                open.Push(name);
        }

        open.Should().BeEmpty();
    }

    [Fact]
    public void An_element_has_an_id_of_its_own()
    {
        var ids = Ids().Matches(page).Select(each => each.Groups[1].Value).ToList();

        ids.Should().OnlyHaveUniqueItems().And.Contain("test-wants-what-is-not-sent");
        Links().Matches(page).Select(each => each.Groups[1].Value).Should().BeSubsetOf(ids);
    }

    [Fact]
    public void A_missing_frame_is_a_ghost_an_offending_one_is_marked()
    {
        var missing = TestOf("wants-what-is-not-sent");
        Regex.Count(missing, "<g class=\"ghost\">").Should().Be(2, "two queries were expected");
        missing.Should().Contain("missing: Query(239.1.1.1)");
        missing.Should().Contain("<g class=\"note\">").And.Contain("it has no record of the group");
        var offending = TestOf("forbids-what-is-sent");
        Regex.Count(offending, "<g class=\"frame bad\">").Should().Be(made.Test("forbids-what-is-sent").Frames.Count);
        offending.Should().NotContain("class=\"ghost\"");
        TestOf("leave-asked-2-times").Should().NotContain("class=\"ghost\"").And.NotContain("frame bad");
    }

    [Fact]
    public void A_stream_is_a_band_on_each_LAN()
    {
        var test = TestOf("leave-ends-stream-after-lmqt");

        // The one that is tested, and the one that shows first that the device forwards.
        Regex.Count(test, "UDP [^<]*[0-9]+ frames, 192.0.2.1 → 239.1.1.1<").Should().Be(2);
        Regex.Count(test, "UDP [^<]*[0-9]+ frames, 192.0.2.200 → 239.1.1.20<").Should().Be(2);
        Regex.Count(test, "<rect class=\"band frame\"").Should().Be(4);
        Regex.Count(test, "the last of the stream from #").Should().Be(4);
    }

    [Fact]
    public void A_test_has_its_purpose_requirement_state_filter_and_capture()
    {
        var test = TestOf("wants-what-is-not-sent");

        test.Should().Contain("V3-R-6.4.2-05").And.Contain("RFC 9776 &#167;6.4.2, implied: ");
        test.Should().Contain("Step 1: A host leaves &lt;what&gt; nobody had joined");
        test.Should().Contain("tshark -r captures/wants-what-is-not-sent.pcapng -Y &#39;igmp &amp;&amp; ");
        test.Should().Contain("<a href=\"captures/wants-what-is-not-sent.pcapng\" download");
        test.Should().Contain("State of the device before and after the last step").And.Contain("eth0 querier");
    }

    [Fact]
    public void A_capture_outside_the_folder_is_neither_read_nor_linked()
    {
        var outside = ReportFolder.Create(
            made.Folder.Path, made.Report with { Tests = [made.Test("is-a-choice") with { Pcapng = "../../etc/passwd" }] });

        outside.CapturePath(outside.Report.Tests[0]).Should().BeNull();
        ReportForms.Write(outside);
        File.ReadAllText(Path.Combine(outside.Path, ReportForms.PageName)).Should().NotContain("href=\"../");
    }

    [Fact]
    public void A_capture_that_is_cut_is_shown_as_far_as_it_goes()
    {
        var path = made.Folder.CapturePath(made.Test("forbids-what-is-sent"))!;
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^70]);

        ReportForms.Write(made.Folder);

        page = File.ReadAllText(Path.Combine(made.Folder.Path, ReportForms.PageName));
        TestOf("forbids-what-is-sent").Should().Contain("The capture cannot be read to its end").And.Contain("class=\"sequence\"");
    }

    [Fact]
    public void Four_hundred_tests_are_a_page_of_a_few_megabytes()
    {
        var test = made.Test("leave-asked-2-times");
        var many = Enumerable.Range(0, 400).Select(i => test with { Test = $"{test.Test}-{i}" });
        ReportForms.Write(ReportFolder.Create(made.Folder.Path, made.Report with { Tests = [.. many] }));

        new FileInfo(Path.Combine(made.Folder.Path, ReportForms.PageName)).Length.Should().BeLessThan(6_000_000);
    }

    [Fact]
    public void Runs_side_by_side_show_where_they_differ()
    {
        var other = ReportFolder.Create(
            Path.Combine(made.Folder.Path, "other"),
            made.Report with
            {
                Device = made.Report.Device with { Name = "other", Title = "Other" },
                Tests = [.. made.Report.Tests.Skip(1).Select(each => each with { Verdict = Verdict.Pass })],
            });
        var comparison = ReportComparison.Of([made.Folder, other]);

        comparison.Runs.Select(each => each.Name).Should().Equal("tested", "other");
        comparison.Tests.Should().HaveCount(7);
        comparison.Tests.Where(each => each.Differs).Select(each => each.Test.Test).Should().BeEquivalentTo(
            "forbids-what-is-sent", "has-no-such-option", "is-a-choice", "wants-what-is-not-sent");
        comparison.Tests.Single(each => each.Test.Test == "cannot-begin").Verdicts.Should().Equal(Verdict.Inconclusive, null);
        var text = new StringWriter();
        ComparisonPage.Write(comparison, text, made.Folder.Path);
        page = text.ToString();
        Regex.Count(page, "<tr class=\"differs\"").Should().Be(4);
        page.Should().Contain("href=\"index.html#test-cannot-begin\"").And.NotContain("<script>alert").And.Contain("not played");
        Every_element_that_is_opened_is_closed_in_order();
    }

    [Fact]
    public void Runs_of_one_device_are_called_by_what_tells_them_apart()
    {
        var next = ReportFolder.Create(
            Path.Combine(made.Folder.Path, "next"), made.Report with { Device = made.Report.Device with { Version = "2.0" } });
        var same = ReportFolder.Create(Path.Combine(made.Folder.Path, "same"), next.Report);

        ReportComparison.Of([made.Folder, next]).Runs[1].Name.Should().Be("tested 2.0");
        ReportComparison.Of([next, same]).Runs.Select(each => each.Name).Should().Equal("next", "same");
    }

    private string TestOf(string name)
    {
        var start = page.IndexOf($"id=\"test-{name}\"", StringComparison.Ordinal);
        var end = page.IndexOf("<details class=\"test", start, StringComparison.Ordinal);
        return page[start..(end < 0 ? page.Length : end)];
    }

    [GeneratedRegex("[\0-\u0008\u000b-\u001f\u007f\uFFFE\uFFFF]")]
    private static partial Regex Control();

    [GeneratedRegex("<script")]
    private static partial Regex Scripts();

    [GeneratedRegex("(?<=<(style|script)>).*?(?=</(style|script)>)", RegexOptions.Singleline)]
    private static partial Regex Embedded();

    [GeneratedRegex("<(?<slash>/?)(?<name>[a-z0-9]+)[^<>]*?(?<own>/?)>")]
    private static partial Regex Tags();

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex(" href=\"#([^\"]+)\"")]
    private static partial Regex Links();
}
