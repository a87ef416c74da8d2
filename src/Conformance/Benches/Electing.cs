using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>The election of the querier: has other routers take part in it, and finds out what the router under test makes of it.</summary>
internal static class Electing
{
    /// <summary>Has a router with a lower address take over as querier, and waits until the device has noticed.</summary>
    /// <returns>When it queried.</returns>
    internal static async Task<Moment> Follow(this RouterBench lab, Station querier)
    {
        ArgumentNullException.ThrowIfNull(querier);
        var query = await querier.Query(lab.General);
        if (lab.ShowsState && !await lab.Until(async token => !(await lab.Read(token)).State.IsQuerier, lab.Tolerance))
            throw Bench.CannotBegin("The device does not give way to a router with a lower address");
        return query;
    }

    /// <summary>
    /// Starts the device and has <see cref="RouterBench.Low"/> query, so that the device is no querier for the next Other Querier Present
    /// Interval.
    /// </summary>
    /// <param name="lab">The bench.</param>
    /// <param name="query">What it is told then; null for <see cref="RouterBench.General"/>.</param>
    /// <returns>The moment of the last query of <see cref="RouterBench.Low"/>.</returns>
    internal static async Task<Moment> StartNonQuerier(this RouterBench lab, QueryContent? query = null)
    {
        await lab.StartQuerier();
        var heard = await lab.Low.Query(query ?? lab.General);
        var yields = lab.ShowsState
            ? await lab.Until(lab.Follows(lab.Low.Address), lab.Tolerance)
            : await lab.IsSilentFor(lab.Timing.QueryInterval, heard);
        if (!yields)
            throw Bench.CannotBegin("The device does not yield to a router with a lower address");
        // The silence has taken some of the time.
        return lab.ShowsState ? heard : await lab.Low.Query(query ?? lab.General);
    }

    /// <summary>
    /// Has another router query, and finds out whether the device gives up being the querier for it: by its state, or else by a whole Query
    /// Interval without a General Query.
    /// </summary>
    internal static async Task<bool> Yields(
        this RouterBench lab, Station to, QueryContent query, Func<TesterPacket, TesterPacket>? change = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        var heard = await to.Query(query, change);
        if (!lab.ShowsState)
        {
            // One query may have been on its way.
            var later = heard with { At = heard.At + lab.Tolerance };
            return await lab.Seen(lab.OwnGeneralQueries, later, lab.Timing.QueryInterval) is not { } last
                || await lab.IsSilentFor(lab.Timing.QueryInterval, new Moment(last.At, "the last General Query"));
        }

        lab.RestsOnState = true;
        return await lab.Until(lab.Follows(to.Address), lab.Tolerance);
    }

    /// <summary>Expects the device to yield to a router with a lower address by this query.</summary>
    /// <exception cref="ScenarioAbortedException">It does not yield by a usual query either.</exception>
    internal static async Task ExpectYields(this RouterBench lab, QueryContent query, Func<TesterPacket, TesterPacket>? change = null)
    {
        var yields = await lab.Yields(lab.Low, query, change);
        if (!yields && !await lab.Yields(lab.Low, lab.General))
            throw Bench.CannotBegin("The device does not yield to a router with a lower address");
        await lab.Check(Bench.DeviceName, $"it yields to {lab.Low}", yields ? null : "it stays the querier, but yields to a usual query");
    }

    /// <summary>Expects the device to be the querier still: it goes on querying.</summary>
    internal static async Task ExpectStillQuerier(this RouterBench lab, Moment since)
    {
        // One query may have been on its way when it gave up; where its state tells that it has not, there is no need to wait for another.
        var next = await lab.ExpectSoon(lab.OwnGeneralQueries, since, lab.Timing.QueryInterval);
        if (lab.ShowsState)
            await lab.ExpectQuerier(lab.Plan.Device);
        else if (next is not null)
            await lab.ExpectSoon(lab.OwnGeneralQueries, RouterBench.JustAfter(next), lab.Timing.QueryInterval);
    }

    /// <summary>
    /// Waits until the device, which is no querier, queries again because there is no other: then it asks about what is left.
    /// </summary>
    /// <param name="lab">The bench.</param>
    /// <param name="silent">Until when it must not have queried.</param>
    /// <exception cref="ScenarioAbortedException">It has queried earlier, or does not come back as the querier.</exception>
    internal static async Task<Moment> TakeOver(this RouterBench lab, Moment silent)
    {
        ArgumentNullException.ThrowIfNull(silent);
        var last = lab.Last(AnyGeneralQuery().From(lab.Low).Or(AnyGeneralQuery().From(lab.Lower)));
        var first = await lab.Seen(
            lab.OwnGeneralQueries, last with { At = last.At + lab.Tolerance },
            lab.Timing.OtherQuerierPresentInterval + lab.Timing.QueryInterval);
        if (first is null)
            throw Bench.CannotBegin("The device does not query any more");
        return first.At > silent.At
            ? new Moment(first.At, $"{lab.Device.Name} takes over")
            : throw Bench.CannotBegin("The device queries although a router with a lower address does");
    }

