using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>
/// A router under test between two LANs: hosts and other routers that the tester plays on <see cref="Bench.Lan"/>, sources on
/// <see cref="Upstream"/>.
/// </summary>
public sealed class RouterBench : Bench
{
    /// <summary>The LAN of the sources.</summary>
    public const string Upstream = "B";

    private readonly HashSet<Address> probed = [];
    private readonly Station low;
    private readonly Station lower;

    internal RouterBench(BenchPlace place)
        : base(place)
    {
        Device = Router(DeviceName);
        Host1 = Play("host1", Lan, Plan.Hosts[0]);
        Host2 = Play("host2", Lan, Plan.Hosts[1]);
        Host3 = Play("host3", Lan, Plan.Hosts[2]);
        low = Play("low", Lan, Plan.Low);
        lower = Play("lower", Lan, Plan.Lower);
        High = Play("high", Lan, Plan.High);
        Higher = Play("higher", Lan, Plan.Higher);
        Highest = Play("highest", Lan, Plan.Highest);
        Sources = Play("sources", Upstream, Plan.Source(1));
    }

    /// <summary>The device.</summary>
    public RouterNode Device { get; }

    /// <summary>A host.</summary>
    public Station Host1 { get; }

    /// <summary>A second host.</summary>
    public Station Host2 { get; }

    /// <summary>A third host, which asks for the device's state where it does not show it.</summary>
    public Station Host3 { get; }

    /// <summary>A router with a lower address than the device's: it wins the election.</summary>
    public Station Low => Winning(low);

    /// <summary>One with a still lower address.</summary>
    public Station Lower => Winning(lower);

    /// <summary>A router with a higher address than the device's, by a little: it loses the election. As text it would win.</summary>
    public Station High { get; }

    /// <summary>A router with a higher address than the device's: with its bytes in the wrong order it would win.</summary>
    public Station Higher { get; }

    /// <summary>A router that loses the election however addresses are compared.</summary>
    public Station Highest { get; }

    /// <summary>The sources, all of them.</summary>
    public Station Sources { get; }

    /// <summary>Whether the device shows its state.</summary>
    public bool ShowsState => Device.Description.HasRouterState;

    /// <summary>Whether the device forwards from <see cref="Upstream"/>: see <see cref="ConformanceTest.Preferred"/>.</summary>
    public bool Forwards => Place.Start.Options.Contains("forward");

    /// <summary>A time after which a timer that was set before can be told from one that is set now.</summary>
    /// <remarks>A Group Membership Interval may be either RFC's: see <see cref="TimerLeft.Gmi"/>.</remarks>
    public TimeSpan Distinguishable =>
        Timing.QueryResponseInterval + (2 * (Tolerance + Place.Device.Resolution)) + 100.Milliseconds();

    /// <summary>A General Query with the device's own timers, for other routers to send.</summary>
    public QueryContent General => About(Dialect.Unspecified, Timing.QueryResponseInterval);

    /// <summary>A specific query with the device's own timers, for other routers to send.</summary>
    public QueryContent Specific(Address group, params Address[] sources) =>
        About(group, Timing.LastMemberQueryInterval, sources);

    /// <summary>A General Query of an older version with the device's own response time, for other routers to send.</summary>
    public QueryContent OlderGeneral(Generation generation) =>
        Older(generation, Dialect.Unspecified, Timing.QueryResponseInterval);

    /// <summary>A query about a group of the version before the current one, with the device's own response time.</summary>
    public QueryContent OlderSpecific(Address group) =>
        Older(Generation.Leaves, group, Timing.LastMemberQueryInterval);

    /// <summary>The General Queries of the device, of whatever version.</summary>
    public FramePattern OwnGeneralQueries => AnyGeneralQuery().From(Device).On(Lan);

    /// <summary>Starts the device: for tests of what it does then.</summary>
    /// <remarks>Ends the test where the device runs already.</remarks>
    public Task<Moment> Start() =>
        Place.StartsDevice ? Begin(Device) : throw CannotApply("The device is not started for the test: it runs already");

