using System.Globalization;
using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>Queries of older versions, received and sent (RFC 9776 §7.1, §7.3.1).</summary>
internal static class OlderRouterTests
{
    private static readonly int[] LongQueries = [16, 1476];
    private static readonly int[] OddQueries = [4, 7, 9, 10, 11];

    internal static IEnumerable<ConformanceTest> All =>
    [
        .. LongQueries.Select(octets => new RouterTest(
            Named($"query-of-{octets}-octets-elects"), ["V3-X-7.1-03"],
            Named($"A query of {octets} octets is one of version 3, whatever follows its first twelve: a General Query of it elects."),
            async lab =>
            {
                await lab.StartQuerier();

                await lab.Step("A router with a lower address queries");
                await lab.ExpectYields(lab.General, Octets(octets));
            })),
        .. OddQueries.Select(octets => new RouterTest(
            Named($"query-of-{octets}-octets-is-ignored"), ["V3-X-7.1-04"],
            Named($"A query of {octets} octets is of no version: it elects nobody."),
            async lab =>
            {
                await lab.StartQuerier();

                await lab.Step("A router with a lower address sends such a query");
                var heard = await lab.Low.Query(lab.General, Octets(octets));
                await lab.ExpectStillQuerier(heard);

                await lab.Step("It sends a usual one");
                if (!await lab.Yields(lab.Low, lab.General))
                    throw Bench.CannotBegin("The device does not yield to a router with a lower address");
            })),
        new RouterTest(
            "older-general-query-elects", ["V3-X-6.6.2-01"],
            "The election is by the addresses whatever the versions: a General Query of the version before wins from a lower address.",
            async lab =>
            {
                await lab.StartQuerier();

                await lab.Step("A router of the version before with a lower address queries");
                await lab.ExpectYields(lab.OlderGeneral(Generation.Leaves));
            }),
        .. new[] { Generation.Leaves, Generation.Reports }.Select(generation => new RouterTest(
            Named($"can-be-set-to-version-{VersionOf(generation)}"), ["V3-X-7.3.1-01"],
            Named($"A router can be set to version {VersionOf(generation)}, and its queries are of that version then."),
            async lab =>
            {
                var start = await lab.StartQuerier();
                await lab.ExpectSoon(
                    lab.OwnGeneralQueries.Where(
                        Named($"of version {VersionOf(generation)}"), frame => frame.Query!.Generation == generation),
                    start, lab.Timing.QueryInterval);
                lab.ExpectNone(
                    lab.OwnGeneralQueries.Where("of another version", frame => frame.Query!.Generation != generation), since: start,
                    atOnce: true);
            }) { Version = VersionOf(generation), Timing = SuiteTimers.OfAnyVersion }),
        new RouterTest(
            "version-1-queries", ["V3-X-7.3.1-02"],
            "The periodic queries of a router that is set to version 1 have 8 octets, and a Max Response Time of zero.",
            async lab =>
            {
                var start = await lab.StartQuerier();
                await lab.Step("It goes on");
                var queries = AnyQuery().From(lab.Device).On(Bench.Lan);
                await lab.ExpectSoon(
                    queries.Where("of 8 octets, with the time 0", frame => frame.Query!.Generation == Generation.Reports), lab.Now,
                    lab.Timing.QueryInterval);
                lab.ExpectNone(
                    queries.Where("of another form", frame => frame.Query!.Generation != Generation.Reports), since: start, atOnce: true);
            }) { Version = VersionOf(Generation.Reports), Timing = SuiteTimers.OfAnyVersion },
        new RouterTest(
            "version-1-ignores-leaves", ["V3-X-7.3.1-03"],
            "A router that is set to version 1 ignores leaves.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                await lab.Host1.OlderReport(Generation.Reports, lab.G1);
                var stream = lab.Forwards ? await lab.Stream(lab.S1, lab.G1, lasting: 2.Seconds() + (2 * t.LastMemberQueryTime)) : null;
                await lab.Pass(1.Seconds());
                await lab.ExpectShown(lab.G1, Exclude());

                await lab.Step("A host leaves");
                if (stream is not null)
                    lab.Expect(stream.On(Bench.Lan).HasNoGap());
                var leave = await lab.Host1.OlderLeave(lab.G1);
                lab.ExpectNoQueries(lab.G1, since: leave);
                await lab.PassLastMemberQueryTime();
                await lab.ExpectShown(lab.G1, Exclude());

                await lab.Step("It goes on querying");
                await lab.ExpectSoon(lab.OwnGeneralQueries, leave, t.QueryInterval);
            }) { Version = VersionOf(Generation.Reports), Timing = SuiteTimers.OfAnyVersion, Preferred = ["forward"] },
        new RouterTest(
            "version-2-response-time-is-linear", ["V3-X-7.3.1-04"],
            "The General Queries of a router that is set to version 2 have 8 octets, and tenths of a second above 12.8 s too.",
            async lab =>
            {
                var time = lab.Timing.QueryResponseInterval;
                var start = await lab.StartQuerier();
                await lab.ExpectSoon(
                    lab.OwnGeneralQueries.Where(
                        $"of 8 octets, with the time {time.InWords()}",
                        frame => frame.Query is { Generation: Generation.Leaves } query && query.MaxResponseTime == time),
                    start, lab.Timing.QueryInterval);
            })
        {
            Version = VersionOf(Generation.Leaves),
            Timing = usual => usual with { QueryInterval = TimeSpan.FromSeconds(30), QueryResponseInterval = TimeSpan.FromSeconds(20) },
            Unfit = timing => timing.QueryResponseInterval.IsBetween(TimeSpan.FromSeconds(12.8), TimeSpan.FromSeconds(25.5))
                ? null : "the time is the same in both codes",
        },
        new RouterTest(
            "version-2-queries-about-group", ["V3-X-7.3.1-04"],
            "The queries about a group of a router that is set to version 2 have 8 octets, and its Last Member Query Interval.",
            async lab =>
            {
                var time = lab.Timing.LastMemberQueryInterval;
                await lab.StartQuerier();
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);

                await lab.Step("The host leaves");
                var leave = await lab.Host1.OlderLeave(lab.G1);
                await lab.ExpectSoon(
                    QueriesAbout(lab.G1).From(lab.Device).On(Bench.Lan).Where(
                        $"of 8 octets, with the time {time.InWords()}",
                        frame => frame.Query is { Generation: Generation.Leaves } query && query.MaxResponseTime == time),
                    leave, TimeSpan.Zero);
                lab.ExpectNone(
                    AnyQuery().From(lab.Device).Where("of another form", frame => frame.Query!.Generation != Generation.Leaves),
                    since: leave, atOnce: true);
                await lab.PassLastMemberQueryTime();
            }) { Version = VersionOf(Generation.Leaves) },
        new RouterTest(
            "older-query-lowers-group-timer", ["V3-X-3-05"],
            "In version 2 a query about a group lowers its timer to Last Member Query Count times the query's Max Response Time.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartNonQuerier(lab.OlderGeneral(Generation.Leaves));
                await lab.Host1.OlderReport(Generation.Leaves, lab.G1);
                var other = await lab.Host1.OlderReport(Generation.Leaves, lab.G2);
                if (lab.ShowsState)
                    await lab.Pass(lab.Distinguishable);

                await lab.Step("The querier asks about one of two groups");
                var query = await lab.Low.Query(lab.OlderSpecific(lab.G1));
                await lab.ExpectShown(lab.G1, Exclude(), TimerLeft.OfGroup(t.LastMemberQueryTime, query));
                await lab.ExpectShown(lab.G2, Exclude(), TimerLeft.Gmi(null, t, other));
                await lab.PassUntil(query, t.LastMemberQueryTime + lab.Tolerance);
                await lab.ExpectShown(lab.G1, None);
                await lab.ExpectShown(lab.G2, Exclude());
                if (lab.ShowsState)
                    return;

                await lab.TakeOver(silent: query);
                await lab.Step("Hosts leave both groups");
                var leave = await lab.Host2.OlderLeave(lab.G1);
                lab.ExpectNoQueries(lab.G1, since: leave);
                var control = await lab.Host2.OlderLeave(lab.G2);
                await lab.ExpectSoon(QueriesAbout(lab.G2).From(lab.Device).On(Bench.Lan), control, TimeSpan.Zero);
                await lab.PassLastMemberQueryTime();
            })
        {
            Version = VersionOf(Generation.Leaves),
            // Otherwise it is the Robustness Variable.
            Timing = usual => SuiteTimers.Unhurried(usual) with { LastMemberQueryCount = 3 },
        },
    ];

    /// <summary>The message's first octets, and zeros where there are no more.</summary>
    private static Func<TesterPacket, TesterPacket> Octets(int count) => packet => packet with
    {
        Body = bytes => [.. bytes.Take(count), .. new byte[Math.Max(0, count - bytes.Length)]],
    };

    private static int VersionOf(Generation generation) => new Lab.Engines.LabOptions().Dialect.VersionOf(generation);

    private static string Named(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
