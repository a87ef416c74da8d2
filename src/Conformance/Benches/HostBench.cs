using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>
/// A host under test on <see cref="Bench.Lan"/>, with routers and other hosts that the tester plays; its second interface is on
/// <see cref="OtherLan"/>.
/// </summary>
public sealed class HostBench : Bench
{
    /// <summary>The LAN of the device's second interface, on which it is told to listen to nothing.</summary>
    public const string OtherLan = "B";

    internal HostBench(BenchPlace place)
        : base(place)
    {
        Device = Host(DeviceName);
        Querier = this.Play("querier", Lan, Plan.Low);
        OtherRouter = this.Play("router", Lan, Plan.High);
        OtherQuerier = this.Play("otherquerier", OtherLan, Plan.Source(1));
        Host1 = this.Play("host1", Lan, Plan.Hosts[0]);
        Host2 = this.Play("host2", Lan, Plan.Hosts[1]);
    }

    /// <summary>The device, told what to listen to by its sockets.</summary>
    public HostNode Device { get; }

    /// <summary>The querier.</summary>
    public Station Querier { get; }

    /// <summary>Another router.</summary>
    public Station OtherRouter { get; }

    /// <summary>The querier of <see cref="OtherLan"/>.</summary>
    public Station OtherQuerier { get; }

    /// <summary>Another host.</summary>
    public Station Host1 { get; }

    /// <summary>One more host.</summary>
    public Station Host2 { get; }

    /// <summary>
    /// What the tester's queries grant to answer unless a test says otherwise: the Query Response Interval, or 1 s where time has to be
    /// waited for.
    /// </summary>
    public TimeSpan ResponseTime => Place.RealTime ? 1.Seconds() : Timing.QueryResponseInterval;

    /// <summary>
    /// How long an older querier that was heard once may keep the device in its version, by RFC 9776 §8.12 or by RFC 3376 §8.12: RV × QI
    /// and ten times the Max Response Time, or the Query Response Interval, with the defaults of RV and QI.
    /// </summary>
    /// <param name="responseTime">The Max Response Time of its query.</param>
    public (TimeSpan AtLeast, TimeSpan AtMost) OlderQuerierPresentInterval(TimeSpan responseTime)
    {
        var least = Timing.RobustnessVariable * Timing.QueryInterval;
        var (tenfold, usual) = (10 * responseTime, Timing.QueryResponseInterval);
        return (least, least + (tenfold > usual ? tenfold : usual));
    }

    /// <summary>The version of the protocol that the device was started for; null for its default.</summary>
    internal int? Version => Place.Start.Version;

    /// <summary>Whether the device can be told what to listen to.</summary>
    internal bool CanListen => Place.Device.Listen is not null;

    /// <summary>Whether time has to be waited for.</summary>
    internal bool RealTime => Place.RealTime;

    /// <summary>A General Query.</summary>
    /// <param name="within">Its Max Response Time; <see cref="ResponseTime"/> when not given.</param>
    public QueryContent General(TimeSpan? within = null) => this.About(Dialect.Unspecified, within ?? ResponseTime);

    /// <summary>A Group-Specific Query, or a Group-and-Source-Specific one.</summary>
    public QueryContent Specific(Address group, params Address[] sources) => this.About(group, ResponseTime, sources);

    /// <summary>A General Query of an older version.</summary>
    /// <param name="generation">That of the version. The first one grants 10 s always (RFC 9776 §7.2.1).</param>
    /// <param name="within">Its Max Response Time; <see cref="ResponseTime"/> when not given.</param>
    public QueryContent OlderGeneral(Generation generation, TimeSpan? within = null) => Older(
        generation, Dialect.Unspecified, generation == Generation.Reports ? 10.Seconds() : within ?? ResponseTime);

    /// <summary>A query about a group of the version before the current one.</summary>
    /// <param name="group">The group.</param>
    /// <param name="within">Its Max Response Time; <see cref="ResponseTime"/> when not given.</param>
    public QueryContent OlderSpecific(Address group, TimeSpan? within = null) =>
        Older(Generation.Leaves, group, within ?? ResponseTime);

    /// <summary>Starts the device, or takes it as it runs.</summary>
    public Task<Moment> Start() => Begin(Device);

    /// <summary>
    /// Gives a command to the device and waits until it has said so on the wire, all RV times: what comes next does not fall among the
    /// repetitions of its report.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="said">A record of the report that it leads to.</param>
    public async Task<Moment> Settled(Task<Moment> command, RecordContent said)
    {
        ArgumentNullException.ThrowIfNull(command);
        var moment = await command;
        if (await Seen(Carrying(said).From(Device), moment, Timing.UnsolicitedReportInterval) is null)
            throw CannotBegin($"The device does not report {said.Type.ShortName()} of {said.Group}");
        await PassRepetitions();
        return moment;
    }

    /// <summary>Expects an answer to a query: a report with this record, at a random time within the query's Max Response Time.</summary>
    /// <param name="record">The record.</param>
    /// <param name="query">The query.</param>
    /// <param name="asked">When it was sent.</param>
    public Series ExpectAnswer(RecordContent record, QueryContent query, Moment asked)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Expect(Carrying(record).From(Device), since: asked, within: query.MaxResponseTime);
    }
}
