using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>
/// What a router that is not the querier makes of reports (RFC 9776 §6.4.2, §8.4): it keeps the state, asks nothing, and lowers no timer by
/// itself.
/// </summary>
internal static class NonQuerierTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        AsksNothing("nonquerier-asks-nothing-after-leave", "a leave", _ => Exclude(), lab => ToInclude(lab.G1)),
        AsksNothing(
            "nonquerier-asks-nothing-after-block", "a block", lab => Include(lab.S1, lab.S2), lab => Block(lab.G1, lab.S1)),
        AsksNothing(
            "nonquerier-asks-nothing-after-block-in-exclude-mode", "a block in EXCLUDE mode", _ => Exclude(),
            lab => Block(lab.G1, lab.S1)),
        new RouterTest(
            "nonquerier-applies-reports", ["V3-R-6.4.2-06"],
            "A router that is not the querier applies what the state table says of new sources and modes, without its queries.",
            async lab =>
            {
                await StartBeforeTakingOver(lab);
                await lab.Bring(lab.G1, Include(lab.S1));

                await lab.Step("Hosts ask for more");
                var report = await lab.Host1.Report(ToExclude(lab.G1, lab.S1, lab.S2));
                await lab.Host1.Report(ToInclude(lab.G2, lab.S1));
                lab.ExpectNoQueries(lab.G1, report);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G1, Exclude([lab.S1], [lab.S2]));
                await lab.ExpectShown(lab.G2, Include(lab.S1));
                await lab.TakesOver();
                await lab.ExpectGroup(lab.G1, Exclude([lab.S1], [lab.S2]));
            }),
        KeepsTimers(
            "nonquerier-keeps-timers-after-block", "a block", lab => Include(lab.S1, lab.S2), lab => Block(lab.G1, lab.S1), lab => lab.S1),
        KeepsTimers("nonquerier-keeps-timers-after-leave", "a leave", _ => Exclude(), lab => ToInclude(lab.G1), _ => null),
        new RouterTest(
            "new-sources-take-the-group-timer-from-before", ["V3-R-6.4.2-49"],
            "Sources that a TO_EX in EXCLUDE mode adds get what was left of the group timer, and then the group timer is renewed.",
            async lab =>
            {
                await lab.StartNonQuerier();
                var brought = await lab.Bring(lab.G1, Exclude());
                // Longer by what a probe needs of a source timer.
                await lab.Pass(lab.Distinguishable + lab.Timing.LastMemberQueryTime);

                await lab.Step("TO_EX names a source that the router does not know");
                var report = await lab.Host1.Report(ToExclude(lab.G1, lab.S1));
                await lab.Settle();
                await lab.ExpectShown(
                    lab.G1, Exclude([lab.S1]), TimerLeft.Gmi(lab.S1, lab.Timing, brought.Group), TimerLeft.Gmi(null, lab.Timing, report));
                // Then it can be asked.
                if (!lab.ShowsState)
                    await lab.TakesOver();
                await lab.PassUntil(brought.Group, lab.Timing.GroupMembershipInterval + lab.Tolerance);
                await lab.ExpectShown(lab.G1, Exclude(blocked: [lab.S1]));
                if (!lab.ShowsState)
                    await lab.ExpectBlocked(lab.G1, Exclude(blocked: [lab.S1]));
            }) { Timing = SuiteTimers.Unhurried },
        new RouterTest(
            "nonquerier-adopts-rv-and-qi-for-gmi", ["V3-R-8.4-02"],
            "A router that is not the querier reckons the Group Membership Interval with the Robustness Variable and the Query Interval "
                + "that the querier announces.",
            async lab =>
            {
                var (robustness, interval) = (lab.Timing.RobustnessVariable + 1, lab.Timing.QueryInterval / 2);
                var adopted = lab.General with { RobustnessVariable = robustness, QueryInterval = interval };
                await lab.StartNonQuerier();
                await lab.Low.Query(adopted);
                await lab.Settle();

                await lab.Step("A host reports a group");
                var report = await lab.ReportAlike(lab.Host1, IsExclude(lab.G1), lab.G2);
                await lab.Settle();
                // Either RFC's.
                var (least, most) = (
                    (robustness * interval) + lab.Timing.QueryResponseInterval,
                    (robustness * interval) + (2 * lab.Timing.QueryResponseInterval));
                await lab.ExpectShown(lab.G1, Exclude(), new TimerLeft(null, least, most, report));
                if (lab.ShowsState)
                    return;

                // The device is the querier again shortly before the group ends.
                await lab.TakesOver((robustness * interval) + (lab.Timing.QueryResponseInterval / 2));
                await lab.ExpectMode(lab.G1, FilterMode.Exclude);
                await lab.PassUntil(report, most + lab.Tolerance);
                await lab.ExpectMode(lab.G2, null);
            }) { Timing = usual => usual with { QueryInterval = 2 * usual.QueryInterval } },
    ];

    /// <summary>
    /// Starts the device as a router that is not the querier, but will be soon: then what is reported now is still there, and can be asked
    /// for.
    /// </summary>
    private static async Task StartBeforeTakingOver(RouterBench lab)
    {
        await lab.StartNonQuerier();
        await lab.Pass(lab.Timing.QueryInterval);
    }

    private static RouterTest AsksNothing(
        string name, string what, Func<RouterBench, GroupShape> before, Func<RouterBench, RecordContent> change) =>
        new(name, ["V3-R-6.4.2-06"], $"A router that is not the querier does not ask about {what}.", async lab =>
        {
            await lab.StartNonQuerier();
            await lab.Bring(lab.G1, before(lab));

            await lab.Step("Something is given up; another router is the querier");
            var report = await lab.Host1.Report(change(lab));
            lab.ExpectNoQueries(lab.G1, report);
            await lab.PassLastMemberQueryTime();

            await lab.Step("The device is the querier again, and does ask");
            await lab.TakesOver();
            await lab.Bring(lab.G2, before(lab));
            var control = await lab.Host1.Report(change(lab) with { Group = lab.G2 });
            await lab.Asked(lab.G2, control, lab.Timing.LastMemberQueryTime);
        });

    private static RouterTest KeepsTimers(
        string name, string what, Func<RouterBench, GroupShape> before, Func<RouterBench, RecordContent> change,
        Func<RouterBench, Address?> kept) =>
        new(
            name, ["V3-R-6.4.2-07"],
            $"A router that is not the querier does not lower its timers because of {what}: it waits for the querier's query.",
            async lab =>
            {
                await StartBeforeTakingOver(lab);
                var brought = await lab.Bring(lab.G1, before(lab));

                await lab.Step("Something is given up; the querier does not ask");
                await lab.Host1.Report(change(lab));
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G1, before(lab), TimerLeft.Gmi(kept(lab), lab.Timing, brought.Group));
                if (lab.ShowsState)
                    return;

                await lab.TakesOver();
                await lab.ExpectGroup(lab.G1, before(lab));
            });
}
