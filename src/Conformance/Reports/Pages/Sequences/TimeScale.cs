namespace MulticastLab.Conformance.Reports.Pages.Sequences;

/// <summary>
/// Where the marks of a diagram are: as far apart as their times are, but never too close to be read, and no further apart than
/// <see cref="LongestGap"/> where nothing happens for long.
/// </summary>
internal sealed class TimeScale
{
    /// <summary>The longest piece of the axis without any mark.</summary>
    public const double LongestGap = 104;

    // What the usual time between two marks takes.
    private const double UsualGap = 42;

    // Below it two marks are at the same time.
    private const double Simultaneous = 0.002;

    private readonly IReadOnlyList<SequenceMark> marks;
    private readonly double[] at;

    /// <param name="marks">The marks, in the order of time.</param>
    /// <param name="height">How much room one needs above its line, and how much below.</param>
    /// <param name="top">Where the first one has its room.</param>
    public TimeScale(IReadOnlyList<SequenceMark> marks, Func<SequenceMark, (double Above, double Below)> height, double top)
    {
        this.marks = marks;
        at = new double[marks.Count];
        var pixelsPerSecond = PixelsPerSecond(marks);
        var end = top;
        for (var i = 0; i < marks.Count; i++)
        {
            var (above, below) = height(marks[i]);
            var y = end + above;
            if (i > 0 && Gap(marks[i - 1], marks[i]) * pixelsPerSecond is var wanted && at[i - 1] + wanted > y)
            {
                IsCompressed |= wanted > LongestGap && at[i - 1] + LongestGap > y;
                if (wanted > LongestGap && at[i - 1] + wanted > y)
                    Breaks.Add((at[i - 1], y = Math.Max(y, at[i - 1] + LongestGap), Gap(marks[i - 1], marks[i])));
                else
                    y = at[i - 1] + wanted;
            }

            at[i] = y;
            end = y + below;
        }

        Bottom = end;
    }

    /// <summary>Where the last one ends.</summary>
    public double Bottom { get; }

    /// <summary>Whether time was left out somewhere.</summary>
    public bool IsCompressed { get; }

    /// <summary>Where it was left out: from, to, and how many seconds passed.</summary>
    public List<(double From, double To, double Seconds)> Breaks { get; } = [];

    /// <summary>Where the line of a mark is.</summary>
    public double this[int index] => at[index];

    /// <summary>Where a time is: between the marks around it.</summary>
    public double Of(decimal time)
    {
        for (var i = 0; i < marks.Count; i++)
        {
            if (marks[i].At < time)
                continue;
            if (i == 0 || marks[i].At == marks[i - 1].At)
                return at[i];
            return at[i - 1] + ((at[i] - at[i - 1]) * (double)((time - marks[i - 1].At) / (marks[i].At - marks[i - 1].At)));
        }

        return Bottom;
    }

    private static double Gap(SequenceMark one, SequenceMark next) => (double)(next.At - one.At);

    private static double PixelsPerSecond(IReadOnlyList<SequenceMark> marks)
    {
        var gaps = marks.Zip(marks.Skip(1), Gap).Where(each => each > Simultaneous).Order().ToList();
        return gaps.Count == 0 ? 0 : UsualGap / gaps[gaps.Count / 2];
    }
}
