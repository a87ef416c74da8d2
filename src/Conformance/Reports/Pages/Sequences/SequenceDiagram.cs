using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Verdicts;

namespace MulticastLab.Conformance.Reports.Pages.Sequences;

/// <summary>
/// The sequence diagram of a test as SVG: a lifeline for each node and station, every frame from its sender to all that are on its LAN,
/// offending frames marked, missing ones as dashed ghosts, streams as bands.
/// </summary>
internal static class SequenceDiagram
{
    private const double Axis = 76;
    private const double FirstLine = Axis + 58;
    private const double Head = 46;
    private const double Right = 16;
    private const double WidestText = 900;
    private const double CharacterWidth = 6.3;
    private const double Bold = 1.1;
    private const double Overlap = 7;
    private const double TextAbove = 5;
    private const double ProblemHeight = 14;

    /// <summary>Writes it.</summary>
    /// <returns>Whether time was left out where nothing happened; null when there is nothing to be drawn.</returns>
    public static bool? Write(HtmlWriter html, TestReport test, TestCapture capture)
    {
        var marks = SequenceMarks.Of(test, capture);
        if (marks.Count == 0)
            return null;
        var lines = Lifelines.Of(marks, capture.Lans.Keys, FirstLine);
        var scale = new TimeScale(marks, Height, Head);
        var zero = Zero(test, marks);
        var (width, height) = (Width(marks, lines), scale.Bottom + 8);
        using var svg = html.Open(
            "svg", ("class", "sequence"), ("viewBox", $"0 0 {N(width)} {N(height)}"),
            ("width", N(width)), ("height", N(height)), ("role", "img"),
            ("aria-label", $"Sequence diagram: {capture.Frames.Count} frames; they are listed below."));
        for (var i = 0; i < marks.Count; i++)
        {
            if (marks[i].Until > marks[i].At)
                WriteBand(html, marks[i], lines, scale[i], scale.Of(marks[i].Until));
        }

        WriteLifelines(html, lines, scale);

        for (var i = 0; i < marks.Count; i++)
            Write(html, marks[i], lines, scale[i], width, (double)(marks[i].At - zero));
        return scale.IsCompressed;
    }

    private static (double Above, double Below) Height(SequenceMark mark) => mark.Kind switch
    {
        MarkKind.Step => (22, 6),
        MarkKind.LeftOut => (18, 6),
        MarkKind.Note => (20, 8),
        _ => (18, 4 + (ProblemHeight * mark.Problems.Count)),
    };

    // The test begins when the lab is wired; where that is not known, or long before, with the first thing that happens.
    private static decimal Zero(TestReport test, IReadOnlyList<SequenceMark> marks)
    {
        const decimal Long = 600;
        var first = marks[0].At;
        return test.Steps is [var begin, ..] && begin.At <= first && first - begin.At < Long ? begin.At : first;
    }

    private static double Width(IReadOnlyList<SequenceMark> marks, Lifelines lines)
    {
        var texts = marks.SelectMany(mark => mark.Problems.Prepend(Label(mark))
            .Select(text => TextX(mark, lines) + TextWidth(text, IsBold(mark))));
        var last = lines.All[^1].X + (Lifelines.Distance / 2);
        return Math.Max(last, Math.Min(texts.Max(), Math.Max(last, WidestText))) + Right;
    }

    // Whole pixels: a page has tens of thousands of them.
    private static string N(double number) => HtmlWriter.N(Math.Round(number));

    private static double TextWidth(string text, bool isBold) => text.Length * WidthOf(isBold);

    private static double WidthOf(bool isBold) => isBold ? Bold * CharacterWidth : CharacterWidth;

    private static bool IsBold(SequenceMark mark) => mark.Kind is MarkKind.Step or MarkKind.Note || mark.Problems.Count > 0;

    private static double TextX(SequenceMark mark, Lifelines lines) =>
        mark.Kind is MarkKind.Step or MarkKind.LeftOut or MarkKind.Note ? Axis + 8 : lines.On(mark.Lan).Min(each => each.X) + 8;

    private static string Label(SequenceMark mark) => mark.Kind switch
    {
        MarkKind.Missing => $"missing: {mark.Text}",
        MarkKind.Note => $"✗ {mark.Text}",
        MarkKind.Frame => string.Create(
            CultureInfo.InvariantCulture, $"{(mark.Problems.Count > 0 ? "✗ " : mark.Fulfils ? "✓ " : "")}#{mark.Number} {mark.Text}"),
        _ => mark.Text,
    };

