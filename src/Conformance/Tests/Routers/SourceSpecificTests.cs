using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Conformance.Tests.Routers.LastingTest;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>Groups of the source-specific range, whose state is always INCLUDE (RFC 9776 §6.4, RFC 4604 §2, §3, RFC 4607 §5.1).</summary>
internal static class SourceSpecificTests
{
    internal static IEnumerable<ConformanceTest> All => [.. Range, .. Excludes, .. OlderVersions, .. Includes];

    private static IEnumerable<ConformanceTest> Range =>
    [
        InRange("source-specific-range-first", "first", lab => lab.Plan.SourceSpecificEnds[0]),
        InRange("source-specific-range-last", "last", lab => lab.Plan.SourceSpecificEnds[1]),
        BesideRange("source-specific-range-before", "before", lab => lab.Plan.BesideSourceSpecific[0]),
        BesideRange("source-specific-range-after", "behind", lab => lab.Plan.BesideSourceSpecific[1]),
    ];

    private static IEnumerable<ConformanceTest> Excludes =>
    [
        Ignored("source-specific-to-exclude", "CHANGE_TO_EXCLUDE_MODE", lab => ToExclude(lab.Ssm), known: false),
        Ignored("source-specific-is-exclude", "MODE_IS_EXCLUDE", lab => IsExclude(lab.Ssm, lab.S1), known: false),
        Ignored("source-specific-to-exclude-of-known-group", "CHANGE_TO_EXCLUDE_MODE", lab => ToExclude(lab.Ssm), known: true),
        Ignored("source-specific-is-exclude-of-known-group", "MODE_IS_EXCLUDE", lab => IsExclude(lab.Ssm, lab.S1), known: true),
        Lasting(
            "source-specific-exclude-beside-others", ["V3-S-3.1-02"],
            "The other records of a report with a record of EXCLUDE mode for a source-specific group are processed.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(ToExclude(lab.Ssm), ToExclude(lab.G1), Allow(lab.Plan.SourceSpecificGroups[1], lab.S1));
                await lab.ExpectGroup(lab.G1, Exclude());
                await lab.ExpectGroup(lab.Plan.SourceSpecificGroups[1], Include(lab.S1));
            }),
    ];

    private static IEnumerable<ConformanceTest> OlderVersions =>
    [
        .. ((Generation[])[Generation.Reports, Generation.Leaves]).SelectMany(generation => (ConformanceTest[])
        [
            OlderReport(generation, known: false),
            OlderReport(generation, known: true),
        ]),
        Lasting(
            "source-specific-version-2-leave", ["V3-S-6.4-03"],
            "A leave of version 2 for a source-specific group is ignored.",
            async lab =>
            {
                await lab.StartQuerier();
                var brought = await lab.Bring(lab.Ssm, Include(lab.S1));
                await lab.Bring(lab.G1, Exclude());
                await lab.Pass(lab.Distinguishable);

                await lab.Step("A host leaves as in version 2");
                var leave = await lab.Host1.OlderLeave(lab.Ssm);
                lab.ExpectNoQueries(lab.Ssm, leave);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.Ssm, Include(lab.S1), TimerLeft.Gmi(lab.S1, lab.Timing, brought.Sources));

                await lab.Step("It leaves another group in the same way");
                leave = await lab.Host1.OlderLeave(lab.G1);
                lab.ExpectSome(QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan), leave, within: lab.Timing.LastMemberQueryInterval);
            }),
        Lasting(
            "source-specific-group-stays-in-version-3", ["V3-S-3.5-01"],
            "A source-specific group is treated by the current version, whatever was reported: a source that is blocked is asked about.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.Ssm, Include(lab.S1));
                await lab.Host2.OlderReport(Generation.Leaves, lab.Ssm);
                await lab.Pass(lab.Tolerance);

                await lab.Step("A host blocks the source");
                var block = await lab.Host1.Report(Block(lab.Ssm, lab.S1));
                lab.ExpectQueries(Query(lab.Ssm, lab.S1), block);
                await lab.PassLastMemberQueryTime();
            }),
    ];

    private static IEnumerable<ConformanceTest> Includes =>
    [
        SlowlyEnding(
            "source-specific-to-include", ["V3-S-3.1-03"],
            "A change to INCLUDE of a source-specific group is processed as that of any other.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.Ssm, Include(lab.S1));

                await lab.Step("A host wants another source instead");
                var change = await lab.Host1.Report(ToInclude(lab.Ssm, lab.S2));
                lab.ExpectQueries(Query(lab.Ssm, lab.S1), change);
                await lab.ExpectShown(lab.Ssm, Include(lab.S1, lab.S2));
                await lab.PassLastMemberQueryTime();
                await lab.ExpectGroup(lab.Ssm, Include(lab.S2));
            }),
        new RouterTest(
            "source-specific-general-queries", ["V3-S-3.2-01"],
            "General Queries are the same where there are source-specific groups.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.Ssm, Include(lab.S1));
                await lab.Step("The querier asks all systems again");
                lab.ExpectSome(GeneralQuery().From(lab.Device).On(Bench.Lan), lab.Now, within: lab.Timing.QueryInterval);
                lab.ExpectNone(
                    AnyGeneralQuery()
                        .Where("of another form or destination", frame => !GeneralQuery().Matches(frame))
                        .From(lab.Device)
                        .On(Bench.Lan),
                    lab.Now, atOnce: true);
            }),
        NoGroupQuery("source-specific-leave", "changes to INCLUDE of nothing", lab => lab.Host1.Report(ToInclude(lab.Ssm))),
        NoGroupQuery("source-specific-block", "blocks its only source", lab => lab.Host1.Report(Block(lab.Ssm, lab.S1))),
        new RouterTest(
            "source-specific-forwarding", ["V3-S-5.1-01"],
            "Of a source-specific group only those sources are forwarded that were asked for, whatever else was reported.",
            async lab =>
            {
                await lab.StartQuerier();
                var (start, lasting) = (lab.Now.At, 5.Seconds());
                var wanted = await lab.Stream(lab.S1, lab.Ssm, lasting);
                var other = await lab.Stream(lab.S2, lab.Ssm, lasting);
                await lab.Pass(500.Milliseconds());

                await lab.Step("Hosts ask for one source, and others report the group without sources");
                lab.Expect(other.On(Bench.Lan).IsSilent());
                var join = await lab.Host1.Report(Allow(lab.Ssm, lab.S1));
                lab.Expect(wanted.On(Bench.Lan).Starts(within: 1.Seconds(), of: join));
                await lab.Host2.Report(ToExclude(lab.Ssm));
                await lab.Host3.OlderReport(Generation.Leaves, lab.Ssm);
                await lab.Pass(start + lasting - lab.Now.At);
            })
        { Options = ["forward"], Timing = Timers },
    ];

    private static RouterTest InRange(string name, string which, Func<RouterBench, Address> group) => Lasting(
        name, ["V3-S-2-01"],
        $"The {which} group of the range that IANA has set aside is source-specific by default.",
        async lab =>
        {
            await lab.StartQuerier();
            await lab.Host1.Report(ToExclude(lab.Ssm));
            await lab.Pass(lab.Tolerance);
            if (await lab.Has(lab.Ssm))
                throw Bench.CannotBegin("The device does not treat source-specific groups as such");

            await lab.Step("A host reports it without sources");
            await lab.Host1.Report(ToExclude(group(lab)));
            await lab.Pass(lab.Tolerance);
            await lab.ExpectNothingOf(group(lab));

            await lab.Step("It asks for a source");
            await lab.Host1.Report(Allow(group(lab), lab.S1));
            await lab.ExpectGroup(group(lab), Include(lab.S1));
        });

    private static RouterTest BesideRange(string name, string which, Func<RouterBench, Address> group) => Lasting(
        name, ["V3-S-2-01"],
        $"The group {which} the range that IANA has set aside is not source-specific by default.",
        async lab =>
        {
            await lab.StartQuerier();
            await lab.Host1.Report(ToExclude(group(lab)));
            await lab.ExpectGroup(group(lab), Exclude());
        });

    private static RouterTest Ignored(string name, string record, Func<RouterBench, RecordContent> report, bool known) => Lasting(
        name, ["V3-S-6.4-01"],
        $"A record {record} of a source-specific group is ignored{(known ? ", and leaves what is known of the group as it is" : "")}.",
        async lab =>
        {
            await lab.StartQuerier();
            await PlayIgnored(lab, known, () => lab.Host3.Report(report(lab)));
        });

    private static RouterTest OlderReport(Generation generation, bool known) => Lasting(
        FormattableString.Invariant($"source-specific-version-{(int)generation + 1}-report{(known ? "-of-known-group" : "")}"),
        ["V3-S-6.4-02"],
        FormattableString.Invariant($"A report of version {(int)generation + 1} of a source-specific group is ignored.")
            .Replace(".", known ? ", and leaves what is known of the group as it is." : ".", StringComparison.Ordinal),
        async lab =>
        {
            await lab.StartQuerier();
            await PlayIgnored(lab, known, () => lab.Host3.OlderReport(generation, lab.Ssm));
        });

    /// <summary>Nothing comes of a report, and the group goes on as if it had not been.</summary>
    private static async Task PlayIgnored(RouterBench lab, bool known, Func<Task<Moment>> report)
    {
        var shape = known ? Include(lab.S1) : None;
        var brought = await lab.Bring(lab.Ssm, shape);
        await lab.Pass(lab.Distinguishable);

        await lab.Step("It is reported without sources");
        var bad = await report();
        lab.ExpectNoQueries(lab.Ssm, bad);
        await lab.Pass(lab.Tolerance);
        if (known)
            await lab.ExpectShown(lab.Ssm, shape, TimerLeft.Gmi(lab.S1, lab.Timing, brought.Sources));
        else
            await lab.ExpectNothingOf(lab.Ssm);
        await lab.ExpectState(
            "no older version of the group",
            state => state.Groups.FirstOrDefault(each => each.Group == lab.Ssm) is { } group
                && group.CompatibilityMode != lab.Dialect.CurrentVersion
                    ? FormattableString.Invariant($"it is treated by version {group.CompatibilityMode}")
                    : null);

        await lab.Step("A host asks for another source of it");
        await lab.Host1.Report(Allow(lab.Ssm, lab.S2));
        await lab.ExpectGroup(lab.Ssm, Include([.. shape.Forwarded, lab.S2]));
    }

    private static RouterTest NoGroupQuery(string name, string what, Func<RouterBench, Task<Moment>> leave) => Lasting(
        name, ["V3-S-3.3-01"],
        $"When a host {what}, the sources of a source-specific group are asked about, never the group as such.",
        async lab =>
        {
            await lab.StartQuerier();
            await lab.Bring(lab.Ssm, Include(lab.S1));

            await lab.Step($"A host {what}");
            var left = await leave(lab);
            lab.ExpectSome(Query(lab.Ssm, lab.S1).From(lab.Device).On(Bench.Lan), left, within: lab.Timing.LastMemberQueryInterval);
            lab.ExpectNone(
                QueriesAbout(lab.Ssm).Where("without sources", frame => frame.Query!.Sources.Count == 0).From(lab.Device), left,
                atOnce: true);
            await lab.PassLastMemberQueryTime();
        });
}
