using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>What a router keeps of a group, and how the reports of several hosts work together (RFC 9776 §6.1, §6.2, §6.4).</summary>
internal static class GroupStateTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "state-has-mode-timers-and-sources", ["V3-R-6.2-01"],
            "A router keeps of each group its filter mode, a group timer and the sources with a timer each, forwarded and blocked ones "
                + "apart.",
            async lab =>
            {
                await lab.StartQuerier();
                var exclude = await lab.Bring(lab.G1, Exclude([lab.S1], [lab.S2]));
                await lab.Bring(lab.G2, Exclude([lab.S1], [lab.S2]));
                var include = await lab.Bring(lab.G(3), Include(lab.S1, lab.S2));
                await lab.ExpectShown(
                    lab.G1, Exclude([lab.S1], [lab.S2]), TimerLeft.Gmi(null, lab.Timing, exclude.Group),
                    TimerLeft.Gmi(lab.S1, lab.Timing, exclude.Sources));
                await lab.ExpectGroup(lab.G(3), Include(lab.S1, lab.S2), TimerLeft.Gmi(lab.S1, lab.Timing, include.Sources));
                await lab.ExpectGroups(lab.G1, lab.G2, Exclude([lab.S1], [lab.S2]));
            }),
        new RouterTest(
            "state-is-that-of-a-network", ["V3-R-6.2-01"],
            "What is reported on one LAN makes no state on another.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Sources.Report(IsExclude(lab.G1));
                await lab.Settle();

                await lab.Step("The same on the LAN that is tested, for another group");
                var report = await lab.Host1.Report(IsExclude(lab.G2));
                await lab.ExpectMode(lab.G2, FilterMode.Exclude);
                await lab.ExpectMode(lab.G1, null);
            }),
        new RouterTest(
            "reports-keep-a-group", ["V3-R-6.1-02"],
            "A group whose member answers every General Query goes on for longer than the Group Membership Interval; each answer renews "
                + "its timer.",
            async lab =>
            {
                await lab.StartQuerier();
                var begin = (await lab.Bring(lab.G1, Exclude())).Group;
                for (var last = begin; last.At < begin.At + lab.Timing.GroupMembershipInterval;)
                {
                    var since = lab.Now;
                    if (await lab.Seen(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), since, lab.Timing.QueryInterval) is null)
                        throw Bench.CannotBegin("The device does not query");
                    await lab.Pass(lab.Timing.QueryResponseInterval / 2);
                    last = await lab.Host1.Report(IsExclude(lab.G1));
                    await lab.Settle();
                    await lab.ExpectShown(lab.G1, Exclude(), TimerLeft.Gmi(null, lab.Timing, last));
                }

                await lab.ExpectMode(lab.G1, FilterMode.Exclude);
            }),
        new RouterTest(
            "exclude-mode-prevails", ["V3-R-6.2.1-01"],
            "One host in EXCLUDE mode makes the group one in EXCLUDE mode, and what hosts in INCLUDE mode report does not change that.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1));

                await lab.Step("A host reports EXCLUDE mode, others INCLUDE mode");
                await lab.Host2.Report(IsExclude(lab.G1));
                await lab.Settle();
                await lab.ExpectModeShown(lab.G1, FilterMode.Exclude);
                foreach (var record in (RecordContent[])[IsInclude(lab.G1, lab.S1), Allow(lab.G1, lab.S2), ToInclude(lab.G1, lab.S1)])
                {
                    var report = await lab.Host1.Report(record);
                    if (record.Type == RecordType.ToInclude)
                    {
                        await lab.Asked(lab.G1, report);
                        await lab.Host2.Report(IsExclude(lab.G1));
                    }

                    await lab.Settle();
                    await lab.ExpectModeShown(lab.G1, FilterMode.Exclude);
                }

                await lab.PassLastMemberQueryTime();
                await lab.ExpectMode(lab.G1, FilterMode.Exclude);
            }),
        new RouterTest(
            "exclude-mode-has-two-sets", ["V3-R-6.2.1-02"],
            "In EXCLUDE mode sources that nobody wants are blocked, and one of them that somebody asks for is forwarded from then on.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.ReportAlike(lab.Host1, IsExclude(lab.G1, lab.S1, lab.S2), lab.G2);
                await lab.ExpectShown(lab.G1, Exclude(blocked: [lab.S1, lab.S2]));
                await lab.ReportAlike(lab.Host2, IsInclude(lab.G1, lab.S1), lab.G2);
                await lab.Settle();
                await lab.ExpectGroups(lab.G1, lab.G2, Exclude([lab.S1], [lab.S2]));
            }),
        new RouterTest(
            "records-are-taken-in-their-order", ["V3-R-6.4-01"],
            "Several records for one group in a report are applied one after the other.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(
                    IsExclude(lab.G(3), lab.S1), Allow(lab.G(3), lab.S1),
                    Allow(lab.G(4), lab.S1), IsExclude(lab.G(4), lab.S1),
                    Allow(lab.G(5), lab.S1), IsExclude(lab.G(5)),
                    IsExclude(lab.G(6)), Allow(lab.G(6), lab.S1));
                await lab.Settle();
                await lab.ExpectGroup(lab.G(3), Exclude([lab.S1]));
                await lab.ExpectGroup(lab.G(4), Exclude([lab.S1]));
                await lab.ExpectGroup(lab.G(5), Exclude());
                await lab.ExpectGroup(lab.G(6), Exclude([lab.S1]));
            }),
        Isolated(
            "groups-are-apart", "A block in one group changes nothing about another with the same sources, and nothing is asked there.",
            lab => lab.G2),
        Isolated(
            "groups-of-one-ethernet-address-are-apart",
            "A block in one group changes nothing about another with the same sources and the same Ethernet address.",
            lab => lab.Plan.SameMacAsFirst),
        new RouterTest(
            "exclude-lists-meet", ["V3-R-6.4.1-21"],
            "Of two hosts with different lists of unwanted sources, only what both do not want is blocked.",
            async lab =>
            {
                var (first, second) = (Exclude([lab.S1], [lab.S2]), Exclude([lab.S3], [lab.S2]));
                await lab.StartQuerier();
                var begin = lab.Now;
                await Report(lab.Host1, lab.S1, lab.S2);
                while (lab.Now.At < begin.At + lab.Timing.GroupMembershipInterval)
                {
                    await Report(lab.Host2, lab.S2, lab.S3);
                    await lab.ExpectShown(lab.G1, second);
                    await lab.Pass(lab.Timing.QueryResponseInterval / 2);
                    await Report(lab.Host1, lab.S1, lab.S2);
                    await lab.ExpectShown(lab.G1, first);
                    await lab.Pass(lab.Timing.QueryInterval - (lab.Timing.QueryResponseInterval / 2));
                }

                await lab.ExpectGroups(lab.G1, lab.G2, first);

                async Task Report(Lab.Scenarios.Testers.Station host, params Address[] sources)
                {
                    await lab.ReportAlike(host, IsExclude(lab.G1, sources), lab.G2);
                    await lab.Settle();
                }
            }),
        new RouterTest(
            "include-and-exclude-of-a-source-meet", ["V3-R-6.4.1-22"],
            "A source that one host wants and another does not is never blocked.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.ReportAlike(lab.Host1, IsExclude(lab.G1, lab.S1), lab.G2);
                var begin = lab.Now;
                while (lab.Now.At < begin.At + lab.Timing.GroupMembershipInterval)
                {
                    await lab.ReportAlike(lab.Host2, IsInclude(lab.G1, lab.S1), lab.G2);
                    await lab.Settle();
                    await lab.ExpectShown(lab.G1, Exclude([lab.S1]));
                    await lab.ReportAlike(lab.Host1, IsExclude(lab.G1, lab.S1), lab.G2);
                    await lab.Settle();
                    await lab.ExpectShown(lab.G1, Exclude([lab.S1]));
                    await lab.Pass(lab.Timing.QueryInterval);
                }

                await lab.ExpectGroups(lab.G1, lab.G2, Exclude([lab.S1]));
            }),
        .. Current,
        new RouterTest(
            "many-groups-and-sources-cost-a-member-nothing", ["V3-R-9.2-06"],
            "Thousands of groups, and thousands of sources of one group, that somebody makes up cost a member of another group nothing.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("Somebody reports thousands of groups and sources");
                const int Messages = 20;
                for (var i = 0; i < Messages; i++)
                {
                    await lab.Host2.Report(
                        [.. Enumerable.Range(1, 150).Select(each => IsExclude(lab.Plan.MadeUpGroup((i * 150) + each)))]);
                    await lab.Host2.Report(
                        Allow(lab.G2, [.. Enumerable.Range(1, 300).Select(each => lab.Plan.MadeUpSource((i * 300) + each))]));
                }

                await lab.Settle();

                // To read a state of so many groups takes some devices too long.
                await lab.Step("The other group's member leaves: it is still asked about");
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                lab.Expect(
                    Query(lab.G1).From(lab.Device).On(Bench.Lan), leave, times: Times.Between(1, lab.Timing.LastMemberQueryCount),
                    every: lab.Timing.LastMemberQueryInterval);
            }) { Timing = SuiteTimers.Unhurried },
        new RouterTest(
            "interface-that-was-down", ["V3-R-6-05"],
            "Reports whether groups are forgotten, and queries begin anew, when the interface goes down and comes up again.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("The interface goes down, and up again");
                await lab.SetLink(up: false);
                await lab.Settle();
                var up = await lab.SetLink(up: true);
                var query = await lab.Seen(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), up, lab.Timing.StartupQueryInterval);
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                var keeps = await lab.Seen(QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), leave, lab.Tolerance) is not null;
                lab.Observe(
                    $"{(keeps ? "keeps" : "forgets")} its groups when the interface goes down, and "
                    + $"{(query is not null ? "queries at once" : "does not query at once")} when it is up again");
            }),
    ];

    /// <summary>Current-state records, none of which is asked about.</summary>
    private static IEnumerable<ConformanceTest> Current =>
    [
        NotAsked("a-source-is-asked-for", lab => Include(lab.S1, lab.S2), lab => IsInclude(lab.G1, lab.S1)),
        NotAsked("exclude-mode-begins", lab => Include(lab.S1, lab.S2), lab => IsExclude(lab.G1, lab.S3)),
        NotAsked("a-source-is-blocked", lab => Include(lab.S1, lab.S2), lab => IsExclude(lab.G1, lab.S1)),
        NotAsked("a-source-of-x-is-blocked", lab => Exclude([lab.S1], [lab.S2]), lab => IsExclude(lab.G1, lab.S1, lab.S3)),
        NotAsked("a-blocked-source-is-blocked", lab => Exclude([lab.S1], [lab.S2]), lab => IsExclude(lab.G1, lab.S2)),
        NotAsked("a-new-source-is-asked-for", lab => Exclude([lab.S1], [lab.S2]), lab => IsInclude(lab.G1, lab.S3)),
        NotAsked("nothing-is-asked-for", lab => Exclude([lab.S1], [lab.S2]), lab => IsInclude(lab.G1)),
        NotAsked("every-source-is-asked-for", lab => Exclude([lab.S1], [lab.S2]), lab => IsExclude(lab.G1)),
    ];

    private static RouterTest NotAsked(string when, Func<RouterBench, GroupShape> before, Func<RouterBench, RecordContent> current) =>
        new(
            $"current-state-is-not-asked-about-when-{when}", ["V3-R-6.1-04"],
            "A report of a host's current state causes no query.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, before(lab));

                await lab.Step("A host reports its current state");
                var report = await lab.Host2.Report(current(lab));
                lab.ExpectNoQueries(lab.G1, report);
                await lab.PassLastMemberQueryTime();

                await lab.ShowHearing();
            });

    private static RouterTest Isolated(string name, string purpose, Func<RouterBench, Address> other) =>
        LastingTest.Lasting(name, ["V3-R-6.4-02"], purpose, async lab =>
        {
            await lab.StartQuerier();
            await lab.Host1.Report(Allow(lab.G1, lab.S1, lab.S2));
            var brought = await lab.Host1.Report(Allow(other(lab), lab.S1, lab.S2));
            await lab.Settle();
            await lab.ExpectShown(lab.G1, Include(lab.S1, lab.S2));
            await lab.ExpectShown(other(lab), Include(lab.S1, lab.S2));
            await lab.Pass(lab.Distinguishable);

            await lab.Step("A host blocks a source in the one group");
            var block = await lab.Host1.Report(Block(lab.G1, lab.S1));
            await lab.Asked(lab.G1, block);
            lab.ExpectNoQueries(other(lab), block);
            await lab.PassUntil(block, lab.Timing.LastMemberQueryTime + (2 * lab.Tolerance));
            await lab.ExpectGroup(other(lab), Include(lab.S1, lab.S2), TimerLeft.Gmi(lab.S1, lab.Timing, brought));
        });
}
