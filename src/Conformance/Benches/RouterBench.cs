using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Lab.Scenarios.Testers;
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

    private readonly Station low;
    private readonly Station lower;

    internal RouterBench(BenchPlace place)
        : base(place)
    {
        Device = Router(DeviceName);
        Host1 = this.Play("host1", Lan, Plan.Hosts[0]);
        Host2 = this.Play("host2", Lan, Plan.Hosts[1]);
        Host3 = this.Play("host3", Lan, Plan.Hosts[2]);
        low = this.Play("low", Lan, Plan.Low);
        lower = this.Play("lower", Lan, Plan.Lower);
        High = this.Play("high", Lan, Plan.High);
        Higher = this.Play("higher", Lan, Plan.Higher);
        Highest = this.Play("highest", Lan, Plan.Highest);
        Sources = this.Play("sources", Upstream, Plan.Source(1));
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

    /// <summary>The groups whose state was found out by probing, which changes it.</summary>
    internal HashSet<Address> Probed { get; } = [];

    /// <summary>Whether the device shows its state.</summary>
    public bool ShowsState => Device.Description.HasRouterState;

    /// <summary>Whether the device forwards from <see cref="Upstream"/>: see <see cref="ConformanceTest.Preferred"/>.</summary>
    public bool Forwards => Place.Start.Options.Contains("forward");

    /// <summary>A time after which a timer that was set before can be told from one that is set now.</summary>
    /// <remarks>A Group Membership Interval may be either RFC's: see <see cref="TimerLeft.Gmi"/>.</remarks>
    public TimeSpan Distinguishable =>
        Timing.QueryResponseInterval + (2 * (Tolerance + Place.Device.Resolution)) + 100.Milliseconds();

    /// <summary>A General Query with the device's own timers, for other routers to send.</summary>
    public QueryContent General => this.About(Dialect.Unspecified, Timing.QueryResponseInterval);

    /// <summary>A specific query with the device's own timers, for other routers to send.</summary>
    public QueryContent Specific(Address group, params Address[] sources) =>
        this.About(group, Timing.LastMemberQueryInterval, sources);

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
    /// <remarks>Ends the test where the device cannot be told.</remarks>
    public Task<Moment> SetLink(bool up) =>
        Place.StartsDevice ? SetLink(Lan, up) : throw CannotApply("A device on a wire cannot be told to take an interface down");

    /// <summary>A moment from which on a frame that came at this one is not seen again.</summary>
    public static Moment JustAfter(Moment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new Moment(moment.At + TimeSpan.FromTicks(1), moment.Name);
    }

    /// <summary>Lets time pass until this long after a moment, however long what came in between has taken.</summary>
    public Task PassUntil(Moment moment, TimeSpan after)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return Pass(moment.At + after - Now.At);
    }

    /// <summary>Lets what was just reported take effect.</summary>
    public Task Settle() => Pass(Tolerance);

    /// <summary>A stream from a source upstream.</summary>
    public Task<DatagramStream> Stream(Address source, Address group, TimeSpan lasting) =>
        Sources.Stream(source, group, (Place.RealTime ? 20 : 100).Milliseconds(), lasting);

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
    internal Task Arrive() => Pass(Place.Lab.Latency / 2);

    /// <summary>Waits until the device's state is as it should be, which may take as long as any other effect.</summary>
    internal async Task UntilShown(Func<CancellationToken, Task<bool>> condition)
    {
        RestsOnState = true;
        await Arrive();
        var begun = Now.At;
        await Until(condition, Tolerance);
        // Seen so late, it does not tell what it was when it should have been so.
        if (Now.At - begun > Tolerance + (2 * Place.Lab.Latency))
            IsStale = true;
    }

    internal async Task<RouterReading> Read(CancellationToken cancellation = default)
    {
        var from = Now.At;
        var state = await Place.Lab.RouterState(DeviceName, cancellation);
        Note(DeviceName, state);
        // What was read is of an unknown time by then.
        if (Now.At - from > 2 * Place.Lab.Latency)
            Delayed(from, "the device's state");
        return new RouterReading(state.On(Device.Description.Interfaces[0].Interface), from, Now.At);
    }
}
