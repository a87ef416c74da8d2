using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>What a router takes over from the querier's queries (RFC 9776 §4.1.6, §4.1.7).</summary>
internal static class AdoptionTests
{
    // Far above what the suite's own timers are, and written with an exponent in the code.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(208);

    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "robustness-is-adopted", ["V3-R-4.1.6-02"],
            "A router that is no querier takes over the querier's Robustness Variable, for its group timers and its patience.",
            async lab =>
            {
                var t = lab.Timing;
                var robustness = t.RobustnessVariable + 2;
                var told = lab.General with { RobustnessVariable = robustness };
                await lab.StartNonQuerier(told);
                // The timer of the other querier counts from here on, with what is known by now.
                var last = await lab.Low.Query(told);
                await ExpectGroupTimer(lab, lab.G1, robustness * t.QueryInterval);
                await ExpectSilence(lab, last, (robustness - 1) * t.QueryInterval);
            })
        {
            Unfit = timing => timing.RobustnessVariable > 5 ? "there is no higher Robustness Variable in a query" : null,
        },
        new RouterTest(
            "robustness-zero-is-own", ["V3-R-4.1.6-03"],
            "A Robustness Variable of zero in a query stands for the router's own one, or the default.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartNonQuerier();
                await lab.Low.Query(lab.General with { RobustnessVariable = t.RobustnessVariable + 2 });
                await lab.Low.Query(lab.General with { RobustnessVariable = 0 });
                var last = await lab.Low.Query(lab.General with { RobustnessVariable = 0 });
                await ExpectGroupTimer(lab, lab.G1, t.RobustnessVariable * t.QueryInterval);
                await ExpectSilence(lab, last, t.OtherQuerierPresentInterval - t.QueryResponseInterval);
                // With the other one it would be two Query Intervals.
                await lab.ExpectSoon(
                    lab.OwnGeneralQueries, RouterBench.JustAfter(last), t.OtherQuerierPresentInterval + (t.QueryInterval * 3 / 2));
            }) { Unfit = NotTheDefault },
        new RouterTest(
            "query-interval-is-adopted", ["V3-R-4.1.7-02"],
            "A router that is no querier takes over the querier's Query Interval, for its group timers and its patience.",
            async lab =>
            {
                var t = lab.Timing;
                var interval = lab.Dialect.RepresentableQueryInterval(2 * t.QueryInterval);
                var told = lab.General with { QueryInterval = interval };
                await lab.StartNonQuerier(told);
                var last = await lab.Low.Query(told);
                await ExpectGroupTimer(lab, lab.G1, t.RobustnessVariable * interval);
                await ExpectSilence(lab, last, (t.RobustnessVariable * interval) - t.QueryInterval);
            }),
        new RouterTest(
            "long-query-interval-is-adopted", ["V3-R-4.1.7-02"],
            "A Query Interval that the querier's code gives with an exponent is taken over as well.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartNonQuerier(lab.General with { QueryInterval = Long });
                var last = await lab.Low.Query(lab.General with { QueryInterval = Long });
                await ExpectGroupTimer(lab, lab.G1, t.RobustnessVariable * Long);
                await ExpectSilence(lab, last, t.OtherQuerierPresentInterval + t.QueryResponseInterval, again: true);
            })
        {
            Unfit = timing =>
                timing.QueryInterval + timing.QueryResponseInterval > Long ? "its own Query Interval is too long to tell them apart" : null,
        },
        new RouterTest(
            "query-interval-zero-is-own", ["V3-R-4.1.7-03"],
            "A Query Interval of zero in a query stands for the router's own one, or the default.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartNonQuerier(lab.General with { QueryInterval = 2 * t.QueryInterval });
                await lab.Low.Query(lab.General with { QueryInterval = TimeSpan.Zero });
                var last = await lab.Low.Query(lab.General with { QueryInterval = TimeSpan.Zero });
                await ExpectGroupTimer(lab, lab.G1, t.RobustnessVariable * t.QueryInterval, orDefault: true);
                await ExpectSilence(lab, last, t.OtherQuerierPresentInterval - t.QueryResponseInterval, again: true);
            }),
        new RouterTest(
            "querier-keeps-its-interval", ["V3-R-4.1.7-02"],
            "Only a router that is no querier takes over a Query Interval: the querier keeps its own.",
            async lab =>
            {
                await lab.StartQuerier();
                var (_, period) = await lab.Rhythm();
                await lab.Pass(period / 4);

                await lab.Step("A router with a higher address queries, with another Query Interval");
                var heard = await lab.Highest.Query(lab.General with { QueryInterval = 3 * lab.Timing.QueryInterval });
                if (await lab.Seen(lab.OwnGeneralQueries, heard, 3 * lab.Timing.QueryInterval) is not { } next)
                    throw Bench.CannotBegin("The device does not go on querying");
                // When the first one comes is another question.
                lab.Expect(
                    lab.OwnGeneralQueries, since: RouterBench.JustAfter(new Moment(next.At, "the next General Query")), after: period);
            }),
    ];

    /// <summary>Expects the timer of a new group to be of the Group Membership Interval, of either RFC, with this RV × QI.</summary>
    private static async Task ExpectGroupTimer(RouterBench lab, Address group, TimeSpan silence, bool orDefault = false)
    {
        var t = lab.Timing;
        var (joined, _) = await lab.Bring(group, Exclude());
        var most = orDefault && silence < 2 * DefaultQueryInterval ? 2 * DefaultQueryInterval : silence;
        await lab.ExpectShown(
            group, Exclude(), new TimerLeft(null, silence + t.QueryResponseInterval, most + (2 * t.QueryResponseInterval), joined));
    }

    /// <summary>Expects the device not to query until so long after the querier's last query, and then it queries some time.</summary>
    /// <param name="lab">The bench.</param>
    /// <param name="last">The querier's last query.</param>
    /// <param name="until">How long it has to wait at least.</param>
    /// <param name="again">Whether the querier tells it the usual timers then, so that it does not take too long.</param>
    private static async Task ExpectSilence(RouterBench lab, Moment last, TimeSpan until, bool again = false)
    {
        await lab.Step("The querier is silent");
        lab.ExpectNone(lab.OwnGeneralQueries, since: Later(lab, last));
        await lab.PassUntil(last, until);
        var end = lab.Now;
        await lab.Step("It is alive");
        if (again)
        {
            await lab.Low.Query(lab.General);
            end = await lab.Low.Query(lab.General);
        }

        await lab.TakeOver(silent: end);
    }

    // Whether it stops at once when it hears of another querier is another question.
    private static Moment Later(RouterBench lab, Moment last) =>
        new(last.At + lab.Timing.QueryInterval, "one Query Interval after the querier's last query");

    // RFC 9776 §8.2.
    private static TimeSpan DefaultQueryInterval => TimeSpan.FromSeconds(125);

    private static string? NotTheDefault(ExpectedTiming timing) =>
        timing.RobustnessVariable == 2 ? null : "its own Robustness Variable is not the default";
}
