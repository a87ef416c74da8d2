using System.Globalization;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Reports.Pages;

/// <summary>The frames of a test as a table, folded; those that decide open to all their fields.</summary>
internal static class FramesView
{
    // A page is to stay small: all frames are in the capture.
    private const int Most = 120;
    private const int MostTrees = 12;
    private const int MostTreesOfAPass = 2;

    /// <summary>Writes it.</summary>
    public static void Write(HtmlWriter html, TestReport test, TestCapture capture)
    {
        var deciding = test.Frames.ToHashSet();
        var trees = deciding.Order().Take(test.Verdict == Verdict.Pass ? MostTreesOfAPass : MostTrees).ToHashSet();
        var shown = Shown(capture, deciding);
        using var fold = html.Open("details", ("class", "fold"));
        html.Text("summary", string.Create(CultureInfo.InvariantCulture, $"Decoded frames ({capture.Frames.Count})"));
        using (html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", $"Frames of {test.Test}")))
        {
            using var table = html.Open("table", ("class", "frames"));
            html.Text("caption", $"Frames of {test.Test}", ("class", "unseen"));
            using (html.Open("thead"))
            using (html.Open("tr"))
            {
                foreach (var heading in (string[])["No.", "Time", "LAN", "From", "What it says"])
                    html.Text("th", heading, ("scope", "col"));
            }

            using var body = html.Open("tbody");
            var first = capture.Frames[0].At;
            foreach (var frame in shown)
            {
                var seconds = (frame.At.Nanoseconds - (decimal)first.Nanoseconds) / 1_000_000_000;
                Write(html, frame, seconds, trees.Contains(frame.Number));
            }
        }

        if (shown.Count < capture.Frames.Count)
        {
            html.Text("p", string.Create(
                CultureInfo.InvariantCulture, $"{capture.Frames.Count - shown.Count} more frames are in the capture."));
        }
    }

    private static void Write(HtmlWriter html, CapturedFrame frame, decimal seconds, bool asTree)
    {
        using var row = html.Open("tr", ("class", frame.Failures.Count > 0 ? "bad" : frame.Fulfils.Count > 0 ? "good" : null));
        html.Text("td", frame.Number.ToString(CultureInfo.InvariantCulture), ("class", "number"));
        html.Text("td", seconds.ToString("0.000000", CultureInfo.InvariantCulture), ("class", "number"));
        html.Text("td", frame.Lan);
        html.Text("td", frame.Sender);
        using var cell = html.Open("td");
        if (asTree)
        {
            using var tree = html.Open("details");
            html.Text("summary", frame.Decoded.ToString());
            html.Text("pre", frame.Decoded.ToTree());
        }
        else
        {
            html.Text(frame.Decoded.ToString());
        }

        foreach (var comment in frame.Failures)
            html.Text("p", $"✗ {comment}", ("class", "comment fail"));
        foreach (var comment in frame.Fulfils)
            html.Text("p", $"✓ {comment}", ("class", "comment pass"));
    }

    // Messages before datagrams, and those that decide before all.
    private static List<CapturedFrame> Shown(TestCapture capture, HashSet<int> deciding) => capture.Frames.Count <= Most
        ? [.. capture.Frames]
        :
        [
            .. capture.Frames.OrderBy(each => deciding.Contains(each.Number) || each.Failures.Count > 0 ? 0 : each.IsMessage ? 1 : 2)
                .Take(Most).OrderBy(each => each.Number),
        ];
}
