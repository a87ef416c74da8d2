using System.Globalization;
using MulticastLab.Conformance.Reports.Pages.Sequences;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Requirements;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>A test on the page: a line that opens to all that is known of it.</summary>
internal static class TestView
{
    /// <summary>The element that a test is in.</summary>
    public static string Id(string test) => "test-" + Identifier(test);

    /// <summary>Writes it.</summary>
    public static void Write(HtmlWriter html, ReportFolder folder, TestReport test)
    {
        using (html.Open(
            "details", ("class", $"test {test.Verdict.Name()}"), ("id", Id(test.Test)), ("data-verdict", test.Verdict.Name())))
        {
            using (html.Open("summary"))
            {
                VerdictView.Write(html, test.Verdict);
                html.Text("h4", test.Test);
                html.Text("span", test.Level, ("class", "level"));
                html.Text("span", test.Purpose, ("class", "purpose"));
            }

            using var body = html.Open("div", ("class", "body"));
            WriteFacts(html, test);
            WriteExpectations(html, test);
            if (folder.Capture(test) is { } capture)
                WriteCapture(html, folder, test, capture);
            WriteState(html, test);
        }

        html.Line();
    }

    private static string Identifier(string text) => string.Concat(text.Select(each =>
        char.IsAsciiLetterOrDigit(each) || each is '-' ? $"{each}" : string.Create(CultureInfo.InvariantCulture, $"_{(int)each:x}")));

    private static void WriteFacts(HtmlWriter html, TestReport test)
    {
        using var facts = html.Open("dl", ("class", "facts"));
        html.Text("dt", test.Requirements.Count == 1 ? "Requirement" : "Requirements");
        foreach (var id in test.Requirements)
        {
            using var fact = html.Open("dd");
            html.Text("code", id);
            if (RequirementCatalog.Find(id) is { } known)
                html.Text($" RFC {known.Rfc} §{known.Section}, {known.Level}: {known.Text}");
        }

        if (test.Reason is { Length: > 0 } reason)
            html.Text("dt", "Reason").Text("dd", reason, ("class", "reason"));
        if (test.Known is { Length: > 0 } why)
            html.Text("dt", "Known").Text("dd", why, ("class", "reason"));
        if (test.RestsOn.Count == 0)
            return;
        html.Text("dt", "Rests on");
        html.Text("dd", string.Create(
            CultureInfo.InvariantCulture,
            $"{string.Join(" and ", test.RestsOn)}; took {test.Seconds:0.###} s on the lab's clock"
                + $"{(test.Attempts > 1 ? $", played {test.Attempts} times, as the machine had disturbed it" : "")}"));
    }

    private static void WriteExpectations(HtmlWriter html, TestReport test)
    {
        if (test.Expectations.Count == 0)
        {
            if (test.Expected.Length == 0)
                return;
            html.Text("h5", "Expected and seen");
            using var both = html.Open("dl", ("class", "facts"));
            html.Text("dt", "Expected").Text("dd", test.Expected);
            html.Text("dt", "Seen").Text("dd", test.Seen);
            return;
        }

        html.Text("h5", "Expected and seen");
        using var list = html.Open("ul", ("class", "expectations"));
        foreach (var expectation in test.Expectations.OrderBy(each => each.Problems.Count == 0))
        {
            var (kind, sign, word) = (expectation.Problems.Count, expectation.Judged) switch
            {
                ( > 0, _) => ("fail", "✗", "not fulfilled: "),
                (_, false) => ("inconclusive", "?", "not judged: "),
                _ => ("pass", "✓", "fulfilled: "),
            };
            using var item = html.Open("li", ("class", kind));
            html.Text("span", sign, ("class", "sign"), ("aria-hidden", "true"));
            html.Text("span", word, ("class", "unseen"));
            html.Text(expectation.Text);
            if (expectation.Problems.Count == 0)
                continue;
            using var problems = html.Open("ul");
            foreach (var problem in expectation.Problems)
            {
                using var line = html.Open("li");
                html.Text("b", "but ").Text(problem.Text);
                if (problem.Frames.Count > 0)
                    html.Text($" ({Frames(problem.Frames)})");
            }
        }
    }

    private static string Frames(IReadOnlyList<int> frames) =>
        $"frame{(frames.Count == 1 ? "" : "s")} {string.Join(", ", frames.Select(each => each.ToString(CultureInfo.InvariantCulture)))}";

    private static void WriteCapture(HtmlWriter html, ReportFolder folder, TestReport test, TestCapture capture)
    {
        html.Text("h5", "What was on the wire");
        if (capture.Problem is { } problem)
            html.Text("p", $"The capture cannot be read to its end: {problem}", ("class", "reason"));
        using (html.Open("figure"))
        {
            bool? compressed;
            using (html.Open(
                "div", ("class", "scroll diagram"), ("tabindex", "0"), ("role", "region"), ("aria-label", $"Diagram of {test.Test}")))
                compressed = SequenceDiagram.Write(html, test, capture);
            using var caption = html.Open("figcaption");
            if (compressed is { } shortened)
            {
                var scale = shortened ? "to scale but for the breaks in the axis, where nothing happens" : "to scale where there is room";
                html.Text($"Seconds since the test began, {scale}. ");
            }

            if (folder.CapturePath(test) is { } path && File.Exists(path))
                html.Text("a", "Capture for Wireshark", ("href", PageShell.Link(folder.Path, path)), ("download", Path.GetFileName(path)));
            if (test.Filter.Length > 0)
                html.Text(" ").Text("code", ReportText.TsharkCommand(test), ("class", "command"));
        }

        if (capture.Frames.Count > 0)
            FramesView.Write(html, test, capture);
    }

    private static void WriteState(HtmlWriter html, TestReport test)
    {
        if (test.StateAfter is null && test.StateBefore is null)
            return;
        html.Text("h5", "State of the device before and after the last step");
        var lines = StateDiff.Of(test.StateBefore ?? test.StateAfter, test.StateAfter);
        var changed = lines.Where(each => each.HasChanged).ToList();
        if (changed.Count == 0)
            html.Text("p", "Nothing has changed.");
        else
            WriteChanges(html, test, changed);
        if (changed.Count == lines.Count)
            return;
        using var rest = html.Open("details", ("class", "fold"));
        html.Text("summary", string.Create(CultureInfo.InvariantCulture, $"As before ({lines.Count - changed.Count})"));
        html.Text("pre", string.Join('\n', lines.Where(each => !each.HasChanged).Select(each => $"{each.Item}: {each.After}")));
    }

    private static void WriteChanges(HtmlWriter html, TestReport test, List<StateDiff.Line> changed)
    {
        using var scroll = html.Open(
            "div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", $"Changes of state in {test.Test}"));
        using var table = html.Open("table", ("class", "diff"));
        html.Text("caption", "What has changed", ("class", "unseen"));
        using (html.Open("thead"))
        using (html.Open("tr"))
        {
            foreach (var heading in (string[])["Item", "Before", "After"])
                html.Text("th", heading, ("scope", "col"));
        }

        using var body = html.Open("tbody");
        foreach (var line in changed)
        {
            using var row = html.Open("tr");
            html.Text("th", $"{line.Sign} {line.Item}", ("scope", "row"));
            Value("del", line.Before);
            Value("ins", line.After);
        }

        void Value(string name, string? value)
        {
            using var cell = html.Open("td");
            if (value is not null)
                html.Text(name, value);
        }
    }
}
