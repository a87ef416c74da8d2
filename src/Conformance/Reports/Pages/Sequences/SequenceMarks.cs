using System.Globalization;
using MulticastLab.Conformance.Verdicts;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Reports.Pages.Sequences;

/// <summary>Makes the marks of a test's diagram of its capture and its report, in the order of time.</summary>
internal static class SequenceMarks
{
    private const int Most = 70;
    private const int MostThatMatter = 40;
    private const int ProblemsOfAFrame = 2;

    // Datagrams that come closer together than this are one stream; a stream that is slower is one while it keeps its pace.
    private const decimal Together = 0.25m;
    private const decimal Pace = 4;

    // What no clock shows: times beyond it would not add up.
    private const decimal Forever = 1_000_000_000_000m;

    /// <summary>The marks.</summary>
    public static IReadOnlyList<SequenceMark> Of(TestReport test, TestCapture capture)
    {
        var frames = capture.Frames.Select(frame => Of(frame, test)).ToList();
        IEnumerable<SequenceMark> all =
        [
            .. StepsOf(test, capture), .. Streams([.. frames.Where(each => !each.Frame.IsMessage)]),
            .. frames.Where(each => each.Frame.IsMessage).Select(each => each.Mark), .. Missing(test), .. Notes(test, frames),
        ];
        // At the same time a step comes before what is sent in it, and what is missing after what it should have answered.
        return Limited([.. all.OrderBy(each => each.At).ThenBy(each => each.Kind).ThenBy(each => each.Number)]);
    }

    private static decimal Seconds(Instant at) => (decimal)at.Nanoseconds / 1_000_000_000;

    private static decimal Seconds(decimal at) => Math.Clamp(at, -Forever, Forever);

    private static (CapturedFrame Frame, SequenceMark Mark) Of(CapturedFrame frame, TestReport test)
    {
        var wrong = test.Expectations.SelectMany(each => each.Problems).Where(each => each.Frames.Contains(frame.Number))
            .Select(each => each.Text).Distinct().ToList();
        return (frame, new SequenceMark(Seconds(frame.At), MarkKind.Frame, TextOf(frame))
        {
            Sender = frame.Sender,
            Lan = frame.Lan,
            Number = frame.Number,
            // Reports of older versions have it in the comments of the capture alone.
            Problems = [.. (wrong.Count > 0 ? wrong : [.. frame.Failures]).Take(ProblemsOfAFrame)],
            Fulfils = frame.Fulfils.Count > 0,
            IsOther = !frame.IsMessage && frame.Decoded.Protocol != "UDP",
        });
    }

    private static string TextOf(CapturedFrame frame) =>
        $"{frame.Decoded.Protocol} {frame.Decoded.Info}".Trim().Replace("  ", ": ", StringComparison.Ordinal);

    private static IEnumerable<SequenceMark> StepsOf(TestReport test, TestCapture capture)
    {
        var steps = test.Steps.Count > 0
            ? test.Steps.Select(each => (each.Number, each.Title, At: Seconds(each.At)))
            : capture.Frames.Where(each => each.Begins is not null)
                .Select(each => (each.Begins!.Value.Number, each.Begins.Value.Title, At: Seconds(each.At)));
        return steps.Where(each => each.Number > 0).Select(each => new SequenceMark(
            each.At, MarkKind.Step, string.Create(CultureInfo.InvariantCulture, $"Step {each.Number}: {each.Title}")));
    }

    private static IEnumerable<SequenceMark> Missing(TestReport test)
    {
        var missing = test.Expectations.SelectMany(each => each.Missing)
            .Select(each => new SequenceMark(Seconds(each.At), MarkKind.Missing, each.What) { Sender = each.From, Lan = each.Lan })
            .ToList();
        return missing.GroupBy(each => (each.Text, each.Sender, each.Lan)).SelectMany(group => Joined(
            [.. group.OrderBy(each => each.At)], (one, next) => next.At - one.Until <= Together,
            (text, count) => $"{text}, {count} times"));
    }

