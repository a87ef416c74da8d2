using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging;

/// <summary>What the user knows of the timers, where a capture does not tell them; null for what is not known.</summary>
public sealed record GivenTimers
{
    /// <summary>RFC 9776 §8.1, at least 1.</summary>
    public int? RobustnessVariable { get; init; }

    /// <summary>§8.2.</summary>
    public TimeSpan? QueryInterval { get; init; }

    /// <summary>§8.3.</summary>
    public TimeSpan? QueryResponseInterval { get; init; }

    /// <summary>§8.6.</summary>
    public TimeSpan? StartupQueryInterval { get; init; }

    /// <summary>§8.7, at least 1.</summary>
    public int? StartupQueryCount { get; init; }

    /// <summary>§8.8.</summary>
    public TimeSpan? LastMemberQueryInterval { get; init; }

    /// <summary>§8.9, at least 1.</summary>
    public int? LastMemberQueryCount { get; init; }

    /// <summary>§8.11.</summary>
    public TimeSpan? UnsolicitedReportInterval { get; init; }

    /// <summary>How much later than due, or earlier, a device may be.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>The timers that a device is judged by: given, as queries tell them, or the RFC's defaults.</summary>
internal sealed class JudgedTimers
{
    private static readonly TimeSpan Unit = TimeSpan.FromSeconds(1);

    private readonly List<string> notes = [];

    private JudgedTimers(GivenTimers given, Timing timing) => (Given, Timing) = (given, timing);

    /// <summary>What the user has said.</summary>
    public GivenTimers Given { get; }

    /// <summary>The timers.</summary>
    public Timing Timing { get; private set; }

    /// <summary>Each with where it is from, in words.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>The timers by the queries of a device, or of the querier that it listens to.</summary>
    /// <param name="given">What the user knows.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="whose">Whose they are, in words: <c>its</c> or <c>the querier's</c>.</param>
    public static JudgedTimers Of(GivenTimers given, IReadOnlyList<QueryContent> queries, string whose)
    {
        var (general, specific) = (queries.LastOrDefault(each => each.Kind == QueryKind.General),
            queries.LastOrDefault(each => each.Kind != QueryKind.General));
        // Zero tells nothing (RFC 9776 §4.1.6, §4.1.7).
        var told = queries.LastOrDefault(each => each.Generation.HasSources && each.RobustnessVariable > 0);
        var interval = queries.LastOrDefault(each => each.Generation.HasSources && each.QueryInterval > TimeSpan.Zero);
        var usual = Timing.Default;
        var timers = new JudgedTimers(given, usual);
        var (robustness, every) = (
            timers.Of("Robustness Variable", given.RobustnessVariable, told?.RobustnessVariable, usual.RobustnessVariable, whose, Number),
            timers.Of("Query Interval", given.QueryInterval, interval?.QueryInterval, usual.QueryInterval, whose, Durations.InWords));
        timers.Timing = usual with
        {
            RobustnessVariable = robustness,
            QueryInterval = every,
            QueryResponseInterval = timers.Of(
                "Query Response Interval", given.QueryResponseInterval, general?.MaxResponseTime, usual.QueryResponseInterval, whose,
                Durations.InWords),
            LastMemberQueryInterval = timers.Of(
                "Last Member Query Interval", given.LastMemberQueryInterval, specific?.MaxResponseTime, usual.LastMemberQueryInterval,
                whose, Durations.InWords),
            LastMemberQueryCount = timers.Of(
                "Last Member Query Count", given.LastMemberQueryCount, null, robustness, whose, Number, "the Robustness Variable"),
            StartupQueryInterval = timers.Of(
                "Startup Query Interval", given.StartupQueryInterval, null, every / 4, whose, Durations.InWords,
                "a quarter of the Query Interval"),
            StartupQueryCount = timers.Of(
                "Startup Query Count", given.StartupQueryCount, null, robustness, whose, Number, "the Robustness Variable"),
            UnsolicitedReportInterval = timers.Of(
                "Unsolicited Report Interval", given.UnsolicitedReportInterval, null, usual.UnsolicitedReportInterval, whose,
                Durations.InWords),
        };
        return timers;
    }

    /// <summary>
    /// The longest interval that is told like this one: from 128 s on the code has gaps, and tells what is below (RFC 9776 §4.1.7).
    /// </summary>
    public static TimeSpan LongestToldAs(TimeSpan interval)
    {
        var (code, unit) = (TimeCode.EightBits.Encode(interval, Unit), TimeCode.EightBits.Decode(1, Unit));
        return code < 0x80 || code == TimeCode.EightBits.MaxCode ? interval : TimeCode.EightBits.Decode(code + 1, Unit) - unit;
    }

    private static string Number(int count) => count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private T Of<T>(string name, T? given, T? told, T usual, string whose, Func<T, string> words, string rule = "the default of the RFC")
        where T : struct
    {
        var (value, source) = (given, told) switch
        {
            ({ } first, _) => (first, "as given"),
            (_, { } second) => (second, $"as {whose} queries tell it"),
            _ => (usual, rule),
        };
        notes.Add($"{name} {words(value)}: {source}");
        return value;
    }
}
