using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>The querier's General Queries from its start on, and the values of its timers (RFC 9776 §6.1, §8).</summary>
internal static class StartTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        .. ((int[])[2, 3]).Select(StartsWith),
        new RouterTest(
            "general-queries-every-query-interval", ["V3-R-6.1-01"],
            "After the start-up the querier sends a General Query every Query Interval.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Pass((lab.Timing.StartupQueryCount * lab.Timing.StartupQueryInterval) + lab.Tolerance);

                await lab.Step("The start-up is over");
                if (await lab.Seen(GeneralQueries(lab), lab.Now, 2 * lab.Timing.QueryInterval) is not { } first)
                    throw Bench.CannotBegin("The device does not query any more");
                lab.Expect(GeneralQueries(lab), new Moment(first.At, "the first of them"), times: 4, every: lab.Timing.QueryInterval)
                    .AndOn();
            }),
        new RouterTest(
            "startup-query-interval-is-a-quarter-of-qi", ["V3-R-8.6-01"],
            "Where it is not set, the Startup Query Interval is a quarter of the Query Interval.",
            async lab =>
            {
                var first = await lab.FirstQuery(await lab.Start());
                lab.Expect(GeneralQueries(lab), first, times: 2, every: lab.Timing.QueryInterval / 4);
            })
        {
            Timing = InWholeSeconds,
            Unset = ["STARTUP_QUERY_INTERVAL"],
            Unfit = timing => timing.StartupQueryCount > 1 ? null : "the Startup Query Count is 1",
        },
        Announces(
            "rv-is-2-by-default", ["V3-R-8.1-01"], "Where it is not set, the querier announces a Robustness Variable of 2.",
            "announcing a Robustness Variable of 2", query => query.RobustnessVariable == 2),
        Announces(
            "qi-is-125s-by-default", ["V3-R-8.2-01"], "Where it is not set, the querier announces a Query Interval of 125 s.",
            "announcing a Query Interval of 125 s", query => query.QueryInterval == 125.Seconds()),
        Announces(
            "qri-is-10s-by-default", ["V3-R-8.3-01"], "Where it is not set, the querier's General Queries ask for answers within 10 s.",
            "with a Max Response Time of 10 s", query => query.MaxResponseTime == 10.Seconds()),
        new RouterTest(
            "lmqi-is-1s-by-default", ["V3-R-8.8-01"],
            "Where it is not set, the Last Member Query Interval is 1 s: specific queries announce it, and come as far apart.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A host leaves");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                lab.Expect(
                    Query(lab.G1).Where("with a Max Response Time of 1 s", frame => frame.Query!.MaxResponseTime == 1.Seconds())
                        .From(lab.Device).On(Bench.Lan),
                    leave, times: lab.Timing.LastMemberQueryCount, every: 1.Seconds());
            }) { Unset = Lab.Devices.DeviceSettings.Names },
        new RouterTest(
            "qri-is-below-qi", ["V3-R-8.14.2-01", "V3-R-8.3-01"],
            "A Query Response Interval above the Query Interval is refused, or not what the querier announces.",
            async lab =>
            {
                Moment start;
                try
                {
                    start = await lab.Start();
                }
                catch (DeviceDiedException)
                {
                    await lab.Check(Bench.DeviceName, "it refuses the settings", null);
                    return;
                }

                await lab.FirstQuery(start);
                lab.ExpectAlways(GeneralQueries(lab), "a Max Response Time not above its Query Interval", IsInOrder);
            })
        {
            Timing = usual => usual with { QueryResponseInterval = 2 * usual.QueryInterval },
            Unfit = timing =>
                timing.QueryResponseInterval > timing.QueryInterval ? null
                : $"its Query Response Interval is {timing.QueryResponseInterval.InWords()}, below the Query Interval",
        },
        new RouterTest(
            "querier-with-other-timers", ["V3-R-8-01"],
            "Reports whether a router stays in its role while another with different timers is the querier.",
            async lab =>
            {
                var interval = 2 * lab.Timing.QueryInterval;
                await lab.StartNonQuerier();

                await lab.Step("The querier has other timers");
                var since = lab.Now;
                for (var i = 0; i < 2; i++)
                {
                    await lab.Low.Query(
                        lab.General with { RobustnessVariable = lab.Timing.RobustnessVariable + 1, QueryInterval = interval });
                    await lab.Pass(interval);
                }

                var own = lab.Count(GeneralQueries(lab), since);
                lab.Observe(own == 0 ? "stays in its role beside a querier with other timers" : string.Create(
                    CultureInfo.InvariantCulture, $"queries {own} times beside a querier with other timers"));
            }),
    ];

    private static FramePattern GeneralQueries(RouterBench lab) => AnyGeneralQuery().From(lab.Device).On(Bench.Lan);

    // There are routers that have no fractions of seconds.
    private static Timing InWholeSeconds(Timing usual) => usual with { QueryInterval = 2 * usual.QueryInterval };

    private static bool IsInOrder(SeenFrame frame) =>
        frame.Query is { } query && (query.QueryInterval <= TimeSpan.Zero || query.MaxResponseTime <= query.QueryInterval);

    private static RouterTest StartsWith(int count) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"starts-with-{count}-queries"), ["V3-R-8.7-01"],
            string.Create(
                CultureInfo.InvariantCulture,
                $"A router begins with Startup Query Count General Queries, here {count}, a Startup Query Interval apart; the next comes "
                    + $"after a Query Interval."),
            async lab =>
            {
                var first = await lab.FirstQuery(await lab.Start());
                var startup = (count - 1) * lab.Timing.StartupQueryInterval;
                lab.Expect(GeneralQueries(lab), first, times: count, every: lab.Timing.StartupQueryInterval);
                await lab.PassUntil(first, startup + (lab.Timing.QueryInterval / 2));

                await lab.Step("The start-up is over");
                lab.Expect(
                    GeneralQueries(lab), lab.Now, within: (lab.Timing.QueryInterval / 2) + (2 * lab.Tolerance), times: Times.Once);
                lab.ExpectTimes(count + 1, GeneralQueries(lab), first);
                await lab.PassUntil(first, startup + lab.Timing.QueryInterval + (2 * lab.Tolerance));
            })
        {
            Timing = usual => InWholeSeconds(usual) with { RobustnessVariable = count },
            Unset = ["STARTUP_QUERY_COUNT"],
            Unfit = timing =>
                timing.RobustnessVariable == count ? null
                : string.Create(CultureInfo.InvariantCulture, $"the Robustness Variable is {timing.RobustnessVariable} and not {count}"),
        };

    private static RouterTest Announces(
        string name, IReadOnlyList<string> requirements, string purpose, string words, Func<QueryContent, bool> holds) =>
        new(name, requirements, purpose, async lab =>
        {
            var start = await lab.StartQuerier();
            if (await lab.Seen(GeneralQueries(lab), start, lab.Timing.QueryInterval) is null)
                throw Bench.CannotBegin("The device does not query any more");
            lab.ExpectTimes(Times.AtLeastOnce, GeneralQueries(lab).Where(words, frame => holds(frame.Query!)), start);
        }) { Unset = Lab.Devices.DeviceSettings.Names };
}