    // What is wrong with the state is wrong at the end of the step that has looked at it.
    private static IEnumerable<SequenceMark> Notes(TestReport test, List<(CapturedFrame Frame, SequenceMark Mark)> frames)
    {
        foreach (var expectation in test.Expectations.Where(each => each.Missing.Count == 0))
        {
            var next = test.Steps.Where(each => each.Number > expectation.Step).Select(each => (decimal?)Seconds(each.At)).Min();
            var missing = test.Expectations.SelectMany(each => each.Missing).Select(each => Seconds(each.At));
            var end = next ?? frames.Select(each => each.Mark.At).Concat(test.Steps.Select(each => Seconds(each.At))).Concat(missing)
                .DefaultIfEmpty().Max();
            foreach (var problem in expectation.Problems.Where(each => each.Frames.Count == 0))
                yield return new SequenceMark(end, MarkKind.Note, problem.Text);
        }
    }

    private static IEnumerable<SequenceMark> Streams(List<(CapturedFrame Frame, SequenceMark Mark)> datagrams)
    {
        var streams = datagrams.GroupBy(each =>
            (each.Mark.Sender, each.Mark.Lan, each.Frame.Decoded.Source, each.Frame.Decoded.Destination, each.Mark.Text,
                IsWrong: each.Mark.Problems.Count > 0));
        foreach (var stream in streams)
        {
            var marks = stream.Select(each => each.Mark).OrderBy(each => each.At).ToList();
            var gaps = marks.Zip(marks.Skip(1), (one, next) => next.At - one.At).Order().ToList();
            var pause = gaps.Count == 0 ? Together : Math.Max(Together, Pace * gaps[gaps.Count / 2]);
            var route = $"{stream.Key.Source} → {stream.Key.Destination}";
            foreach (var mark in Joined(marks, (one, next) => next.At - one.Until <= pause, (text, count) => $"{text}, {count} frames"))
            {
                yield return mark with { Text = $"{mark.Text}, {route}" };
                if (mark.Until > mark.At)
                {
                    var text = string.Create(CultureInfo.InvariantCulture, $"the last of the stream from #{mark.Number}");
                    yield return new SequenceMark(mark.Until, MarkKind.End, text) { Sender = mark.Sender, Lan = mark.Lan };
                }
            }
        }
    }

    private static IEnumerable<SequenceMark> Joined(
        List<SequenceMark> marks, Func<SequenceMark, SequenceMark, bool> belong, Func<string, int, string> text)
    {
        SequenceMark? present = null;
        var count = 0;
        foreach (var mark in marks)
        {
            if (present is not null && belong(present, mark))
            {
                present = present with { Until = mark.At };
                count++;
                continue;
            }

            if (present is not null)
                yield return Counted(present);
            (present, count) = (mark, 1);
        }

        if (present is not null)
            yield return Counted(present);

        SequenceMark Counted(SequenceMark mark) => count == 1 ? mark : mark with { Text = text(mark.Text, count) };
    }

    private static List<SequenceMark> Limited(List<SequenceMark> marks)
    {
        if (marks.Count <= Most)
            return marks;
        var kept = marks.Where(each => each.Matters).Take(MostThatMatter).ToHashSet(ReferenceEqualityComparer.Instance);
        // What is left goes to the beginning, and to what is around those that matter.
        for (var i = 0; i < marks.Count && kept.Count < Most - 10; i++)
        {
            if (i < 15 || marks.Skip(i - 2).Take(5).Any(each => each.Matters && kept.Contains(each)))
                kept.Add(marks[i]);
        }

        var limited = new List<SequenceMark>();
        var leftOut = 0;
        foreach (var mark in marks)
        {
            if (!kept.Contains(mark))
            {
                leftOut++;
                continue;
            }

            LeftOut(mark.At);
            limited.Add(mark);
        }

        LeftOut(marks[^1].At);
        return limited;

        void LeftOut(decimal at)
        {
            if (leftOut > 0)
                limited.Add(new SequenceMark(at, MarkKind.LeftOut, $"{leftOut} more are in the capture"));
            leftOut = 0;
        }
    }
}
