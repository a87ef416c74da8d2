using MulticastLab.Conformance.Benches;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Conformance.Tests.Routers.LastingTest;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>The records of a report (RFC 9776 §4.2.4 to §4.2.13): how many there are, where each begins, which of them count.</summary>
internal static class RecordTests
{
    private const int ToExcludeType = 4;
    private const int AllowType = 5;

    // RFC 1112: 1500 bytes, 24 of header, 8 of report, 8 of record.
    private const int MostRecords = 183;

    internal static IEnumerable<ConformanceTest> All =>
    [
        .. Counts,
        .. Types,
        .. Auxiliary,
        .. Contents,
    ];

    private static IEnumerable<ConformanceTest> Counts =>
    [
        Lasting(
            "report-of-three-records", ["V3-M-4.2.4-01"], "All records of a report are processed.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(ToExclude(lab.G1), Allow(lab.G2, lab.S1), ToExclude(lab.G(3)));
                await lab.ExpectGroup(lab.G1, Exclude());
                await lab.ExpectGroup(lab.G2, Include(lab.S1));
                await lab.ExpectGroup(lab.G(3), Exclude());
            }),
        Lasting(
            "report-full-of-records", ["V3-M-4.2.4-01"], "All records of a report that fills a packet are processed.",
            async lab =>
            {
                var groups = lab.Plan.ManyGroups(MostRecords);
                await lab.StartQuerier();
                await lab.Host1.Report([.. groups.Select(each => ToExclude(each))]);
                await lab.ExpectState($"records of all {groups.Length} groups", state =>
                    groups.Except(state.Groups.Select(each => each.Group)).ToList() is { Count: > 0 } missing
                        ? FormattableString.Invariant($"{missing.Count} are missing")
                        : null);
                if (lab.ShowsState)
                    return;
                foreach (var group in (Address[])[groups[0], groups[^1]])
                    await lab.ExpectGroup(group, Exclude());
            }),
        Overrun(
            "report-of-fewer-records-than-it-says", "a report of three records that has one",
            lab => new WireReport().With(ToExcludeType, lab.G9).ToBytes(says: 3), lab => [None, Exclude()]),
        Overrun(
            "record-of-fewer-sources-than-it-says", "a record of a thousand sources that has two",
            lab => new WireReport().With(AllowType, lab.G9, [lab.S1, lab.S2], saysSources: 1000).ToBytes(),
            lab => [None, Include(lab.S1), Include(lab.S1, lab.S2)]),
        Overrun(
            "record-of-less-auxiliary-data-than-it-says", "a record of 255 words of auxiliary data that has none",
            lab => new WireReport().With(ToExcludeType, lab.G9, saysAuxiliary: 255).ToBytes(), lab => [None, Exclude()]),
        Lasting(
            "bytes-behind-the-records", ["V3-M-4.2.12-01"],
            "What is behind the last record counts in the checksum and is otherwise ignored, even if it looks like a record.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(
                    packet => packet.Followed(WireReport.Record(ToExcludeType, lab.G9, lab.S1)), ToExclude(lab.G1));
                await ExpectOnlyFirst(lab);
            }),
        Lasting(
            "bytes-behind-the-packet", ["V3-M-4.2.12-01"],
            "What is behind the packet in its frame is no part of the report, even if it looks like the record that is missing.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(
                    packet => packet with { Trailer = WireReport.Record(ToExcludeType, lab.G9, lab.S1) }, ToExclude(lab.G1));
                await ExpectOnlyFirst(lab);
            }),
    ];

    private static IEnumerable<ConformanceTest> Types =>
    [
        Type(1, "MODE_IS_INCLUDE", lab => Include(lab.S1)),
        Type(2, "MODE_IS_EXCLUDE", lab => Exclude(blocked: [lab.S1])),
        Type(3, "CHANGE_TO_INCLUDE_MODE", lab => Include(lab.S1)),
        Type(4, "CHANGE_TO_EXCLUDE_MODE", lab => Exclude(blocked: [lab.S1])),
        Type(5, "ALLOW_NEW_SOURCES", lab => Include(lab.S1)),
        Type(6, "BLOCK_OLD_SOURCES", _ => None),
        UnknownType(0, lab => [lab.S1], []),
        UnknownType(7, lab => [lab.S1, lab.S2], []),
        UnknownType(255, _ => [], [1, 2, 3, 4]),
    ];

    private static IEnumerable<ConformanceTest> Auxiliary =>
    [
        Lasting(
            "auxiliary-data-is-skipped", ["V3-M-4.2.11-02"],
            "Auxiliary data, of whatever content, is skipped: the record behind it is processed, and what it looks like is not.",
            async lab =>
            {
                await lab.StartQuerier();
                var report = new WireReport()
                    .With(ToExcludeType, lab.G1, auxiliary: WireReport.Record(ToExcludeType, lab.G9))
                    .With(ToExcludeType, lab.G2);
                await SendBytes(lab, "a report with two words of auxiliary data", report.ToBytes());
                await lab.ExpectGroup(lab.G2, Exclude());
                await lab.ExpectGroup(lab.G1, Exclude());
                await lab.ExpectGroup(lab.G9, None);
            }),
        Lasting(
            "auxiliary-data-is-no-source", ["V3-M-4.2.11-02"],
            "Auxiliary data is not taken for a source, and the record behind it begins where it ends.",
            async lab =>
            {
                await lab.StartQuerier();
                var report = new WireReport()
                    .With(AllowType, lab.G1, [lab.S1], auxiliary: WireReport.Bytes(lab.S2))
                    .With(AllowType, lab.G2, [lab.S3]);
                await SendBytes(lab, "a report with a word of auxiliary data behind its source", report.ToBytes());
                await lab.ExpectGroup(lab.G1, Include(lab.S1));
                await lab.ExpectGroup(lab.G2, Include(lab.S3));
            }),
    ];

    private static IEnumerable<ConformanceTest> Contents =>
    [
        .. ((string[])["unspecified", "unicast", "reserved", "broadcast"]).Select(NoGroup),
        Lasting(
            "record-of-all-systems", ["V3-R-5-01"],
            "A record of the group of all systems is ignored, as nothing is ever reported about it.",
            async lab =>
            {
                var group = lab.Dialect.AllSystems;
                await lab.StartQuerier();
                await lab.Host1.Report(ToExclude(group), ToExclude(lab.G1));
                await lab.ExpectGroup(lab.G1, Exclude());
                await lab.ExpectShown(group, None);

                await lab.Step("It is left");
                var leave = await lab.Host1.Report(ToInclude(group));
                lab.ExpectNoQueries(group, leave);
                await lab.PassLastMemberQueryTime();
            }),
        Lasting(
            "source-named-twice", ["V3-M-4.2.10-01"],
            "A source that a record names several times counts once.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Host1.Report(Allow(lab.G1, lab.S1, lab.S1, lab.S2, lab.S1));
                await lab.ExpectGroup(lab.G1, Include(lab.S1, lab.S2));
            }),
        Lasting(
            "source-blocked-twice", ["V3-M-4.2.10-01"],
            "A source that a record blocks several times is asked about once, not once for each time.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2));
                await lab.Step("A host blocks a source, naming it twice");
                var block = await lab.Host1.Report(Block(lab.G1, lab.S1, lab.S1));
                ExpectOnlyFirstSourceAsked(lab, block);
                await lab.PassLastMemberQueryTime();
            }),
        Lasting(
            "source-kept-twice", ["V3-M-4.2.10-01"],
            "A source that is kept by a record which names it several times does not stand for the others, which are asked about.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Include(lab.S1, lab.S2));
                await lab.Step("A host keeps only one of two sources, naming it twice");
                var change = await lab.Host1.Report(ToInclude(lab.G1, lab.S2, lab.S2));
                ExpectOnlyFirstSourceAsked(lab, change);
                await lab.PassLastMemberQueryTime();
            }),
        SameGroup("allow-and-block-of-one-group", lab => [Allow(lab.G1, lab.S2), Block(lab.G1, lab.S1)]),
        SameGroup("block-and-allow-of-one-group", lab => [Block(lab.G1, lab.S1), Allow(lab.G1, lab.S2)]),
    ];

    private static RouterTest Type(int type, string name, Func<RouterBench, GroupShape> becomes) => Lasting(
        FormattableString.Invariant($"record-type-{type}"), ["V3-M-4.2.13-01"],
        FormattableString.Invariant($"Record type {type} is {name}."),
        async lab =>
        {
            await lab.StartQuerier();
            await SendBytes(
                lab, FormattableString.Invariant($"a record of type {type}"),
                new WireReport().With(type, lab.G1, [lab.S1]).With(ToExcludeType, lab.G2).ToBytes());
            await lab.ExpectGroup(lab.G2, Exclude());
            if (becomes(lab) is { Mode: not null } shape)
                await lab.ExpectGroup(lab.G1, shape);
            else
                await lab.ExpectNothingOf(lab.G1);
        });

    private static RouterTest UnknownType(int type, Func<RouterBench, Address[]> sources, byte[] auxiliary) => Lasting(
        FormattableString.Invariant($"record-of-unknown-type-{type}"), ["V3-M-4.2.13-02"],
        FormattableString.Invariant($"A record of the unknown type {type} is ignored, and the rest of the report processed."),
        async lab =>
        {
            await lab.StartQuerier();
            await SendBytes(
                lab, FormattableString.Invariant($"a record of type {type} and one of a known type"),
                new WireReport().With(type, lab.G9, sources(lab), auxiliary: auxiliary).With(ToExcludeType, lab.G1).ToBytes());
            await ExpectOnlyFirst(lab);
        });

    private static RouterTest NoGroup(string kind) => new(
        $"record-of-{kind}-address", ["V3-M-4.2.9-01"],
        "A record of an address that is no group creates no state, and the rest of the report is processed.",
        async lab =>
        {
            var address = lab.Plan.NoGroups[kind];
            await lab.StartQuerier();
            await lab.Host1.Report(ToExclude(address), ToExclude(lab.G1));
            await lab.ExpectGroup(lab.G1, Exclude());
            await lab.ExpectShown(address, None);
            // A query about no group is a General one.
            if (address.IsUnspecified)
                return;

            await lab.Step("It is left");
            var leave = await lab.Host1.Report(ToInclude(address));
            lab.ExpectNoQueries(address, leave);
            await lab.PassLastMemberQueryTime();
        });

    /// <summary>
    /// A test of a report that is cut: it may be dropped as a whole, or up to where it is cut, but nothing comes of what is not there.
    /// </summary>
    private static RouterTest Overrun(
        string name, string what, Func<RouterBench, byte[]> report, Func<RouterBench, GroupShape[]> allowed) => Lasting(
        name, ["V3-M-4.2.4-03"],
        "A report that says to have more than it has is malformed: nothing is made of what is not there, and the router goes on.",
        async lab =>
        {
            await lab.StartQuerier();
            await SendBytes(lab, what, report(lab));
            await lab.Pass(lab.Tolerance);
            var shapes = allowed(lab);
            await lab.ExpectState(
                $"{lab.G9}: {string.Join(" or ", shapes.Select(each => each.ToString()))}, and no other group",
                state => state.Groups.Any(each => each.Group != lab.G9 && each.Group != lab.Dialect.ReportDestination)
                    ? "there is another group"
                    : Of(state.Groups.FirstOrDefault(each => each.Group == lab.G9)) is var found && !shapes.Contains(found)
                        ? $"it has {found}"
                        : null);

            await lab.Step("The host sends a correct report");
            await lab.Host1.Report(ToExclude(lab.G1));
            await lab.ExpectGroup(lab.G1, Exclude());
        });

    private static RouterTest SameGroup(string name, Func<RouterBench, RecordContent[]> records) => SlowlyEnding(
        name, ["V3-M-4.2.13-03"],
        "Several records of one group in one report all count.",
        async lab =>
        {
            var t = lab.Timing;
            await lab.StartQuerier();
            await lab.Bring(lab.G1, Include(lab.S1));
            await lab.Pass(lab.Distinguishable);

            await lab.Step("A host allows one source and blocks another");
            var report = await lab.Host1.Report(records(lab));
            ExpectOnlyFirstSourceAsked(lab, report);
            await lab.ExpectShown(
                lab.G1, Include(lab.S1, lab.S2), TimerLeft.Gmi(lab.S2, t, report),
                TimerLeft.Of(lab.S1, t.LastMemberQueryTime, report));
            await lab.PassLastMemberQueryTime();
            await lab.ExpectGroup(lab.G1, Include(lab.S2));
        });

    private static void ExpectOnlyFirstSourceAsked(RouterBench lab, Moment since)
    {
        var query = Query(lab.G1, lab.S1);
        lab.ExpectQueries(query, since);
        lab.ExpectNone(
            QueriesAbout(lab.G1).Where("other than of that source", frame => !query.Matches(frame)).From(lab.Device).On(Bench.Lan), since,
            atOnce: true);
    }

    /// <summary>The first group is there, and that of what is to be ignored is not.</summary>
    private static async Task ExpectOnlyFirst(RouterBench lab)
    {
        await lab.ExpectGroup(lab.G1, Exclude());
        await lab.ExpectGroup(lab.G9, None);
    }

    private static Task<Moment> SendBytes(RouterBench lab, string what, byte[] report) =>
        lab.Host1.Send(
            new SendReport(new ReportContent([]), lab.Dialect.ReportDestination), what, packet => packet with { Body = _ => report });
}
