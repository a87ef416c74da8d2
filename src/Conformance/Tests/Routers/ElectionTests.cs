using MulticastLab.Conformance.Benches;
using MulticastLab.Conformance.Running;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership;
using static MulticastLab.Conformance.Benches.GroupShape;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Tests.Routers;

/// <summary>The election of the querier (RFC 9776 §6.6.2).</summary>
internal static class ElectionTests
{
    internal static IEnumerable<ConformanceTest> All =>
    [
        new RouterTest(
            "starts-as-querier", ["V3-R-3-01"],
            "A router takes itself for the querier when it starts, and queries.",
            async lab =>
            {
                var start = await lab.Start();
                await lab.ExpectSoon(lab.OwnGeneralQueries, start, lab.Timing.QueryInterval);
            }),
        new RouterTest(
            "starts-as-querier-beside-another", ["V3-R-3-01"],
            "A router starts as querier on a LAN that has one as well, and yields to its next query.",
            async lab =>
            {
                await lab.Low.Query(lab.General);
                var start = await lab.Start();
                await lab.ExpectSoon(
                    lab.OwnGeneralQueries.Where("from its own address", frame => frame.Envelope.Source == lab.Plan.Device), start,
                    lab.Timing.QueryInterval);

                await lab.Step("The other querier queries again");
                var yields = await lab.Yields(lab.Low, lab.General);
                await lab.Check(Bench.DeviceName, "it yields", yields ? null : "it stays the querier");
            }),
        new RouterTest(
            "lower-address-wins", ["V3-R-6.6.2-01"],
            "A router that hears General Queries from a lower address is no querier.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();

                await lab.Step("A router with a lower address queries");
                var heard = await lab.Low.Query(lab.General);
                await lab.ExpectQuerier(lab.Low.Address);
                // Whether it stops at once is another question.
                await lab.PassUntil(heard, t.QueryInterval);
                lab.ExpectNone(lab.OwnGeneralQueries, since: lab.Now, atOnce: true);
                await lab.PassUntil(heard, t.OtherQuerierPresentInterval - (t.QueryResponseInterval / 4));
                var end = lab.Now;

                await lab.Step("It is alive");
                await lab.TakeOver(silent: end);
            }) { Unfit = TooFewQueries },
        new RouterTest(
            "loser-drops-its-next-query", ["V3-R-6.6.2-05"],
            "A querier that hears a General Query from a lower address does not send the one that was due next.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                var (last, period) = await lab.Rhythm();
                await lab.PassUntil(last, period * 3 / 4);

                await lab.Step("A router with a lower address queries just before the next query of the device");
                var heard = await lab.Low.Query(lab.General);
                if (heard.At - last.At > period - lab.Tolerance)
                    throw Bench.CannotBegin("The machine was too slow to tell");
                lab.ExpectNone(lab.OwnGeneralQueries, since: heard, atOnce: true);
                await lab.PassUntil(heard, period / 2);
                var end = lab.Now;

                await lab.Step("It is alive");
                await lab.TakeOver(silent: end);
            }),
        new RouterTest(
            "higher-address-loses", ["V3-R-6.6.2-02"],
            "General Queries from a higher address change neither the role nor the schedule of the querier.",
            async lab =>
            {
                await lab.StartQuerier();
                var (last, period) = await lab.Rhythm();
                await lab.Pass(period / 4);

                await lab.Step("A router with a higher address queries");
                var heard = await lab.Highest.Query(lab.General);
                lab.Expect(lab.OwnGeneralQueries, since: heard, after: last.At + period - heard.At);
                await lab.ExpectQuerier(lab.Plan.Device);
            }),
        Loses("higher-address-loses-as-number", lab => lab.High, "that would be lower as text"),
        Loses("higher-address-loses-in-network-order", lab => lab.Higher, "that would be lower with its bytes in the other order"),
        new RouterTest(
            "own-address-in-query", ["V3-R-6.6.2-04"],
            "A General Query from the router's own address comes from no lower one.",
            async lab =>
            {
                await lab.StartQuerier();
                var yields = await YieldsUnseen(lab, packet => packet with { Source = lab.Plan.Device });
                lab.Observe(yields ? "stops querying at a query from its own address" : "goes on querying");
            }),
        new RouterTest(
            "other-querier-is-refreshed", ["V3-R-6.6.2-06"],
            "Each General Query from a lower address restarts the Other Querier Present timer.",
            async lab =>
            {
                var t = lab.Timing;
                var heard = await lab.StartNonQuerier();

                await lab.Step("A router with a lower address goes on querying for longer than the timer runs");
                var lasting = t.OtherQuerierPresentInterval + (t.QueryInterval / 2);
                await lab.Low.QueryEvery(lab.General, t.QueryInterval / 2, lasting);
                // Whether it stops at once is another question.
                await lab.PassUntil(heard, t.QueryInterval);
                lab.ExpectNone(lab.OwnGeneralQueries, since: lab.Now, atOnce: true);
                await lab.PassUntil(heard, lasting + (t.QueryInterval / 2));
                var end = lab.Now;
                await lab.ExpectQuerier(lab.Low.Address);

                await lab.Step("It is alive");
                await lab.TakeOver(silent: end);
            }),
        new RouterTest(
            "silent-querier-is-replaced", ["V3-R-6.6.2-07"],
            "When the Other Querier Present timer expires a router queries, and goes on querying.",
            async lab =>
            {
                var last = await lab.StartNonQuerier();

                await lab.Step("The router with the lower address is silent");
                await ExpectTakesOver(lab, last);
            }),
        new RouterTest(
            "other-querier-present-interval", ["V3-R-8.5-01"],
            "A router takes over Robustness Variable times Query Interval plus half a Query Response Interval after the last General Query "
                + "of the other.",
            async lab =>
            {
                var t = lab.Timing;
                var last = await lab.StartNonQuerier();

                await lab.Step("The router with the lower address is silent");
                if (!lab.ShowsState && !await lab.IsSilentFor(t.QueryInterval, last))
                    throw Bench.CannotBegin("The device does not yield to a router with a lower address");
                // Whether it stops at once when it hears of another querier is another question.
                var later = new Moment(last.At + t.QueryInterval, "one Query Interval after the last General Query of the other");
                lab.Expect(lab.OwnGeneralQueries, since: later, after: t.OtherQuerierPresentInterval - t.QueryInterval);
            }) { Unfit = TooFewQueries },
        new RouterTest(
            "take-over-query-goes-to-all-systems", ["V3-R-4.1.12-01", "V3-R-6.6.2-07"],
            "The General Query with which a router takes over goes to all systems, as any other does.",
            async lab =>
            {
                var last = await lab.StartNonQuerier();

                await lab.Step("The router with the lower address is silent");
                var first = await lab.TakeOver(silent: last);
                await lab.ExpectSoon(
                    lab.OwnGeneralQueries.Where("to all systems", frame => frame.Envelope.Destination == lab.Dialect.AllSystems), first,
                    TimeSpan.Zero);
            }),
        new RouterTest(
            "still-lower-address-wins", ["V3-R-6.6.2-08"],
            "A router that is no querier takes a still lower router for the querier, and waits for it.",
            async lab =>
            {
                var t = lab.Timing;
                var first = await lab.StartNonQuerier();
                await lab.PassUntil(first, t.QueryInterval);

                await lab.Step("A router with a still lower address queries, and the first is silent");
                var second = await lab.Lower.Query(lab.General);
                await lab.ExpectQuerier(lab.Lower.Address);
                lab.ExpectNone(lab.OwnGeneralQueries, since: second, atOnce: true);
                await lab.PassUntil(first, t.OtherQuerierPresentInterval + (t.QueryInterval / 2));
                var end = lab.Now;

                await lab.Step("It is alive");
                await lab.TakeOver(silent: end);
            }),
        new RouterTest(
            "router-between-is-heard", ["V3-R-6.6.2-09"],
            "A router whose querier is gone is no querier while another router with a lower address than its own queries.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                if (!await lab.Yields(lab.Lower, lab.General))
                    throw Bench.CannotBegin("The device does not yield to a router with a lower address");

                await lab.Step("The querier is silent, and a router between the two queries");
                var between = await lab.Low.Query(lab.General);
                await lab.Low.QueryEvery(lab.General, t.QueryInterval, 5 * t.QueryInterval);
                lab.Observe(await lab.IsSilentFor(3 * t.QueryInterval, between)
                    ? "does not query when a router between it and the silent querier does"
                    : "queries when the querier's time is over, although a router between the two does");

                await lab.Step("It goes on so");
                await lab.PassUntil(between, 3 * t.QueryInterval);
                lab.ExpectNone(lab.OwnGeneralQueries, since: lab.Now, atOnce: true);
                await lab.ExpectQuerier(lab.Low.Address);
                await lab.Pass(2 * t.QueryInterval);
            }),
        new RouterTest(
            "router-between-is-replaced", ["V3-R-6.6.2-07"],
            "A router takes over when the querier is gone and a router between the two, which has queried after it, is gone too.",
            async lab =>
            {
                await lab.StartQuerier();
                if (!await lab.Yields(lab.Lower, lab.General))
                    throw Bench.CannotBegin("The device does not yield to a router with a lower address");

                await lab.Step("The querier is silent, a router between the two queries once, and is silent too");
                await ExpectTakesOver(lab, await lab.Low.Query(lab.General));
            }),
        new RouterTest(
            "specific-query-elects-nobody", ["V3-R-6.6.2-10"],
            "Only General Queries take part in the election: one about a group does not, however low its sender's address is.",
            async lab =>
            {
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());

                await lab.Step("A router with a lower address queries about a group only");
                var heard = await lab.Low.Query(lab.Specific(lab.G1) with { SuppressRouterSideProcessing = true });
                await lab.ExpectStillQuerier(heard);

                await lab.Step("The same router sends a General Query");
                await Control(lab);
            }),
        new RouterTest(
            "query-without-address-elects-nobody", ["V3-R-2.1.1-01"],
            "Queries from the unspecified address, which switches send, take no part in the election.",
            async lab =>
            {
                await lab.StartQuerier();

                await lab.Step("A switch queries without an address");
                await lab.Low.Query(lab.General, packet => packet with { Source = lab.Dialect.Unspecified });
                var heard = await lab.Low.Query(lab.General, packet => packet with { Source = lab.Dialect.Unspecified });
                await lab.ExpectStillQuerier(heard);

                await lab.Step("The same with an address");
                await Control(lab);
            }),
        new RouterTest(
            "query-from-another-network", ["V3-R-9.1-01"],
            "A General Query from an address that is not on the LAN should not win the election.",
            async lab =>
            {
                await lab.StartQuerier();
                var yields = await YieldsUnseen(lab, packet => packet with { Source = lab.Plan.OffLink });
                lab.Observe(yields ? "yields to a query from another network" : "ignores queries from other networks");
            }),
        new RouterTest(
            "suppressed-query-elects", ["V3-R-4.1.5-01"],
            "The S flag of a General Query does not keep it out of the election.",
            async lab =>
            {
                await lab.StartQuerier();

                await lab.Step("A router with a lower address queries with the S flag set");
                await lab.ExpectYields(lab.General with { SuppressRouterSideProcessing = true });
            }),
        new RouterTest(
            "suppressed-query-starts-the-timer", ["V3-R-4.1.5-01", "V3-R-6.6.2-07"],
            "The S flag of a General Query does not keep it from starting the Other Querier Present timer: the router takes over again.",
            async lab =>
            {
                var last = await lab.StartNonQuerier(lab.General with { SuppressRouterSideProcessing = true });

                await lab.Step("The router with the lower address, which has queried with the S flag set, is silent");
                await ExpectTakesOver(lab, last);
            }),
        new RouterTest(
            "yields-while-it-asks", ["V3-R-3-02"],
            "A querier that is asking about a leave hears a General Query from a lower address.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                await lab.Bring(lab.G1, Exclude());
                var leave = await lab.Host1.Report(ToInclude(lab.G1));
                if (!await lab.AsksAbout(lab.G1, leave))
                    throw Bench.CannotBegin("The device does not ask about a leave");

                await lab.PassUntil(leave, t.LastMemberQueryInterval / 2);
                var heard = await lab.Low.Query(lab.General);
                if (heard.At - leave.At > t.LastMemberQueryInterval)
                    throw Bench.CannotBegin("The machine was too slow to tell");
                var asks = await lab.AsksAbout(lab.G1, heard);
                await lab.PassLastMemberQueryTime();
                lab.Observe(asks ? "goes on asking about the group" : "stops asking about the group");
                lab.Observe(
                    await lab.IsSilentFor(t.QueryInterval, heard) ? "yields at once" : "does not yield to a query that comes meanwhile");
                await lab.ExpectShown(lab.G1, None);
            }) { Timing = usual => usual with { LastMemberQueryCount = 3 } },
        new RouterTest(
            "forged-query-suspends-only", ["V3-R-9.1-03"],
            "One forged General Query from a lower address silences the querier until its timer expires; members that answer stay.",
            async lab =>
            {
                var t = lab.Timing;
                await lab.StartQuerier();
                foreach (var group in new[] { lab.G1, lab.G2 })
                    await lab.Bring(group, Exclude());

                await lab.Step("Somebody forges a query, a host answers, and there are no more");
                var forged = await lab.Low.Query(lab.General);
                await lab.ExpectShown(lab.G2, Exclude());
                await lab.PassUntil(forged, t.QueryResponseInterval * 9 / 10);
                await lab.Host1.Report(IsExclude(lab.G1));
                // How long exactly the silence lasts is another question.
                var later = new Moment(forged.At + t.QueryInterval, "one Query Interval after the forged query");
                if (await lab.ExpectSoon(lab.OwnGeneralQueries, later, t.OtherQuerierPresentInterval + t.QueryInterval) is not null)
                    await lab.ExpectGroup(lab.G1, Exclude());
            }) { Timing = LongAnswers },
    ];

    private static RouterTest Loses(string name, Func<RouterBench, Station> other, string how) => new(
        name, ["V3-R-6.6.2-03"], $"A querier does not yield to an address that is higher as a number, but {how}.",
        async lab =>
        {
            await lab.StartQuerier();

            await lab.Step("A router with a higher address queries");
            var heard = await other(lab).Query(lab.General);
            await lab.ExpectStillQuerier(heard);

            await lab.Step("A router with a lower address queries");
            await Control(lab);
        });

    /// <summary>Expects the device to query again, and to go on querying, when another has sent its last General Query.</summary>
    private static async Task ExpectTakesOver(RouterBench lab, Moment last)
    {
        var t = lab.Timing;
        // How long exactly this takes is another question, and whether it has stopped at once.
        var later = new Moment(last.At + t.QueryInterval, "one Query Interval after the last General Query of the other");
        if (await lab.ExpectSoon(lab.OwnGeneralQueries, later, t.OtherQuerierPresentInterval - (t.QueryInterval / 2)) is { } first)
            await lab.ExpectSoon(lab.OwnGeneralQueries, RouterBench.JustAfter(first), t.QueryInterval);
        await lab.ExpectQuerier(lab.Plan.Device);
    }

    /// <summary>A usual query has an effect: what had none before was not just unheard.</summary>
    private static async Task Control(RouterBench lab)
    {
        if (!await lab.Yields(lab.Low, lab.General))
            throw Bench.CannotBegin("The device does not yield to a router with a lower address");
    }

    /// <summary>Whether the device gives up being the querier for a query from an address that may be nobody's.</summary>
    private static async Task<bool> YieldsUnseen(RouterBench lab, Func<TesterPacket, TesterPacket> change)
    {
        var heard = await lab.Low.Query(lab.General, change);
        return await lab.IsSilentFor(lab.Timing.QueryInterval, heard);
    }

    // A group that was answered for at the last moment lives longer than the silence of the querier, with either RFC's interval.
    private static Timing LongAnswers(Timing usual) => SuiteTimers.Unhurried(usual) with
    {
        QueryResponseInterval = TimeSpan.FromSeconds(Math.Max(3, usual.QueryResponseInterval.TotalSeconds)),
    };

    private static string? TooFewQueries(ExpectedTiming timing) =>
        timing.RobustnessVariable < 2 ? "with a Robustness Variable of 1 its silence is too short to tell" : null;
}