    /// <summary>Starts the device, or takes it as it runs, and waits until it is the querier.</summary>
    /// <returns>The moment of the start.</returns>
    public async Task<Moment> StartQuerier()
    {
        var start = await Begin(Device);
        if (Place.StartsDevice)
            await FirstQuery(start);
        else
            await PassBefore(BecomesQuerier);
        // What comes next is not to be taken for the cause of this.
        await Pass(100.Milliseconds());
        return start;
    }

    /// <summary>Has a router with a lower address take over as querier, and waits until the device has noticed.</summary>
    /// <returns>When it queried.</returns>
    public async Task<Moment> Follow(Station querier)
    {
        ArgumentNullException.ThrowIfNull(querier);
        var query = await querier.Query(General);
        if (ShowsState && !await Until(async token => !(await Read(token)).State.IsQuerier, Tolerance))
            throw CannotBegin("The device does not give way to a router with a lower address");
        return query;
    }

    /// <summary>What is left of the patience, if that is less than a time that is to be waited for.</summary>
    public TimeSpan WithinPatience(TimeSpan time)
    {
        if (Deadline is not { } deadline)
            return time;
        var left = deadline - Now.At - (2 * Tolerance);
        return left < time ? left : time;
    }

    /// <summary>Waits for the device's first query, which some devices delay a little; ends the test when there is none.</summary>
    /// <param name="start">When the device was started.</param>
    /// <returns>The moment of the query.</returns>
    public async Task<Moment> FirstQuery(Moment start)
    {
        // Not longer than leaves time for the test; with a long Query Interval the first query does not take as long.
        var within = Timing.QueryInterval;
        if (Deadline is { } deadline && (deadline - Now.At) / 2 is var half && half < within)
            within = half;
        return await Seen(AnyGeneralQuery().From(Device).On(Lan), start, within) is { } first
            ? new Moment(first.At, "the first query")
            : throw CannotBegin("The device does not query");
    }

    /// <summary>Takes the device's interface on <see cref="Bench.Lan"/> down or up.</summary>
    public Task<Moment> SetLink(bool up) => SetLink(Lan, up);

    /// <summary>
    /// Starts the device and has <see cref="Low"/> query, so that the device is no querier for the next Other Querier Present Interval.
    /// </summary>
    /// <param name="query">What it is told then; null for <see cref="General"/>.</param>
    /// <returns>The moment of the last query of <see cref="Low"/>.</returns>
    public async Task<Moment> StartNonQuerier(QueryContent? query = null)
    {
        await StartQuerier();
        var heard = await Low.Query(query ?? General);
        if (!(ShowsState ? await Until(Follows(Low.Address), Tolerance) : await IsSilentFor(Timing.QueryInterval, heard)))
            throw CannotBegin("The device does not yield to a router with a lower address");
        // The silence has taken some of the time.
        return ShowsState ? heard : await Low.Query(query ?? General);
    }

    /// <summary>
    /// Has another router query, and finds out whether the device gives up being the querier for it: by its state, or else by a whole Query
    /// Interval without a General Query.
    /// </summary>
    public async Task<bool> Yields(Station to, QueryContent query, Func<TesterPacket, TesterPacket>? change = null)
    {
        ArgumentNullException.ThrowIfNull(to);
        var heard = await to.Query(query, change);
        if (!ShowsState)
        {
            // One query may have been on its way.
            return await Seen(OwnGeneralQueries, heard with { At = heard.At + Tolerance }, Timing.QueryInterval) is not { } last
                || await IsSilentFor(Timing.QueryInterval, new Moment(last.At, "the last General Query"));
        }

        RestsOnState = true;
        return await Until(Follows(to.Address), Tolerance);
    }

    /// <summary>Expects the device to yield to a router with a lower address by this query.</summary>
    /// <exception cref="ScenarioAbortedException">It does not yield by a usual query either.</exception>
    public async Task ExpectYields(QueryContent query, Func<TesterPacket, TesterPacket>? change = null)
    {
        var yields = await Yields(Low, query, change);
        if (!yields && !await Yields(Low, General))
            throw CannotBegin("The device does not yield to a router with a lower address");
        await Check(DeviceName, $"it yields to {Low}", yields ? null : "it stays the querier, but yields to a usual query");
    }

