using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>
/// Members of older versions and the Group Compatibility Mode (RFC 9776 §7.3.2). The mode shows itself by what is ignored: with a member of
/// version 2 a BLOCK, with one of version 1 a leave too. What would otherwise be asked about is done to a second group that has no such
/// member.
/// </summary>
internal static class OlderHostTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "older-member-affects-its-group-only", ["V3-X-7.3.2-01"],
            "Each group has a compatibility mode of its own: a member of version 2 changes that of its group, and no other.",
            async lab =>
            {
                await Begin(lab);
                if (!await Asks(lab, lab.G2, Block(lab.G2, lab.S2)))
                    throw Bench.CannotBegin("The device does not ask about a source that is blocked");
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);

                await lab.Step("A host blocks a source of this group and of another");
                var block = await lab.Host2.Report(Block(lab.G1, lab.S1), Block(lab.G2, lab.S1));
                lab.ExpectNoQueries(lab.G1, since: block);
                await lab.ExpectSoon(QueryAbout(lab.G2, lab.S1).From(lab.Device).On(Bench.Lan), block, TimeSpan.Zero);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G1, Exclude());
            }),
        new RouterTest(
            "older-member-is-remembered", ["V3-X-7.3.2-02"],
            "A report of version 2 keeps its group in that mode for the Older Host Present Interval.",
            async lab =>
            {
                await Begin(lab);
                var report = await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.PassUntil(report, lab.Timing.OlderHostPresentInterval / 2);

                await lab.Step("A host blocks a source, long after the report");
                await ExpectIgnored(lab, group => Block(group, lab.S1));
            }),
        new RouterTest(
            "version-1-member-is-remembered", ["V3-X-7.3.2-03"],
            "A report of version 1 keeps its group in that mode for the Older Host Present Interval.",
            async lab =>
            {
                await Begin(lab);
                var report = await lab.Host1.OlderReport(Generation.Reports, lab.G1);
                await lab.PassUntil(report, lab.Timing.OlderHostPresentInterval / 2);

                await lab.Step("A host leaves, long after the report");
                await ExpectIgnored(lab, group => ToInclude(group));
            }),
        new RouterTest(
            "older-host-present-interval", ["V3-R-8.13-01"],
            "The Older Host Present Interval is Robustness Variable times Query Interval plus a Query Response Interval.",
            async lab =>
            {
                var t = lab.Timing;
                var near = lab.Tolerance + 50.Milliseconds();
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                var report = await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                if (await Asks(lab, lab.G1, Block(lab.G1, lab.S1)))
                    throw Bench.CannotBegin("The device has no compatibility mode of version 2");
                await lab.PassUntil(report, t.OlderHostPresentInterval / 2);
                await lab.Host2.Report(IsExclude(lab.G1));

                await lab.Step("A host blocks a source just before the interval is over");
                await lab.PassUntil(report, t.OlderHostPresentInterval - near);
                var early = await lab.Host2.Report(Block(lab.G1, lab.S1));
                if (early.At - report.At > t.OlderHostPresentInterval - (near / 2))
                    throw Bench.CannotBegin("The machine was too slow to tell");
                lab.ExpectNoQueries(lab.G1, since: early);
                await lab.PassUntil(report, t.OlderHostPresentInterval + near);

                await lab.Step("A host blocks a source just after the interval");
                var late = await lab.Host2.Report(Block(lab.G1, lab.S2));
                await lab.ExpectSoon(QueryAbout(lab.G1, lab.S2).From(lab.Device).On(Bench.Lan), late, TimeSpan.Zero);
            }),
        new RouterTest(
            "older-versions-take-turns", ["V3-X-7.3.2-04"],
            "A group with members of both older versions is in that of version 1 while it has one, and then in that of version 2.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                var oldest = await lab.Host2.OlderReport(Generation.Reports, lab.G1);
                if (await Asks(lab, lab.G1, ToInclude(lab.G1)))
                    throw Bench.CannotBegin("The device has no compatibility mode of version 1");
                for (var after = t.QueryInterval; after < t.OlderHostPresentInterval; after += t.QueryInterval)
                {
                    await lab.PassUntil(oldest, after);
                    await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                }

                await lab.Step("A host leaves before the time of version 1 is over");
                var leave = await lab.Host3.Report(ToInclude(lab.G1));
                if (leave.At - oldest.At > t.OlderHostPresentInterval - lab.Tolerance)
                    throw Bench.CannotBegin("The machine was too slow to tell");
                lab.ExpectNoQueries(lab.G1, since: leave);
                await lab.PassUntil(oldest, t.OlderHostPresentInterval + (t.QueryInterval / 4));

                await lab.Step("A host blocks a source when it is over");
                var block = await lab.Host3.Report(Block(lab.G1, lab.S1));
                lab.ExpectNoQueries(lab.G1, since: block);
                await lab.PassLastMemberQueryTime();

                await lab.Step("A host leaves");
                var heard = await lab.Host3.Report(ToInclude(lab.G1));
                await lab.ExpectSoon(QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), heard, TimeSpan.Zero);
            }),
        new RouterTest(
            "group-returns-to-current-version", ["V3-X-7.3.2-05"],
            "A group whose members of older versions are gone is in the mode of version 3 again.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                var report = await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                if (await Asks(lab, lab.G1, Block(lab.G1, lab.S1)))
                    throw Bench.CannotBegin("The device has no compatibility mode of version 2");
                await lab.PassUntil(report, t.OlderHostPresentInterval / 2);
                await lab.Host2.Report(IsExclude(lab.G1));
                await lab.PassUntil(report, t.OlderHostPresentInterval + t.QueryResponseInterval);
                // What ends within a Last Member Query Time would not be asked about.
                await lab.Host2.Report(IsExclude(lab.G1));

                await lab.Step("A host blocks a source when the other has long been silent");
                // How long exactly this takes is another question.
                await lab.PassUntil(report, t.OlderHostPresentInterval + (2 * t.QueryResponseInterval));
                var block = await lab.Host2.Report(Block(lab.G1, lab.S2));
                await lab.ExpectSoon(QueryAbout(lab.G1, lab.S2).From(lab.Device).On(Bench.Lan), block, TimeSpan.Zero);
            }),
        new RouterTest(
            "older-member-counts-at-once", ["V3-X-7.3.2-06"],
            "The compatibility mode of a group changes as soon as a report of an older version comes.",
            async lab =>
            {
                await lab.StartQuerier();
                foreach (var group in new[] { lab.G1, lab.G2 })
                    await lab.Bring(group, Exclude(blocked: [lab.S1]));

                await lab.Step("A report of version 2, and at once a host that blocks a source");
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await ExpectIgnored(lab, group => Block(group, lab.S2));
            }),
        ReportIsExclude("older-report-in-include-mode", "V3-X-7.3.2-07", Generation.Leaves, lab => Include(lab.S1)),
        ReportIsExclude("older-report-in-exclude-mode", "V3-X-7.3.2-07", Generation.Leaves, lab => Exclude([lab.S1], [lab.S2])),
        new RouterTest(
            "older-leave-is-asked-about", ["V3-X-7.3.2-08"],
            "A leave of version 2 is one of version 3: the group is asked about, and ends when nobody answers.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);

                await lab.Step("The host leaves, and nobody answers");
                var leave = await lab.Host1.OlderLeave(lab.G1);
                var queries = QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan);
                // How often is another question.
                await lab.ExpectSoon(queries.Where("without sources", frame => frame.Query!.Sources.Count == 0), leave, TimeSpan.Zero);
                lab.ExpectNone(queries.Where("with sources", frame => frame.Query!.Sources.Count > 0), since: leave, atOnce: true);
                await lab.PassUntil(leave, lab.Timing.LastMemberQueryTime + lab.Tolerance);
                await lab.Step("The group has ended");
                await lab.ExpectGroup(lab.G1, None);
            }),
        new RouterTest(
            "block-with-older-member", ["V3-X-7.3.2-09"],
            "With a member of version 2 a BLOCK is ignored.",
            async lab =>
            {
                await Begin(lab);
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);

                await lab.Step("A host blocks a source");
                await ExpectIgnored(lab, group => Block(group, lab.S1));
                await lab.ExpectGroup(lab.G1, Exclude());
            }),
        new RouterTest(
            "exclude-list-with-older-member", ["V3-X-7.3.2-10"],
            "With a member of version 2 the sources of a TO_EX are ignored.",
            async lab =>
            {
                await Begin(lab);
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.Pass(lab.Distinguishable);

                await lab.Step("A host excludes sources");
                var change = await ExpectIgnored(lab, group => ToExclude(group, lab.S1, lab.S2));
                await lab.ExpectShown(lab.G1, Exclude(), TimerLeft.Gmi(null, lab.Timing, change));
                await lab.ExpectGroup(lab.G1, Exclude());
            }) { Timing = SuiteTimers.Unhurried },
        new RouterTest(
            "excluding-answer-with-older-member", ["V3-X-7.3.2-11"],
            "With a member of version 2 the sources of an IS_EX count, by the letter.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.Host2.Report(IsExclude(lab.G1, lab.S1));

                await lab.Step("A host leaves: the queries tell the sources");
                var leave = await lab.Host3.Report(ToInclude(lab.G1));
                lab.Observe(await lab.Seen(QueryAbout(lab.G1, lab.S1).From(lab.Device), leave, lab.Timing.LastMemberQueryInterval) is null
                    ? "ignores the sources of an IS_EX where a member is of version 2"
                    : "takes the sources of an IS_EX where a member is of version 2");
            }),
        new RouterTest(
            "allow-and-leave-with-older-member", ["V3-X-7.3.2-12"],
            "With a member of version 2 ALLOW, IS_IN and TO_IN count as without one.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);

                await lab.Step("Hosts ask for sources");
                await lab.Host2.Report(Allow(lab.G1, lab.S1));
                await lab.Host2.Report(IsInclude(lab.G1, lab.S2));
                await lab.ExpectShown(lab.G1, Exclude([lab.S1, lab.S2]));

                await lab.Step("A host changes to a list");
                var change = await lab.Host2.Report(ToInclude(lab.G1, lab.S1, lab.S2, lab.S3));
                await lab.ExpectSoon(Query(lab.G1).From(lab.Device).On(Bench.Lan), change, TimeSpan.Zero);
                await lab.ExpectShown(lab.G1, Exclude([lab.S1, lab.S2, lab.S3]));
                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.G1, Include(lab.S1, lab.S2, lab.S3));
            }),
        IgnoredInVersion1("leave-with-version-1-member", "a leave", (_, group) => ToInclude(group)),
        IgnoredInVersion1("include-list-with-version-1-member", "a TO_IN", (lab, group) => ToInclude(group, lab.S1)),
        IgnoredInVersion1("block-with-version-1-member", "a BLOCK", (lab, group) => Block(group, lab.S1)),
        IgnoredInVersion1(
            "exclude-list-with-version-1-member", "the list of a TO_EX", (lab, group) => ToExclude(group, lab.S1), renews: true),
        new RouterTest(
            "older-leave-with-version-1-member", ["V3-X-7.3.2-13"],
            "With a member of version 1 a leave of version 2 is ignored.",
            async lab =>
            {
                await Begin(lab);
                await lab.Host1.OlderReport(Generation.Reports, lab.G1);

                await lab.Step("Hosts leave this group, and one that has no such member");
                var leave = await lab.Host2.OlderLeave(lab.G1);
                lab.ExpectNoQueries(lab.G1, since: leave);
                var control = await lab.Host2.OlderLeave(lab.G2);
                if (!await lab.AsksAbout(lab.G2, control))
                    throw Bench.CannotBegin("The device does not ask about leaves of version 2");
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G1, Exclude());
            }),
        ReportIsExclude("version-1-report-in-include-mode", "V3-X-7.3.2-14", Generation.Reports, lab => Include(lab.S1)),
        ReportIsExclude("version-1-report-in-exclude-mode", "V3-X-7.3.2-14", Generation.Reports, lab => Exclude([lab.S1], [lab.S2])),
        ReportIsExclude(
            "older-report-with-version-1-member", "V3-X-7.3.2-14", Generation.Leaves, lab => Exclude([lab.S1]),
            before: Generation.Reports),
        new RouterTest(
            "sources-are-learnt-again", ["V3-X-7.3.2-15"],
            "Back in version 3 the sources come from the next answers: what is excluded is blocked a Group Membership Interval later.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                var report = await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.PassUntil(report, t.OlderHostPresentInterval / 2);
                await lab.Host2.Report(IsExclude(lab.G1));

                await lab.Step("When the member of version 2 is gone, a host answers that it excludes a source");
                await lab.PassUntil(report, t.OlderHostPresentInterval + (t.QueryInterval / 4));
                var first = await lab.Host2.Report(IsExclude(lab.G1, lab.S1));
                await lab.ExpectShown(lab.G1, Exclude([lab.S1]), TimerLeft.Gmi(lab.S1, t, first));
                for (var after = t.QueryInterval; after < t.GroupMembershipInterval; after += t.QueryInterval)
                {
                    await lab.PassUntil(first, after);
                    await lab.Host2.Report(IsExclude(lab.G1, lab.S1));
                }

                await lab.Step("A Group Membership Interval later the source is blocked");
                await lab.PassUntil(first, t.GroupMembershipInterval + lab.Tolerance);
                await lab.ExpectShown(lab.G1, Exclude(blocked: [lab.S1]));
                if (!lab.ShowsState)
                    await lab.ExpectBlocked(lab.G1, Exclude(blocked: [lab.S1]));
            }),
        new RouterTest(
            "mixed-members-get-everything", ["V3-X-7.3.2-16"],
            "While a group has a member of version 2, a source that a member of version 3 excludes is forwarded.",
            async lab =>
            {
                var t = lab.Timing;
                var lasting = t.GroupMembershipInterval + t.QueryInterval;
                await lab.StartQuerier();
                var stream = await lab.Stream(lab.S1, lab.G1, lasting: lasting + 2.Seconds());
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                await lab.Host2.Report(ToExclude(lab.G1, lab.S1));
                await lab.Pass(1.Seconds());

                await lab.Step("Both answer whenever they are asked");
                var begin = lab.Now;
                lab.Expect(stream.On(Bench.Lan).HasNoGap());
                for (var after = TimeSpan.Zero; after < lasting; after += t.QueryInterval)
                {
                    await lab.PassUntil(begin, after);
                    await lab.Host2.Report(IsExclude(lab.G1, lab.S1));
                    await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                }
            }) { Options = ["forward"] },
        new RouterTest(
            "leave-to-the-group", ["V3-X-9-01"],
            "A leave of version 2 that is sent to the group, and not to all routers, is accepted.",
            async lab =>
            {
                await Begin(lab);
                foreach (var group in new[] { lab.G1, lab.G2 })
                    await lab.Host1.OlderReport(Generation.Leaves, group);

                await lab.Step("A host leaves, to the group");
                var leave = await lab.Host1.OlderLeave(lab.G1, packet => packet with { Destination = lab.G1 });
                var asks = await lab.AsksAbout(lab.G1, leave);
                if (!asks)
                {
                    var control = await lab.Host1.OlderLeave(lab.G2);
                    if (!await lab.AsksAbout(lab.G2, control))
                        throw Bench.CannotBegin("The device does not ask about leaves of version 2");
                }

                await lab.Check(Bench.DeviceName, "it asks about the group", asks ? null : "it asks about leaves to all routers only");
            }),
        new RouterTest(
            "leave-without-member", ["V3-X-3-06"],
            "A leave of version 2 for a group without members is ignored.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("Hosts leave a group without members, and one with some");
                var leave = await lab.Host1.OlderLeave(lab.G9);
                lab.ExpectNoQueries(lab.G9, since: leave);
                var control = await lab.Host1.OlderLeave(lab.G1);
                if (!await lab.AsksAbout(lab.G1, control))
                    throw Bench.CannotBegin("The device does not ask about leaves of version 2");
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G9, None);
            }),
        new RouterTest(
            "version-1-report-second-octet", ["V3-X-App.I-01"],
            "The second octet of a report of version 1 is not looked at.",
            async lab =>
            {
                await lab.StartQuerier();
                if (lab.ShowsState)
                {
                    await lab.Host1.OlderReport(Generation.Reports, lab.G2);
                    if (!await lab.Shows(lab.G2, Exclude()))
                        throw Bench.CannotBegin("The device does not accept reports of version 1");
                }

                var stream = await Unwanted(lab, lab.S1);

                await lab.Step("A report of version 1 with something there");
                var report = await lab.Host1.OlderReport(Generation.Reports, lab.G1, packet => packet.With(bytes => bytes[1] = 0x55));
                if (stream is not null)
                    lab.Expect(stream.On(Bench.Lan).Starts(within: 1.Seconds(), of: report));
                await lab.ExpectShown(lab.G1, Exclude());
            }) { Preferred = ["forward"] },
    ];

    /// <summary>A report of an older version makes any group EXCLUDE ({}, {}).</summary>
    private static RouterTest ReportIsExclude(
        string name, string requirement, Generation generation, Func<RouterBench, GroupShape> initial, Generation? before = null) => new(
        name, [requirement],
        $"A report of {(generation == Generation.Leaves ? "version 2" : "version 1")}{(before is null ? "" : " after one of version 1")} "
            + "counts as an IS_EX without sources.",
        async lab =>
        {
            await lab.StartQuerier();
            if (before is { } older)
                await lab.Host1.OlderReport(older, lab.G1);
            var shape = initial(lab);
            await lab.Bring(lab.G1, shape);
            var stream = await Unwanted(lab, shape.Mode == FilterMode.Include ? lab.S3 : shape.Blocked.Cast<Address?>().FirstOrDefault());
            if (stream is null)
                await lab.Pass(lab.Distinguishable);

            await lab.Step("A report of an older version comes");
            var report = await lab.Host1.OlderReport(generation, lab.G1);
            lab.ExpectNoQueries(lab.G1, since: report);
            if (stream is not null)
                lab.Expect(stream.On(Bench.Lan).Starts(within: 1.Seconds(), of: report));
            await lab.ExpectShown(lab.G1, Exclude(), TimerLeft.Gmi(null, lab.Timing, report));
            await lab.PassLastMemberQueryTime();
        }) { Preferred = ["forward"], Timing = SuiteTimers.Unhurried };

    /// <summary>
    /// A stream of a source that nobody wants yet, where the device does not show its state; null where it does. With a member of version 1
    /// no query tells anything.
    /// </summary>
    private static async Task<DatagramStream?> Unwanted(RouterBench lab, Address? source)
    {
        if (lab.ShowsState)
            return null;
        if (!lab.Forwards || source is null)
            throw Bench.CannotBegin("The device does not show its state, and what it forwards does not tell");
        var stream = await lab.Stream(source.Value, lab.G1, lasting: 8.Seconds());
        await lab.Pass(1.Seconds());
        return stream;
    }

    private static RouterTest IgnoredInVersion1(
        string name, string what, Func<RouterBench, Address, RecordContent> record, bool renews = false) => new(
        name, ["V3-X-7.3.2-13"], $"With a member of version 1 {what} is ignored.",
        async lab =>
        {
            await Begin(lab);
            await lab.Host1.OlderReport(Generation.Reports, lab.G1);
            await lab.Pass(lab.Distinguishable);

            await lab.Step("A host reports");
            var report = await ExpectIgnored(lab, group => record(lab, group));
            TimerLeft[] timers = renews ? [TimerLeft.Gmi(null, lab.Timing, report)] : [];
            await lab.ExpectShown(lab.G1, Exclude(), timers);
        }) { Timing = SuiteTimers.Unhurried };

    /// <summary>The first two groups have members, of the current version so far.</summary>
    private static async Task Begin(RouterBench lab)
    {
        await lab.StartQuerier();
        foreach (var group in new[] { lab.G1, lab.G2 })
            await lab.Bring(group, Exclude());
    }

    /// <summary>
    /// Expects a record for the first group to be ignored that the device asks about where it is for the second one.
    /// </summary>
    private static async Task<Moment> ExpectIgnored(RouterBench lab, Func<Address, RecordContent> record)
    {
        var report = await lab.Host2.Report(record(lab.G1), record(lab.G2));
        lab.ExpectNoQueries(lab.G1, since: report);
        if (!await lab.AsksAbout(lab.G2, report))
            throw Bench.CannotBegin("The device does not ask about such a record where no member is of an older version");
        await lab.PassLastMemberQueryTime();
        return report;
    }

    private static async Task<bool> Asks(RouterBench lab, Address group, RecordContent record) =>
        await lab.AsksAbout(group, await lab.Host2.Report(record));
}