    private static void WriteLifelines(HtmlWriter html, Lifelines lines, TimeScale scale)
    {
        foreach (var line in lines.All)
        {
            var kind = line.IsLan ? "lan" : line.Name == Bench.DeviceName ? "device" : "station";
            var width = Math.Min(Lifelines.Distance - 8, Math.Max(44, TextWidth(line.Name, isBold: true) + 16));
            html.Shape("path", ("class", $"life {kind}"), ("d", $"M{N(line.X)} 32V{N(scale.Bottom)}"));
            html.Shape(
                "rect", ("class", $"head {kind}"), ("x", N(line.X - (width / 2))), ("y", "10"), ("width", N(width)),
                ("height", "22"), ("rx", "4"));
            html.Text("text", Cut(line.Name, width, isBold: true), ("class", $"name {kind}"), ("x", N(line.X)), ("y", "25"));
        }

        html.Shape("path", ("class", "axis"), ("d", $"M{N(Axis)} 36V{N(scale.Bottom)}"));
        foreach (var (from, to, seconds) in scale.Breaks)
        {
            var middle = (from + to) / 2;
            html.Shape("path", ("class", "break"), ("d", $"M{N(Axis - 5)} {N(middle)}l10-4m-10 8l10-4"));
            html.Text(
                "text", string.Create(CultureInfo.InvariantCulture, $"+ {seconds:0.##} s"), ("class", "time later"), ("x", N(Axis - 10)),
                ("y", N(middle + 4)));
        }
    }

    private static void WriteBand(HtmlWriter html, SequenceMark mark, Lifelines lines, double from, double to)
    {
        var on = lines.On(mark.Lan);
        var (left, right) = (on.Min(each => each.X), on.Max(each => each.X));
        html.Shape(
            "rect", ("class", $"band {Class(mark)}"), ("x", N(left)), ("y", N(from)),
            ("width", N(right - left)), ("height", N(Math.Max(2, to - from))));
    }

    private static void Write(HtmlWriter html, SequenceMark mark, Lifelines lines, double y, double width, double time)
    {
        using var group = html.Open("g", ("class", Class(mark)));
        if (mark.Kind is not (MarkKind.LeftOut or MarkKind.Note))
            html.Text("text", Seconds(time), ("class", "time"), ("x", N(Axis - 8)), ("y", N(y + 4)));
        // The texts hide the lifelines behind them; the arrows come after, and stay whole.
        var x = TextX(mark, lines);
        Write(Label(mark), mark.Kind is MarkKind.LeftOut or MarkKind.Note ? y + 4 : y - TextAbove);
        for (var i = 0; i < mark.Problems.Count; i++)
            Write(mark.Problems[i], y + 13 + (i * ProblemHeight));
        switch (mark.Kind)
        {
            case MarkKind.Step:
                html.Shape("path", ("d", $"M{N(Axis)} {N(y)}H{N(width)}"));
                break;
            case MarkKind.Frame or MarkKind.Missing or MarkKind.End:
                WriteArrows(html, mark, lines, y);
                break;
        }

        void Write(string text, double at)
        {
            var cut = Cut(text, width - x, IsBold(mark));
            using var element = html.Open("text", ("x", N(x)), ("y", N(at)));
            html.Text(cut);
            if (cut != text)
                html.Text("title", text);
        }
    }

    private static void WriteArrows(HtmlWriter html, SequenceMark mark, Lifelines lines, double y)
    {
        var on = lines.On(mark.Lan);
        var (left, right) = (on.Min(each => each.X), on.Max(each => each.X));
        var from = lines.Of(mark.Sender, mark.Lan);
        html.Shape("path", ("d", $"M{N(left)} {N(y)}H{N(right)}"));
        foreach (var to in on.Where(each => each != from))
        {
            var goesRight = from is null || to.X > from.X;
            html.Shape("use", ("href", goesRight ? "#ar" : "#al"), ("x", N(to.X)), ("y", N(y)));
        }

        if (from is not null)
            html.Shape("circle", ("cx", N(from.X)), ("cy", N(y)), ("r", "3"));
    }

    private static string Class(SequenceMark mark) => mark.Kind switch
    {
        MarkKind.Step => "step",
        MarkKind.Missing => "ghost",
        MarkKind.Note => "note",
        MarkKind.LeftOut => "left-out",
        MarkKind.End => "frame end",
        _ when mark.Problems.Count > 0 => "frame bad",
        _ when mark.IsOther => "frame other",
        _ => "frame",
    };

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000} s");

    private static string Cut(string text, double width, bool isBold)
    {
        var most = Math.Max(4, (int)((width + Overlap) / WidthOf(isBold)));
        return text.Length <= most ? text : text[..(most - 1)].TrimEnd() + "…";
    }
}