    /// <summary>Expects the device to be the querier still: it goes on querying.</summary>
    public async Task ExpectStillQuerier(Moment since)
    {
        // One query may have been on its way when it gave up; where its state tells that it has not, there is no need to wait for another.
        var next = await ExpectSoon(OwnGeneralQueries, since, Timing.QueryInterval);
        if (ShowsState)
            await ExpectQuerier(Plan.Device);
        else if (next is not null)
            await ExpectSoon(OwnGeneralQueries, JustAfter(next), Timing.QueryInterval);
    }

    /// <summary>
    /// Waits until the device, which is no querier, queries again because there is no other: then it asks about what is left.
    /// </summary>
    /// <param name="silent">Until when it must not have queried.</param>
    /// <exception cref="ScenarioAbortedException">It has queried earlier, or does not come back as the querier.</exception>
    public async Task<Moment> TakeOver(Moment silent)
    {
        ArgumentNullException.ThrowIfNull(silent);
        var last = Last(AnyGeneralQuery().From(Low).Or(AnyGeneralQuery().From(Lower)));
        var first = await Seen(
            OwnGeneralQueries, last with { At = last.At + Tolerance }, Timing.OtherQuerierPresentInterval + Timing.QueryInterval);
        if (first is null)
            throw CannotBegin("The device does not query any more");
        return first.At > silent.At
            ? new Moment(first.At, $"{Device.Name} takes over")
            : throw CannotBegin("The device queries although a router with a lower address does");
    }

    /// <summary>
    /// The last General Query of the device after its start-up, and the time between two of them.
    /// </summary>
    public async Task<(Moment Last, TimeSpan Period)> Rhythm()
    {
        await Pass((Timing.StartupQueryCount * Timing.StartupQueryInterval) + Timing.QueryInterval);
        var first = await Next(Now);
        var second = await Next(JustAfter(first));
        return (second, second.At - first.At);

        async Task<Moment> Next(Moment since) => await Seen(OwnGeneralQueries, since, 2 * Timing.QueryInterval) is { } query
            ? new Moment(query.At, "the last General Query")
            : throw CannotBegin("The device does not go on querying");
    }

    /// <summary>Whether the device sends no General Query for so long after a moment.</summary>
    public async Task<bool> IsSilentFor(TimeSpan time, Moment since)
    {
        ArgumentNullException.ThrowIfNull(since);
        var from = since with { At = since.At + Tolerance };
        return await Seen(OwnGeneralQueries, from, since.At + time - Now.At) is null;
    }

    /// <summary>A moment from which on a frame that came at this one is not seen again.</summary>
    public static Moment JustAfter(Moment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new Moment(moment.At + TimeSpan.FromTicks(1), moment.Name);
    }

    /// <summary>Brings a group to a state by reports that cause no query.</summary>
    /// <returns>When the group timer was set, and when the sources' timers were.</returns>
    public async Task<(Moment Group, Moment Sources)> Bring(Address group, GroupShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Address[] forwarded = [.. shape.Forwarded];
        var (first, last) = (Now, Now);
        switch (shape.Mode)
        {
            case FilterMode.Include:
                first = last = await Host1.Report(Allow(group, forwarded));
                break;
            case FilterMode.Exclude:
                first = last = await Host1.Report(IsExclude(group, [.. forwarded, .. shape.Blocked]));
                if (forwarded.Length > 0)
                    last = await Host2.Report(Allow(group, forwarded));
                break;
            case null:
                break;
        }

        if (ShowsState && !await Until(async token => (await Read(token)).Shape(group).Equals(shape), Tolerance))
            throw CannotBegin($"The device could not be brought to {shape} for {group}: it has {(await Read()).Shape(group)}");
        // Then less is left of the timers than the test counts on: a source about to end is not asked about, and nothing shows by that.
        if (Now.At - first.At > Tolerance + (4 * Place.Lab.Latency))
            IsStale = true;
        return (first, last);
    }

