using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>
/// What a query of the querier does to the timers of another router (RFC 9776 §6.6.1). A device that does not show its state tells what is
/// left of its groups when it has taken over: only a querier asks.
/// </summary>
internal static class ReceivedQueryTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "query-lowers-source-timers", ["V3-R-6.6.1-01"],
            "A query about sources lowers the timers of these sources to the Last Member Query Time, and no others.",
            async lab =>
            {
                var brought = await Begin(lab, Include(lab.S1, lab.S2));

                await lab.Step("The querier asks about one of two sources");
                var query = await lab.Low.Query(lab.Specific(lab.G1, lab.S1));
                await lab.ExpectShown(
                    lab.G1, Include(lab.S1, lab.S2), Lowered(lab, lab.S1, query), TimerLeft.Gmi(lab.S2, lab.Timing, brought.Sources));
                await End(lab, query, Include(lab.S2));
            }) { Timing = Longer },
        new RouterTest(
            "query-lowers-group-timer", ["V3-R-6.6.1-02"],
            "A query about a group lowers its group timer to the Last Member Query Time, and no source timers.",
            async lab =>
            {
                var brought = await Begin(lab, Exclude([lab.S1]));

                await lab.Step("The querier asks about the group");
                var query = await lab.Low.Query(lab.Specific(lab.G1));
                await lab.ExpectShown(
                    lab.G1, Exclude([lab.S1]), Lowered(lab, null, query), TimerLeft.Gmi(lab.S1, lab.Timing, brought.Sources));
                await End(lab, query, Include(lab.S1));
            }) { Timing = Longer },
        new RouterTest(
            "query-about-include-group-lowers-nothing", ["V3-R-6.6.1-03"],
            "A query about a group in INCLUDE mode, which has no group timer, changes none of its timers.",
            async lab =>
            {
                var brought = await Begin(lab, Include(lab.S1));

                await lab.Step("The querier asks about the group");
                var query = await lab.Low.Query(lab.Specific(lab.G1));
                await lab.ExpectShown(lab.G1, Include(lab.S1), TimerLeft.Gmi(lab.S1, lab.Timing, brought.Sources));
                await End(lab, query, Include(lab.S1));
            }) { Timing = SuiteTimers.Unhurried },
        new RouterTest(
            "suppressed-query-lowers-no-group-timer", ["V3-R-6.6.1-04"],
            "A query about a group with the S flag set changes no timer.",
            async lab =>
            {
                var brought = await Begin(lab, Exclude());

                await lab.Step("The querier asks about the group with the S flag set");
                var query = await lab.Low.Query(lab.Specific(lab.G1) with { SuppressRouterSideProcessing = true });
                await lab.ExpectShown(lab.G1, Exclude(), TimerLeft.Gmi(null, lab.Timing, brought.Group));
                await End(lab, query, Exclude());
            }) { Timing = SuiteTimers.Unhurried },
        new RouterTest(
            "suppressed-query-lowers-no-source-timer", ["V3-R-6.6.1-04"],
            "A query about sources with the S flag set changes no timer.",
            async lab =>
            {
                var brought = await Begin(lab, Include(lab.S1));

                await lab.Step("The querier asks about the source with the S flag set");
                var query = await lab.Low.Query(lab.Specific(lab.G1, lab.S1) with { SuppressRouterSideProcessing = true });
                await lab.ExpectShown(lab.G1, Include(lab.S1), TimerLeft.Gmi(lab.S1, lab.Timing, brought.Sources));
                await End(lab, query, Include(lab.S1));
            }) { Timing = SuiteTimers.Unhurried },
        Again(
            "query-does-not-prolong-source-timer", "source", lab => Include(lab.S1, lab.S2), lab => lab.Specific(lab.G1, lab.S1),
            lab => Include(lab.S2)),
        Again("query-does-not-prolong-group-timer", "group", _ => Exclude(), lab => lab.Specific(lab.G1), _ => None),
        new RouterTest(
            "query-wakes-no-blocked-source", ["V3-R-6.6.1-06"],
            "A query about a source that is blocked does not start its timer.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartNonQuerier();
                await lab.Bring(lab.G1, Exclude(blocked: [lab.S1]));
                var (blocked, wanted) = (await Stream(lab, lab.S1), await Stream(lab, lab.S2));

                await lab.Step("The querier asks about a blocked source");
                if (blocked is not null)
                    lab.Expect(blocked.On(Bench.Lan).IsSilent());
                if (wanted is not null)
                    lab.Expect(wanted.On(Bench.Lan).HasNoGap());
                await lab.Low.Query(lab.Specific(lab.G1, lab.S1));
                await lab.ExpectShown(lab.G1, Exclude(blocked: [lab.S1]));
                if (blocked is not null)
                    await lab.PassLastMemberQueryTime();
            }) { Timing = Longer, Preferred = ["forward"] },
        new RouterTest(
            "query-creates-no-state", ["V3-R-6.6.1-07"],
            "Queries about groups and sources that the router does not know create no state.",
            async lab =>
            {
                await Begin(lab, Include(lab.S1));
                var stream = lab is { ShowsState: false, Forwards: true }
                    ? await lab.Stream(lab.S1, lab.G9, lasting: 2.Seconds() + lab.Timing.LastMemberQueryTime) : null;

                await lab.Step("The querier asks about a group and a source that nobody has reported");
                if (stream is not null)
                    lab.Expect(stream.On(Bench.Lan).IsSilent());
                await lab.Low.Query(lab.Specific(lab.G9));
                await lab.Low.Query(lab.Specific(lab.G9, lab.S1));
                var query = await lab.Low.Query(lab.Specific(lab.G1, lab.S3));
                await lab.ExpectShown(lab.G1, Include(lab.S1));
                await lab.ExpectShown(lab.G9, None);
                if (!lab.ShowsState)
                {
                    await lab.PassLastMemberQueryTime();
                    await lab.TakeOver(silent: query);
                    await lab.ExpectGroup(lab.G1, Include(lab.S1));
                    await lab.ExpectGroup(lab.G9, None);
                }
            }) { Timing = SuiteTimers.Unhurried, Preferred = ["forward"] },
        new RouterTest(
            "general-query-lowers-nothing", ["V3-R-6.6.1-08"],
            "A General Query changes no group or source timers.",
            async lab =>
            {
                var t = lab.Timing;
                var brought = await Begin(lab, Exclude([lab.S1]));

                await lab.Step("The querier asks all hosts");
                var query = await lab.Low.Query(lab.General);
                await lab.ExpectShown(
                    lab.G1, Exclude([lab.S1]), TimerLeft.Gmi(null, t, brought.Group), TimerLeft.Gmi(lab.S1, t, brought.Sources));
                if (!lab.ShowsState)
                {
                    await lab.TakeOver(silent: query);
                    await lab.ExpectGroup(lab.G1, Exclude([lab.S1]));
                }
            }) { Timing = SuiteTimers.Unhurried },
        new RouterTest(
            "query-of-higher-router", ["V3-R-6.6.1-09"],
            "A query about a group from a router that is not the querier lowers the querier's group timer too, by the letter.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A router with a higher address asks about the group");
                await lab.High.Query(lab.Specific(lab.G1));
                await lab.PassLastMemberQueryTime();
                await lab.Pass(lab.Tolerance);
                var leave = await lab.Host3.Report(ToInclude(lab.G1));
                lab.Observe(await lab.AsksAbout(lab.G1, leave)
                    ? "lowers no timer at the query of a router that is not the querier"
                    : "lowers the group timer at the query of a router that is not the querier");
            }),
    ];

    private static RouterTest Again(
        string name, string what, Func<RouterBench, GroupShape> initial, Func<RouterBench, QueryContent> ask,
        Func<RouterBench, GroupShape> left) => new(
        name, ["V3-R-6.6.1-05"], $"A second query about the same {what} does not prolong a timer that is lower already.",
        async lab =>
        {
            var t = lab.Timing;
            await lab.StartNonQuerier();
            await lab.Bring(lab.G1, initial(lab));
            var stream = await Stream(lab, lab.S1);

            await lab.Step("The querier asks twice");
            var first = await lab.Low.Query(ask(lab));
            if (stream is not null)
                lab.Expect(stream.On(Bench.Lan).Stops(after: t.LastMemberQueryTime, of: first));
            await lab.PassUntil(first, t.LastMemberQueryTime / 2);
            await lab.Low.Query(ask(lab));
            await lab.ExpectShown(lab.G1, initial(lab));
            await lab.PassUntil(first, t.LastMemberQueryTime + (lab.Tolerance / 2));
            await lab.ExpectShown(lab.G1, left(lab));
        }) { Timing = Longer, Preferred = ["forward"] };

    /// <summary>
    /// A stream of a source, where the device does not show its state: no query asks about what has less than a Last Member Query Time left
    /// (RFC 9776 §6.6.3). Null where it shows its state.
    /// </summary>
    private static async Task<DatagramStream?> Stream(RouterBench lab, Address source)
    {
        if (lab.ShowsState)
            return null;
        if (!lab.Forwards)
            throw Bench.CannotBegin("The device neither shows its state nor forwards");
        var stream = await lab.Stream(source, lab.G1, lasting: 4.Seconds() + (2 * lab.Timing.LastMemberQueryTime));
        await lab.Pass(1.Seconds());
        return stream;
    }

    /// <summary>Brings the device to be no querier, and a group to a state, whose timers can be told from new ones by now.</summary>
    private static async Task<(Moment Group, Moment Sources)> Begin(RouterBench lab, GroupShape shape)
    {
        await lab.StartNonQuerier();
        var brought = await lab.Bring(lab.G1, shape);
        if (lab.ShowsState)
            await lab.Pass(lab.Distinguishable);
        return brought;
    }

    /// <summary>Expects a group's state to be this when a timer that a query has lowered is over.</summary>
    private static async Task End(RouterBench lab, Moment query, GroupShape shape)
    {
        await lab.PassUntil(query, lab.Timing.LastMemberQueryTime + lab.Tolerance);
        if (!lab.ShowsState)
            await lab.TakeOver(silent: query);
        await lab.ExpectGroup(lab.G1, shape);
    }

    private static TimerLeft Lowered(RouterBench lab, Address? source, Moment query) =>
        new(source, lab.Timing.LastMemberQueryTime, lab.Timing.LastMemberQueryTime, query);

    // The state has to be read while a timer that was lowered still runs.
    private static Timing Longer(Timing usual) =>
        SuiteTimers.Unhurried(usual) with { LastMemberQueryCount = 4, LastMemberQueryInterval = TimeSpan.FromSeconds(1) };
}
