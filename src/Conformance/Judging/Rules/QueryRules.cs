using System.Globalization;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging.Rules;

/// <summary>How often a querier asks, and what it says of its timers (RFC 9776 §4.1, §6.1, §8).</summary>
internal static class QueryRules
{
    internal static IEnumerable<CaptureRule> All =>
    [
        new(
            "general-queries-every-query-interval", ["V3-R-6.1-01", "V3-R-4.1.7-01"],
            "A querier sends General Queries one Query Interval apart, the one that its queries tell.", "queries",
            "two General Queries one after the other", device =>
                Regular(device).Select(each => Next(device, each))),
        new(
            "starts-with-startup-queries", ["V3-R-8.6-01", "V3-R-8.7-01"],
            "A router that starts sends Startup Query Count General Queries one Startup Query Interval apart.", "starts",
            "the router start", Starts),
        new(
            "higher-address-does-not-stop-it", ["V3-R-6.6.2-02"],
            "A General Query from a router with a higher address changes nothing: the next one comes when it is due.", "queries",
            "a General Query from a higher address", device => Regular(device)
                .Where(each => device.Between(each.At, each.At + IntervalOf(device, each)).Any(frame => IsHigher(device, frame)))
                .Select(each => Next(device, each))),
        new(
            "response-time-not-above-query-interval", ["V3-R-8.14.2-01"],
            "The Max Response Time of General Queries is not above the Query Interval.", "queries", "a General Query of version 3",
            device => CaptureCase.Always(
                device,
                device.AnyGeneralQuery.Where("of version 3", frame => frame.Query!.Generation.HasSources), "a Max Response Time in order",
                frame => frame.Query!.MaxResponseTime > LongestOf(device, frame)
                    ? $"a Max Response Time of {frame.Query.MaxResponseTime.InWords()}, and a Query Interval of "
                        + IntervalOf(device, frame).InWords()
                    : null)),
        Told(
            "tells-its-robustness-variable", "V3-R-4.1.6-01",
            "Every query tells the Robustness Variable that is given, or that the others tell.",
            "the Robustness Variable",
            query => query.RobustnessVariable, device => device.Timers.Given.RobustnessVariable is { } given
                ? given > 7 ? 0 : given
                : MostTold(device, query => query.RobustnessVariable), value => value.ToString(CultureInfo.InvariantCulture)),
        Told(
            "tells-its-query-interval", "V3-R-4.1.7-01", "Every query tells the Query Interval that is given, or that the others tell.",
            "the Query Interval",
            query => query.QueryInterval, device => device.Timers.Given.QueryInterval is { } given
                ? device.Dialect.RepresentableQueryInterval(given)
                : MostTold(device, query => query.QueryInterval),
            Durations.InWords),
        new(
            "tells-its-response-time", ["V3-M-8.8-01"],
            "Every General Query tells the Query Response Interval, every specific one the Last Member Query Interval.", "queries",
            "a query of version 3", device => CaptureCase.Always(
                device, OfVersion3(device), "the response time of its kind", frame =>
                {
                    var timing = device.Timers.Timing;
                    var wanted = device.Dialect.Representable(
                        frame.Query!.Kind == QueryKind.General ? timing.QueryResponseInterval : timing.LastMemberQueryInterval,
                        Generation.Sources);
                    return frame.Query.MaxResponseTime == wanted
                        ? null
                        : $"a Max Response Time of {frame.Query.MaxResponseTime.InWords()}, not {wanted.InWords()}";
                })),
        new(
            "queries-in-one-version", ["V3-X-7.3.1-01"],
            "All queries of a router are of one version.", "queries", "a query of the device", device => CaptureCase.Always(
                device, Messages.AnyQuery().From(device.Name), "the version of the others", frame =>
                    frame.Query!.Generation == device.GeneralQueries.Select(each => each.Query!.Generation)
                        .DefaultIfEmpty(frame.Query.Generation).GroupBy(each => each).MaxBy(each => each.Count())!.Key
                        ? null
                        : string.Create(
                            CultureInfo.InvariantCulture, $"version {device.Dialect.VersionOf(frame.Query.Generation)}"))),
    ];

    /// <summary>The Query Interval by a query of the device: given, told by the query itself, or assumed.</summary>
    internal static TimeSpan IntervalOf(JudgedDevice device, SeenFrame query) => device.Timers.Given.QueryInterval
        ?? (query.Query is { Generation: Generation.Sources, QueryInterval: var told } && told > TimeSpan.Zero
            ? told
            : device.Timers.Timing.QueryInterval);

    /// <summary>The same at its longest: what is told may be less than what is set.</summary>
    private static TimeSpan LongestOf(JudgedDevice device, SeenFrame query) => device.Timers.Given.QueryInterval
        ?? JudgedTimers.LongestToldAs(IntervalOf(device, query));

    /// <summary>The Startup Query Interval, likewise.</summary>
    private static Spacing StartupOf(JudgedDevice device) => device.Timers.Given.StartupQueryInterval is { } given
        ? given
        : new Spacing(
            device.Timers.Timing.QueryInterval / 4,
            (device.Timers.Given.QueryInterval ?? JudgedTimers.LongestToldAs(device.Timers.Timing.QueryInterval)) / 4);

