using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Packets;

namespace MulticastLab.Conformance.Judging.Rules;

/// <summary>The election of the querier, as the General Queries of others show it (RFC 9776 §6.6.2, §8.5).</summary>
internal static class ElectionRules
{
    internal static IEnumerable<CaptureRule> All =>
    [
        new(
            "silent-beside-a-lower-address", ["V3-R-6.6.2-01", "V3-R-6.6.2-05", "V3-R-6.6.2-06"],
            "After a General Query from a lower address a router sends none of its own, until the Other Querier Present Interval is over.",
            "queries from a lower address", "a General Query from a lower address that the device would have asked after", Silent),
        new(
            "takes-over-after-other-querier-present-interval", ["V3-R-6.6.2-07", "V3-R-8.5-01"],
            "When no router with a lower address has queried for the Other Querier Present Interval, a router begins to query.",
            "silent queriers", "a querier with a lower address that falls silent", TakesOver),
    ];

    /// <summary>Whether it is a General Query of another router that is preferred as querier.</summary>
    internal static bool IsPreferred(JudgedDevice device, SeenFrame frame) =>
        frame.Sender != device.Name && frame.Query is { Kind: QueryKind.General, Sources.Count: 0 }
        && !frame.Envelope.Source.IsUnspecified
        && device.Dialect.IsPreferredQuerier(frame.Envelope.Source, device.Address);

    /// <summary>
    /// Until when the device counts the sender of a query as the querier: not before the first, not after the second. It takes over what
    /// the query tells (RFC 9776 §4.1.6, §4.1.7); whose Query Response Interval counts is left open.
    /// </summary>
    internal static (TimeSpan Least, TimeSpan Most) OtherQuerierPresentInterval(JudgedDevice device, QueryContent query)
    {
        var own = device.Timers.Timing;
        var told = own with
        {
            RobustnessVariable = query is { Generation.HasSources: true, RobustnessVariable: > 0 }
                ? query.RobustnessVariable : own.RobustnessVariable,
            QueryInterval = query.Generation.HasSources && query.QueryInterval > TimeSpan.Zero ? query.QueryInterval : own.QueryInterval,
        };
        var (one, other) = (
            new ExpectedTiming(told).OtherQuerierPresentInterval,
            new ExpectedTiming(told with { QueryResponseInterval = query.MaxResponseTime }).OtherQuerierPresentInterval);
        return one < other ? (one, other) : (other, one);
    }

    private static List<SeenFrame> PreferredOf(JudgedDevice device) => [.. device.Messages.Where(each => IsPreferred(device, each))];

    private static IEnumerable<CaptureCase> Silent(JudgedDevice device)
    {
        var lower = PreferredOf(device);
        for (var i = 0; i < lower.Count; i++)
        {
            var ends = lower[i].At + OtherQuerierPresentInterval(device, lower[i].Query!).Least - device.Tolerance;
            if (i + 1 < lower.Count && lower[i + 1].At < ends)
                ends = lower[i + 1].At;
            var start = StartAfter(device, lower[i]);
            foreach (var other in new[] { device.End, start - device.Timers.Timing.UnsolicitedReportInterval - device.Tolerance })
                ends = other < ends ? other : ends;
            if (ends <= lower[i].At)
                continue;
            // A router that has not asked before, or that is not due, would be silent anyway.
            var last = device.GeneralQueries.LastOrDefault(each => each.At <= lower[i].At + device.Tolerance);
            var wouldAsk = last is not null
                && (last.At > lower[i].At - QueryRules.IntervalOf(device, last)
                    ? last.At + QueryRules.IntervalOf(device, last) + device.Tolerance <= ends
                    : lower[i].At + QueryRules.IntervalOf(device, last) - (2 * device.Tolerance) <= ends);
            var none = new Absence(Messages.AnyQuery().From(device.Name), JudgedDevice.At(lower[i]));
            yield return new CaptureCase(none, lower[i].At, ends, lower[i]) { IsWeak = !wouldAsk };
        }
    }

    /// <summary>When the device begins anew after a query of another; never when it does not.</summary>
    internal static Instant StartAfter(JudgedDevice device, SeenFrame query) =>
        device.Starts.Where(each => each > query.At).DefaultIfEmpty(Instant.Never).First();

    private static IEnumerable<CaptureCase> TakesOver(JudgedDevice device)
    {
        var lower = PreferredOf(device);
        for (var i = 0; i < lower.Count; i++)
        {
            var (least, most) = OtherQuerierPresentInterval(device, lower[i].Query!);
            var ends = lower[i].At + most + device.Tolerance;
            if ((i + 1 < lower.Count && lower[i + 1].At <= ends) || StartAfter(device, lower[i]) <= ends)
                continue;
            var first = new Series(
                device.AnyGeneralQuery, JudgedDevice.At(lower[i], device.Tolerance), least - device.Tolerance, most - least, Times.Once,
                every: null);
            yield return new CaptureCase(first, lower[i].At, ends, lower[i]);
        }
    }
}
