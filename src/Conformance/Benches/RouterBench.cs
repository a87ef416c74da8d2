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

    internal RouterBench(BenchPlace place)
        : base(place)
    {
        Device = Router(DeviceName);
        Host1 = Play("host1", Lan, Plan.Hosts[0]);
        Host2 = Play("host2", Lan, Plan.Hosts[1]);
        Host3 = Play("host3", Lan, Plan.Hosts[2]);
        Low = Play("low", Lan, Plan.Low);
        Lower = Play("lower", Lan, Plan.Lower);
        High = Play("high", Lan, Plan.High);
        Higher = Play("higher", Lan, Plan.Higher);
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
    public Station Low { get; }

    /// <summary>One with a still lower address.</summary>
    public Station Lower { get; }

    /// <summary>A router with a higher address than the device's, by a little: it loses the election. As text it would win.</summary>
    public Station High { get; }

    /// <summary>A router with a higher address than the device's: with its bytes in the wrong order it would win.</summary>
    public Station Higher { get; }

    /// <summary>The sources, all of them.</summary>
    public Station Sources { get; }

    /// <summary>Whether the device shows its state.</summary>
    public bool ShowsState => Device.Description.HasRouterState;

    /// <summary>A time after which a timer that was set before can be told from one that is set now.</summary>
    /// <remarks>A Group Membership Interval may be either RFC's: see <see cref="TimerLeft.Gmi"/>.</remarks>
    public TimeSpan Distinguishable =>
        Timing.QueryResponseInterval + (2 * (Tolerance + Place.Device.Resolution)) + 100.Milliseconds();

    /// <summary>A General Query with the device's own timers, for other routers to send.</summary>
    public QueryContent General => new(
        Generation.Sources, Timing.QueryResponseInterval, Dialect.Unspecified, false, Timing.RobustnessVariable, Timing.QueryInterval, []);

    /// <summary>A specific query with the device's own timers, for other routers to send.</summary>
    public QueryContent Specific(Address group, params Address[] sources) => new(
        Generation.Sources, Timing.LastMemberQueryInterval, group, false, Timing.RobustnessVariable, Timing.QueryInterval, sources);

    /// <summary>Starts the device.</summary>
    public Task<Moment> Start() => StartDevice(Device, Place.Start);

    /// <summary>Starts the device and waits until it has queried.</summary>
    /// <returns>The moment of the start.</returns>
    public async Task<Moment> StartQuerier()
    {
        var start = await Start();
        if (await Seen(AnyGeneralQuery().From(Device).On(Lan), start, Timing.QueryInterval) is null)
            throw CannotBegin("The device does not query");
        // What comes next is not to be taken for the cause of this.
        await Pass(100.Milliseconds());
        return start;
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
        RestsOnState = true;
        string? wrong = null;
        // What was just reported may take as long as any other effect.
        await Until(async token => (wrong = Compare(await Read(token), group, shape, timers)) is null, Tolerance);
        var what = timers.Length == 0 ? "" : $", {string.Join(", ", timers.Select(each => each.ToString()))}";
        await Check(DeviceName, $"{group}: {shape}{what}", wrong);
    }

    /// <summary>Expects the device to take this address for the querier's, its own or another's, if it shows its state.</summary>
    public async Task ExpectQuerier(Address querier)
    {
        if (!ShowsState)
            return;
        RestsOnState = true;
        var own = querier == Plan.Device;
        string? wrong = null;
        await Until(
            async token =>
            {
                var state = (await Read(token)).State;
                wrong = state.IsQuerier == own && (own || state.Querier == querier)
                    ? null
                    : $"it is {(state.IsQuerier ? "the querier itself" : $"not the querier, and knows {state.Querier} as such")}";
                return wrong is null;
            },
            Tolerance);
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
    public Absence ExpectNoQueries(Address group, Moment since) => ExpectNone(QueriesAbout(group).From(Device).On(Lan), since);

    /// <summary>Lets the Last Member Query Time pass, and what the device may be late.</summary>
    public Task PassLastMemberQueryTime() => Pass(Timing.LastMemberQueryTime + Tolerance);

    /// <summary>A stream from a source upstream.</summary>
    public Task<DatagramStream> Stream(Address source, Address group, TimeSpan lasting) =>
        Sources.Stream(source, group, (Place.RealTime ? 20 : 100).Milliseconds(), lasting);

    /// <summary>
    /// Where the device does not show its state: a leave makes the querier ask for whatever there is of the group, Query(G) in EXCLUDE
    /// mode, Query(G, A or X) for the sources whose timers run (RFC 9776 §6.4.2).
    /// </summary>
    private async Task Probe(Address group, GroupShape shape)
    {
        if (!probed.Add(group))
            throw new InvalidOperationException($"{group} was probed already: this has changed it.");
        await Step($"A host leaves {group}: the queries tell its state");
        var leave = await Host3.Report(ToInclude(group));
        var times = Times.Between(1, Timing.LastMemberQueryCount);
        if (shape.Mode == FilterMode.Exclude)
            Expect(Query(group).From(Device), leave, times: times, every: Timing.LastMemberQueryInterval);
        else
            ExpectNone(Query(group).From(Device), leave);
        if (shape.Forwarded.Count > 0)
            Expect(Query(group, [.. shape.Forwarded]).From(Device), leave, times: times, every: Timing.LastMemberQueryInterval);
        else
            ExpectNone(QueriesAbout(group).Where("with sources", frame => frame.Query!.Sources.Count > 0).From(Device), leave);
        await PassLastMemberQueryTime();
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
            QueriesAbout(group).Where("about other sources", frame => asked.Length == 0 || !about.Matches(frame)).From(Device), block);
        await PassLastMemberQueryTime();
    }

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

    private async Task<InterfaceReading> Read(CancellationToken cancellation = default)
    {
        var from = Now.At;
        var state = await Place.Lab.RouterState(DeviceName, cancellation);
        Note(DeviceName, state);
        return new InterfaceReading(state.On(Device.Description.Interfaces[0].Interface), from, Now.At);
    }

    private Station Play(string name, string lan, Address address) => Station(name, lan, MacOf(lan == Lan ? 1 : 2, address), address);

    private sealed record InterfaceReading(InterfaceState State, Instant From, Instant To)
    {
        public GroupShape Shape(Address group) => GroupShape.Of(Find(group));

        public TimeSpan? Left(Address group, Address? source) =>
            source is null ? Find(group)?.Expires : Find(group)?.Sources.FirstOrDefault(each => each.Source == source)?.Expires;

        private GroupState? Find(Address group) => State.Groups.FirstOrDefault(each => each.Group == group);
    }
}