    private static CaptureRule Told<T>(
        string name, string requirement, string purpose, string what, Func<QueryContent, T> told, Func<JudgedDevice, T> wanted,
        Func<T, string> words)
        where T : struct => new(
        name, [requirement], purpose, "queries", "a query of version 3", device => CaptureCase.Always(
            device, OfVersion3(device), what, frame => told(frame.Query!).Equals(wanted(device))
                ? null
                : $"{words(told(frame.Query!))}, not {words(wanted(device))}"));

    private static T MostTold<T>(JudgedDevice device, Func<QueryContent, T> told) =>
        device.Messages.Where(OfVersion3(device).Matches).GroupBy(each => told(each.Query!)).MaxBy(each => each.Count())!.Key;

    private static FramePattern OfVersion3(JudgedDevice device) =>
        Messages.AnyQuery().From(device.Name).Where("of version 3", frame => frame.Query!.Generation.HasSources);

    /// <summary>The next General Query, one Query Interval later and not before.</summary>
    private static CaptureCase Next(JudgedDevice device, SeenFrame query)
    {
        var interval = IntervalOf(device, query);
        var longest = LongestOf(device, query);
        var next = new Series(
            device.AnyGeneralQuery, JudgedDevice.After(query), interval, longest - interval, Times.Once, every: null);
        return new CaptureCase(next, query.At, query.At + longest + device.Tolerance, query);
    }

    /// <summary>The General Queries after which the next one is due one Query Interval later: it does not start, nor give way.</summary>
    private static IEnumerable<SeenFrame> Regular(JudgedDevice device)
    {
        var own = device.GeneralQueries;
        var starting = StartsOf(device);
        // Those that another follows one Startup Query Interval later; the capture may have begun within a start.
        var count = device.Timers.Timing.StartupQueryCount - 1;
        var leading = starting.SelectMany(each => Enumerable.Range(each, count)).ToHashSet();
        if (HasStartupQueries(device) && !starting.Contains(0))
            leading.UnionWith(Enumerable.Range(0, count).TakeWhile(each => IsShort(device, each)));
        for (var i = 0; i < own.Count; i++)
        {
            var due = own[i].At + LongestOf(device, own[i]) + device.Tolerance;
            var givesWay = device.Between(own[i].At - device.Tolerance, due).Any(frame => ElectionRules.IsPreferred(device, frame));
            if (!givesWay && !leading.Contains(i) && !starting.Contains(i + 1))
                yield return own[i];
        }
    }

    private static IEnumerable<CaptureCase> Starts(JudgedDevice device)
    {
        var (own, timing) = (device.GeneralQueries, device.Timers.Timing);
        foreach (var first in StartsOf(device).Select(each => own[each]))
        {
            var lasts = ((timing.StartupQueryCount - 1) * (StartupOf(device).AtMost + device.Tolerance)) + device.Tolerance;
            // One that gives way to another router at once need not go on.
            if (device.Between(first.At, first.At + lasts).Any(frame => ElectionRules.IsPreferred(device, frame)))
                continue;
            var burst = new Series(
                device.AnyGeneralQuery, JudgedDevice.At(first), TimeSpan.Zero, TimeSpan.Zero, timing.StartupQueryCount,
                StartupOf(device));
            yield return new CaptureCase(burst, first.At, first.At + lasts, first);
        }
    }

    /// <summary>
    /// The indices of General Queries with which the router starts: it joins the routers' group then, or the next one follows one Startup
    /// Query Interval later and the one before is a whole one away.
    /// </summary>
    private static HashSet<int> StartsOf(JudgedDevice device)
    {
        var (own, timing, tolerance) = (device.GeneralQueries, device.Timers.Timing, device.Tolerance);
        var starts = new HashSet<int>();
        if (!HasStartupQueries(device))
            return starts;
        for (var i = 0; i < own.Count; i++)
        {
            var isFirstOfShort = IsShort(device, i)
                && (i > 0 ? !IsShort(device, i - 1)
                    : device.Missing(own[i].At - timing.StartupQueryInterval - tolerance, own[i].At) is null);
            var near = timing.UnsolicitedReportInterval + tolerance;
            var joined = device.Starts.Any(each => (each - own[i].At).Duration() <= near && (i == 0 || own[i - 1].At < each - near));
            // What comes too soon after the first query is one of a start, if at another interval.
            var isOfAnother = i == 0 && own.Count > 1 && !IsShort(device, 0)
                && own[1].At - own[0].At < IntervalOf(device, own[0]) - tolerance;
            if (isFirstOfShort || joined || isOfAnother)
                starts.Add(i);
        }

        return starts;
    }

    /// <summary>Whether a General Query is followed by another one Startup Query Interval later.</summary>
    private static bool IsShort(JudgedDevice device, int index) => index + 1 < device.GeneralQueries.Count
        && (device.GeneralQueries[index + 1].At - device.GeneralQueries[index].At).IsBetween(
            StartupOf(device).AtLeast - device.Tolerance, StartupOf(device).AtMost + device.Tolerance);

    private static bool HasStartupQueries(JudgedDevice device) =>
        device.Timers.Timing.StartupQueryInterval + (2 * device.Tolerance) < device.Timers.Timing.QueryInterval;

    private static bool IsHigher(JudgedDevice device, SeenFrame frame) =>
        frame.Sender != device.Name && frame.Query is { Kind: QueryKind.General } && !frame.Envelope.Source.IsUnspecified
        && !ElectionRules.IsPreferred(device, frame);
}
