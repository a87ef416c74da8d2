using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>
/// How a router's timers are told in its queries: Max Resp Code, QRV and QQIC (RFC 9776 §4.1.1, §4.1.6, §4.1.7), as data.
/// </summary>
internal static class SentCodeTests
{
    // Tenths of a second and their codes (V3-M-8.8-01). Zero is left out: nobody could answer.
    private static readonly (int Tenths, int Code)[] ResponseTimes =
    [
        (1, 1), (100, 100), (127, 127), (128, 128), (129, 128), (250, 143), (255, 143), (1000, 175), (31744, 255),
    ];

    // Seconds and their codes (V3-R-4.1.7-01).
    private static readonly (int Seconds, int Code)[] Intervals =
    [
        (20, 20), (125, 125), (127, 127), (128, 128), (300, 146), (1000, 175), (31744, 255),
    ];

    // What has no room in three bits is told as zero (V3-R-4.1.6-01).
    private static readonly (int Robustness, int Qrv)[] Robustness = [(2, 2), (3, 3), (7, 7), (8, 0), (9, 0), (255, 0)];

    internal static IEnumerable<ConformanceTest> All =>
    [
        .. ResponseTimes.Select(each => ResponseTime(each.Tenths, each.Code)),
        .. ResponseTimes.Select(each => LastMemberResponseTime(each.Tenths, each.Code)),
        .. Intervals.Select(each => Interval(each.Seconds, each.Code)),
        .. Robustness.Select(each => RobustnessVariable(each.Robustness, each.Qrv)),
    ];

    private static RouterTest ResponseTime(int tenths, int code) => new(
        FormattableString.Invariant($"sent-response-time-of-{tenths}-tenths"), ["V3-M-8.8-01"],
        FormattableString.Invariant($"A Query Response Interval of {tenths} tenths of a second is told as 0x{code:X2} in General Queries."),
        async lab =>
        {
            await lab.StartSending();
            var general = lab.Sent("every General Query", message => message.IsQuery && message.Destination == lab.Dialect.AllSystems);
            lab.ExpectAlways(general, $"the Max Resp Code 0x{code:X2}", frame => CodeOf(frame, 1, code));
        })
    {
        Timing = usual => usual with
        {
            QueryResponseInterval = Tenths(tenths),
            QueryInterval = Longer(usual.QueryInterval, Tenths(tenths)),
        },
        Unfit = t => t.QueryResponseInterval == Tenths(tenths)
            ? null
            : $"the Query Response Interval is {t.QueryResponseInterval.InWords()}",
    };

    private static RouterTest LastMemberResponseTime(int tenths, int code) => new(
        FormattableString.Invariant($"sent-last-member-response-time-of-{tenths}-tenths"), ["V3-M-8.8-01"],
        FormattableString.Invariant(
            $"A Last Member Query Interval of {tenths} tenths of a second is told as 0x{code:X2} in specific queries."),
        lab => lab.JudgeSent(
            lab.Sent("every specific query", message => message.IsQuery && message.Destination != lab.Dialect.AllSystems),
            $"the Max Resp Code 0x{code:X2}",
            message => Code(message.At(1), code),
            repeated: false))
    {
        // What ends sooner than the Last Member Query Time anyway is not asked about (RFC 9776 §6.6.3.2).
        Timing = usual => usual with
        {
            LastMemberQueryInterval = Tenths(tenths),
            QueryInterval = Longer(LastingTest.Timers(usual).QueryInterval, 2 * Tenths(tenths)),
        },
        Unfit = t => t.LastMemberQueryInterval == Tenths(tenths)
            ? null
            : $"the Last Member Query Interval is {t.LastMemberQueryInterval.InWords()}",
    };

    private static RouterTest Interval(int seconds, int code) => new(
        FormattableString.Invariant($"sent-query-interval-of-{seconds}-seconds"), ["V3-R-4.1.7-01"],
        FormattableString.Invariant($"A Query Interval of {seconds} seconds is told as 0x{code:X2} in every query."),
        lab => lab.JudgeSent(lab.SentQueries(), $"the QQIC 0x{code:X2}", message => Code(message.At(9), code)))
    {
        Timing = usual => usual with { QueryInterval = seconds.Seconds() },
        Unfit = t => t.QueryInterval == seconds.Seconds() ? null : $"the Query Interval is {t.QueryInterval.InWords()}",
    };

    private static RouterTest RobustnessVariable(int robustness, int qrv) => new(
        FormattableString.Invariant($"sent-robustness-variable-of-{robustness}"), ["V3-R-4.1.6-01"],
        FormattableString.Invariant($"A Robustness Variable of {robustness} is told as a QRV of {qrv} in every query."),
        lab => lab.JudgeSent(
            lab.SentQueries(), string.Create(CultureInfo.InvariantCulture, $"QRV {qrv}"),
            message => (message.At(8) & 0x07) == qrv && message.At(8) >= 0
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"QRV {message.At(8) & 0x07}")))
    {
        Timing = usual => LastingTest.Timers(usual) with
        {
            RobustnessVariable = robustness,
            StartupQueryCount = 2,
            LastMemberQueryCount = 2,
        },
        Unfit = t => t.RobustnessVariable == robustness
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the Robustness Variable is {t.RobustnessVariable}"),
    };

    private static string? CodeOf(Lab.Scenarios.Frames.SeenFrame frame, int at, int code) => Code(WireMessage.Of(frame).At(at), code);

    private static string? Code(int seen, int code) => seen == code ? null : seen < 0 ? "no such byte" : $"0x{seen:X2}";

    private static TimeSpan Tenths(int tenths) => (100 * tenths).Milliseconds();

    // A Query Interval has to be longer than the response times (RFC 9776 §8.3), and devices have it in whole seconds.
    private static TimeSpan Longer(TimeSpan usual, TimeSpan response) =>
        response < usual ? usual : TimeSpan.FromSeconds(Math.Ceiling(response.TotalSeconds) + 1);
}