    /// <summary>
    /// Expects a group's state to be this now. Where the device does not show its state, a host leaves the group and the queries tell:
    /// then it can be asked for once only, and last.
    /// </summary>
    public async Task ExpectGroup(Address group, GroupShape shape, params TimerLeft[] timers)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (ShowsState)
            await ExpectShown(group, shape, timers);
        else
            await Probe(group, shape);
    }

    /// <summary>Expects a group's state to be this now, if the device shows its state; there is more to come for the group.</summary>
    public async Task ExpectShown(Address group, GroupShape shape, params TimerLeft[] timers)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!ShowsState)
            return;
        string? wrong = null;
        await UntilShown(async token => (wrong = Compare(await Read(token), group, shape, timers)) is null);
        var what = timers.Length == 0 ? "" : $", {string.Join(", ", timers.Select(each => each.ToString()))}";
        await Check(DeviceName, $"{group}: {shape}{what}", wrong);
    }

    /// <summary>
    /// Expects that nothing of a group is wanted: there is no record of it, or one of INCLUDE without sources, which says the same (RFC
    /// 9776 §6.2.1).
    /// </summary>
    public async Task ExpectNothingOf(Address group)
    {
        var empty = GroupShape.Include();
        if (!ShowsState)
            await Probe(group, GroupShape.None);
        else
        {
            await ExpectState($"{group}: {GroupShape.None} or {empty}", state =>
            {
                var found = GroupShape.Of(state.Groups.FirstOrDefault(each => each.Group == group));
                return found.Equals(GroupShape.None) || found.Equals(empty) ? null : $"it has {found}";
            });
        }
    }

    /// <summary>Expects something of the device's state on the LAN now, if it shows its state.</summary>
    /// <param name="what">What, in words.</param>
    /// <param name="wrong">What is wrong with a state, in words; null when nothing is.</param>
    public async Task ExpectState(string what, Func<InterfaceState, string?> wrong)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        if (!ShowsState)
            return;
        string? instead = null;
        await UntilShown(async token => (instead = wrong((await Read(token)).State)) is null);
        await Check(DeviceName, what, instead);
    }

    /// <summary>Whether something can be brought to hold of the device's state; false where it does not show its state.</summary>
    public async Task<bool> ComesTo(Func<InterfaceState, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return ShowsState && await Until(async token => condition((await Read(token)).State), Tolerance);
    }

    /// <summary>
    /// Whether the device has a record of a group. Where it does not show its state, a host leaves the group, which changes it.
    /// </summary>
    public async Task<bool> Has(Address group)
    {
        if (ShowsState)
            return await ComesTo(state => state.Groups.Any(each => each.Group == group));
        var leave = await Host3.Report(ToInclude(group));
        return await Seen(QueriesAbout(group).From(Device).On(Lan), leave, TimeSpan.Zero) is not null;
    }

    /// <summary>Whether the device shows this state of a group now, or as soon as a report can have any effect.</summary>
    public Task<bool> Shows(Address group, GroupShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        RestsOnState = true;
        return Until(async token => (await Read(token)).Shape(group).Equals(shape), Tolerance);
    }

    /// <summary>Expects the device to take this address for the querier's, its own or another's, if it shows its state.</summary>
    public async Task ExpectQuerier(Address querier)
    {
        if (!ShowsState)
            return;
        var own = querier == Plan.Device;
        string? wrong = null;
        await UntilShown(
            async token =>
            {
                var state = (await Read(token)).State;
                wrong = state.IsQuerier == own && (own || state.Querier == querier)
                    ? null
                    : state.IsQuerier ? "it is the querier itself"
                    : $"it is not the querier, and knows {state.Querier?.ToString() ?? "nobody"} as such";
                return wrong is null;
            });
        await Check(DeviceName, own ? "it is the querier" : $"{querier} is the querier", wrong);
    }

    /// <summary>
    /// Expects that the device asks about a group as it should while nobody answers: LMQC times, LMQI apart (RFC 9776 §6.6.3).
    /// </summary>
    public Series ExpectQueries(FramePattern query, Moment since)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Expect(
            query.From(Device).On(Lan), since, times: Timing.LastMemberQueryCount, every: Timing.LastMemberQueryInterval);
    }

    /// <summary>Expects that the device does not ask about a group until the step ends.</summary>
    public Absence ExpectNoQueries(Address group, Moment since) =>
        ExpectNone(QueriesAbout(group).From(Device).On(Lan), since, atOnce: true);

    /// <summary>
    /// Expects that the device goes on as querier: it queries again within a Query Interval. What it sends before it can have reacted does
    /// not count.
    /// </summary>
    public Together ExpectGoesOn(Moment since) =>
        ExpectSome(AnyGeneralQuery().From(Device).On(Lan), since, within: Timing.QueryInterval, after: Tolerance);

    /// <summary>Expects that the device gives way to another querier: it sends no General Query for a Query Interval.</summary>
    public Together ExpectGivesWay(Moment since) =>
        ExpectTogether(
            AnyGeneralQuery().From(Device).On(Lan), since, within: Timing.QueryInterval, "is not sent",
            frames => frames.Count == 0 ? null : "it is", after: Tolerance);

    /// <summary>Whether the device asks about a group soon after a moment: it waits for that for a Last Member Query Interval.</summary>
    public async Task<bool> AsksAbout(Address group, Moment since) =>
        await Seen(QueriesAbout(group).From(Device).On(Lan), since, Timing.LastMemberQueryInterval) is not null;

    /// <summary>Lets time pass until this long after a moment, however long what came in between has taken.</summary>
    public Task PassUntil(Moment moment, TimeSpan after)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return Pass(moment.At + after - Now.At);
    }

    /// <summary>Lets the Last Member Query Time pass, and what the device may be late.</summary>
    public Task PassLastMemberQueryTime() => Pass(Timing.LastMemberQueryTime + Tolerance);

    /// <summary>
    /// Waits for the device's first query about a group; ends the test when there is none, as it is about something else.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="since">From when on.</param>
    /// <param name="within">How late it may come; not at all when not given.</param>
    public async Task Asked(Address group, Moment since, TimeSpan within = default)
    {
        if (await Seen(QueriesAbout(group).From(Device).On(Lan), since, within) is null)
            throw CannotBegin($"The device does not ask about {group}");
    }

    /// <summary>
    /// Shows that the device hears of groups, after something that it was to do nothing about: it asks about one that a host joins and
    /// leaves. Ends the test when it does not.
    /// </summary>
    public async Task ShowHearing()
    {
        await Step("Another group shows that the device has heard of this");
        await Host3.Report(ToExclude(G9));
        await Asked(G9, await Host3.Report(ToInclude(G9)), Timing.LastMemberQueryTime);
    }

    /// <summary>
    /// Sends a report for a group, and where the device does not show its state another one for a second group: see
    /// <see cref="ExpectGroups"/>.
    /// </summary>
    /// <returns>When the first one was sent.</returns>
    public async Task<Moment> ReportAlike(Station host, RecordContent record, Address twin)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(record);
        var report = await host.Report(record);
        if (!ShowsState)
            await host.Report(record with { Group = twin });
        return report;
    }

    /// <summary>Lets what was just reported take effect.</summary>
    public Task Settle() => Pass(Tolerance);

    /// <summary>Starts the device, and makes <see cref="Low"/> the querier in its place.</summary>
    /// <returns>The moment of the query from which the Other Querier Present Interval counts.</returns>
    public async Task<Moment> StartNonQuerier()
    {
        await StartQuerier();
        return await Yield();
    }

    /// <summary>Makes <see cref="Low"/> the querier in the device's place.</summary>
    /// <returns>The moment of the query from which the Other Querier Present Interval counts.</returns>
    public async Task<Moment> Yield()
    {
        var query = await Low.Query(General);
        await Settle();
        if (await Seen(AnyGeneralQuery().From(Device).On(Lan), Now, Timing.QueryInterval + Tolerance) is not null)
            throw CannotBegin("The device does not yield to a querier with a lower address");
        return await Low.Query(General);
    }

    /// <summary>Waits until the device is the querier again; ends the test when it does not become it.</summary>
    /// <param name="interval">The Other Querier Present Interval that it may have; null for that of its own timers.</param>
    public async Task TakesOver(TimeSpan? interval = null)
    {
        if (await Seen(AnyGeneralQuery().From(Device).On(Lan), Now, interval ?? Timing.OtherQuerierPresentInterval) is null)
            throw CannotBegin("The device does not become the querier again");
        await Pass(100.Milliseconds());
    }

    /// <summary>
    /// Expects a group to be in this mode, null for no record of it; of the sources nothing. Where the device does not show its state, a
    /// host leaves the group, and the queries tell: then it can be asked for once only, and last.
    /// </summary>
    public async Task ExpectMode(Address group, FilterMode? mode)
    {
        if (ShowsState)
        {
            await ExpectModeShown(group, mode);
            return;
        }

        var leave = await ProbeByLeave(group, mode);
        if (mode == FilterMode.Exclude)
            Expect(Query(group).From(Device).On(Lan), leave);
        else
            ExpectNone(Query(group).From(Device).On(Lan), leave, atOnce: true);
        await PassLastMemberQueryTime();
    }

    /// <summary>Expects a group to be in this mode, null for no record of it, if the device shows its state.</summary>
    public async Task ExpectModeShown(Address group, FilterMode? mode)
    {
        if (!ShowsState)
            return;
        string? wrong = null;
        await UntilShown(
            async token =>
            {
                var found = (await Read(token)).Shape(group);
                wrong = found.Mode == mode ? null : $"it has {found}";
                return wrong is null;
            });
        await Check(DeviceName, $"{group}: {InWords(mode)}", wrong);
    }

    /// <summary>
    /// Expects two groups that were treated alike to have this state now. Where the device does not show its state, the one tells its mode
    /// and what it forwards, the other what it blocks.
    /// </summary>
    public async Task ExpectGroups(Address group, Address twin, GroupShape shape)
    {
        await ExpectGroup(group, shape);
        if (!ShowsState && (shape.Blocked.Count > 0 || shape.Mode == FilterMode.Exclude))
            await ExpectBlocked(twin, shape);
    }

    /// <summary>A stream from a source upstream.</summary>
    public Task<DatagramStream> Stream(Address source, Address group, TimeSpan lasting) =>
        Sources.Stream(source, group, (Place.RealTime ? 20 : 100).Milliseconds(), lasting);

    /// <summary>
    /// Where the device does not show its state: a leave makes the querier ask for whatever there is of the group, Query(G) in EXCLUDE
    /// mode, Query(G, A or X) for the sources whose timers run (RFC 9776 §6.4.2).
    /// </summary>
    private async Task Probe(Address group, GroupShape shape)
    {
        var leave = await ProbeByLeave(group, shape.Mode);
        var times = Times.Between(1, Timing.LastMemberQueryCount);
        if (shape.Mode == FilterMode.Exclude)
            Expect(Query(group).From(Device), leave, times: times, every: Timing.LastMemberQueryInterval);
        else
            ExpectNone(Query(group).From(Device), leave, atOnce: true);
        if (shape.Forwarded.Count > 0)
            Expect(Query(group, [.. shape.Forwarded]).From(Device), leave, times: times, every: Timing.LastMemberQueryInterval);
        else
        {
            ExpectNone(
                QueriesAbout(group).Where("with sources", frame => frame.Query!.Sources.Count > 0).From(Device), leave, atOnce: true);
        }

        await PassLastMemberQueryTime();
    }

    private async Task<Moment> ProbeByLeave(Address group, FilterMode? mode)
    {
        // A leave of what is not there changes nothing.
        if (mode is not null && !probed.Add(group))
            throw new InvalidOperationException($"{group} was probed already: this has changed it.");
        await Step($"A host leaves {group}: the queries tell its state");
        return await Host3.Report(ToInclude(group));
    }

    /// <summary>
    /// Expects certain sources of a group to be blocked, where the device does not show its state: it asks about all sources that a host
    /// says that it does not want any more, but those that are blocked already (RFC 9776 §6.4.2). The group is changed by that.
    /// </summary>
    public async Task ExpectBlocked(Address group, GroupShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!probed.Add(group))
            throw new InvalidOperationException($"{group} was probed already: this has changed it.");
        await Step($"A host blocks sources of {group}: the queries tell its state");
        Address[] all = [.. shape.Forwarded, .. shape.Blocked, S(9)];
        var block = await Host3.Report(Block(group, all));
        Address[] asked = shape.Mode switch
        {
            null => [],
            FilterMode.Include => [.. shape.Forwarded],
            _ => [.. all.Except(shape.Blocked)],
        };
        var about = Query(group, asked);
        if (asked.Length > 0)
            Expect(about.From(Device), block, times: Times.Between(1, Timing.LastMemberQueryCount), every: Timing.LastMemberQueryInterval);
        ExpectNone(
            QueriesAbout(group).Where("about other sources", frame => asked.Length == 0 || !about.Matches(frame)).From(Device), block,
            atOnce: true);
        await PassLastMemberQueryTime();
    }

    private static string InWords(FilterMode? mode) => mode switch
    {
        null => "no record of the group",
        FilterMode.Include => "INCLUDE mode",
        _ => "EXCLUDE mode",
    };

    private Station Winning(Station station) =>
        Plan.HasLower ? station : throw CannotApply($"The device's network has no lower addresses than {Plan.Device}");

    // Another test may have had it yield.
    private async Task BecomesQuerier()
    {
        var within = Timing.OtherQuerierPresentInterval + (2 * Timing.QueryInterval);
        if (!await Place.Lab.Until(_ => Task.FromResult(IsKnownAsQuerier(Place.Lab.Frames)), within, Place.Cancellation))
            throw CannotBegin($"The device does not query within {within.InWords()}");
    }

    /// <summary>
    /// Whether the device, which runs already, is known to be the querier: it has queried lately, and nobody with a lower address since.
    /// </summary>
    private bool IsKnownAsQuerier(IReadOnlyList<LabFrame> captured)
    {
        for (var i = captured.Count - 1; i >= 0 && captured[i].At + Timing.QueryInterval + Tolerance >= Now.At; i--)
        {
            if (captured[i].Lan == Lan && SeenFrame.Decode(captured[i], Dialect) is { Query.Kind: QueryKind.General } query
                && query.Envelope.Source <= Plan.Device && !query.Envelope.Source.IsUnspecified)
                return captured[i].Node == DeviceName;
        }

        return false;
    }

    /// <summary>Lets what was just sent arrive: a state that was so before says nothing.</summary>
    private Task Arrive() => Pass(Place.Lab.Latency / 2);

    private Func<CancellationToken, Task<bool>> Follows(Address querier) =>
        async token => (await Read(token)).State is { IsQuerier: false } state && state.Querier == querier;

    private string? Compare(InterfaceReading found, Address group, GroupShape shape, TimerLeft[] timers)
    {
        if (!found.Shape(group).Equals(shape))
            return $"it has {found.Shape(group)}";
        foreach (var timer in timers)
        {
            if (found.Left(group, timer.Source) is not { } left)
                return $"{timer.Source} has no timer";
            var slack = Tolerance + Place.Device.Resolution;
            var least = timer.AtLeast - (found.To - timer.Since.At) - slack;
            var most = timer.AtMost - (found.From - timer.Since.Done) + slack;
            if (left < least || left > most)
                return $"{left.InWords()} are left of {timer}, {(found.From - timer.Since.At).InWords()} after that";
        }

        return null;
    }

    /// <summary>Waits until the device's state is as it should be, which may take as long as any other effect.</summary>
    private async Task UntilShown(Func<CancellationToken, Task<bool>> condition)
    {
        RestsOnState = true;
        await Arrive();
        var begun = Now.At;
        await Until(condition, Tolerance);
        // Seen so late, it does not tell what it was when it should have been so.
        if (Now.At - begun > Tolerance + (2 * Place.Lab.Latency))
            IsStale = true;
    }

    private async Task<InterfaceReading> Read(CancellationToken cancellation = default)
    {
        var from = Now.At;
        var state = await Place.Lab.RouterState(DeviceName, cancellation);
        Note(DeviceName, state);
        // What was read is of an unknown time by then.
        if (Now.At - from > 2 * Place.Lab.Latency)
            Delayed(from, "the device's state");
        return new InterfaceReading(state.On(Device.Description.Interfaces[0].Interface), from, Now.At);
    }

    private sealed record InterfaceReading(InterfaceState State, Instant From, Instant To)
    {
        public GroupShape Shape(Address group) => GroupShape.Of(Find(group));

        public TimeSpan? Left(Address group, Address? source) =>
            source is null ? Find(group)?.Expires : Find(group)?.Sources.FirstOrDefault(each => each.Source == source)?.Expires;

        private GroupState? Find(Address group) => State.Groups.FirstOrDefault(each => each.Group == group);
    }
}