    /// <summary>
    /// The last General Query of the device after its start-up, and the time between two of them.
    /// </summary>
    internal static async Task<(Moment Last, TimeSpan Period)> Rhythm(this RouterBench lab)
    {
        await lab.Pass((lab.Timing.StartupQueryCount * lab.Timing.StartupQueryInterval) + lab.Timing.QueryInterval);
        var first = await Next(lab.Now);
        var second = await Next(RouterBench.JustAfter(first));
        return (second, second.At - first.At);

        async Task<Moment> Next(Moment since) => await lab.Seen(lab.OwnGeneralQueries, since, 2 * lab.Timing.QueryInterval) is { } query
            ? new Moment(query.At, "the last General Query")
            : throw Bench.CannotBegin("The device does not go on querying");
    }

    /// <summary>Whether the device sends no General Query for so long after a moment.</summary>
    internal static async Task<bool> IsSilentFor(this RouterBench lab, TimeSpan time, Moment since)
    {
        ArgumentNullException.ThrowIfNull(since);
        var from = since with { At = since.At + lab.Tolerance };
        return await lab.Seen(lab.OwnGeneralQueries, from, since.At + time - lab.Now.At) is null;
    }

    /// <summary>Expects the device to take this address for the querier's, its own or another's, if it shows its state.</summary>
    internal static async Task ExpectQuerier(this RouterBench lab, Address querier)
    {
        if (!lab.ShowsState)
            return;
        var own = querier == lab.Plan.Device;
        string? wrong = null;
        await lab.UntilShown(
            async token =>
            {
                var state = (await lab.Read(token)).State;
                var right = own ? state.IsQuerier : Follows(state, querier);
                wrong = right
                    ? null
                    : state.IsQuerier ? "it is the querier itself"
                    : $"it is not the querier, and knows {state.Querier?.ToString() ?? "nobody"} as such";
                return wrong is null;
            });
        await lab.Check(Bench.DeviceName, own ? "it is the querier" : $"{querier} is the querier", wrong);
    }

    /// <summary>
    /// Expects that the device goes on as querier: it queries again within a Query Interval. What it sends before it can have reacted does
    /// not count.
    /// </summary>
    internal static Together ExpectGoesOn(this RouterBench lab, Moment since) =>
        lab.ExpectSome(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), since, within: lab.Timing.QueryInterval, after: lab.Tolerance);

    /// <summary>Expects that the device gives way to another querier: it sends no General Query for a Query Interval.</summary>
    internal static Together ExpectGivesWay(this RouterBench lab, Moment since) =>
        lab.ExpectTogether(
            AnyGeneralQuery().From(lab.Device).On(Bench.Lan), since, within: lab.Timing.QueryInterval, "is not sent",
            frames => frames.Count == 0 ? null : "it is", after: lab.Tolerance);

    /// <summary>Starts the device, and makes <see cref="RouterBench.Low"/> the querier in its place.</summary>
    /// <returns>The moment of the query from which the Other Querier Present Interval counts.</returns>
    internal static async Task<Moment> StartNonQuerier(this RouterBench lab)
    {
        await lab.StartQuerier();
        return await lab.Yield();
    }

    /// <summary>Makes <see cref="RouterBench.Low"/> the querier in the device's place.</summary>
    /// <returns>The moment of the query from which the Other Querier Present Interval counts.</returns>
    internal static async Task<Moment> Yield(this RouterBench lab)
    {
        var query = await lab.Low.Query(lab.General);
        await lab.Settle();
        if (await lab.Seen(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), lab.Now, lab.Timing.QueryInterval + lab.Tolerance) is not null)
            throw Bench.CannotBegin("The device does not yield to a querier with a lower address");
        return await lab.Low.Query(lab.General);
    }

    /// <summary>Waits until the device is the querier again; ends the test when it does not become it.</summary>
    /// <param name="lab">The bench.</param>
    /// <param name="interval">The Other Querier Present Interval that it may have; null for that of its own timers.</param>
    internal static async Task TakesOver(this RouterBench lab, TimeSpan? interval = null)
    {
        var within = interval ?? lab.Timing.OtherQuerierPresentInterval;
        if (await lab.Seen(AnyGeneralQuery().From(lab.Device).On(Bench.Lan), lab.Now, within) is null)
            throw Bench.CannotBegin("The device does not become the querier again");
        await lab.Pass(100.Milliseconds());
    }

    private static Func<CancellationToken, Task<bool>> Follows(this RouterBench lab, Address querier) =>
        async token => Follows((await lab.Read(token)).State, querier);

    // A router that is no querier knows of one: a dump that names none leaves it out.
    private static bool Follows(InterfaceState state, Address querier) =>
        !state.IsQuerier && (state.Querier is null || state.Querier == querier);
}
