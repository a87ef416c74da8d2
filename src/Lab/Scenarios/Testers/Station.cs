using MulticastLab.Lab.Engines;
using MulticastLab.Membership;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;

namespace MulticastLab.Lab.Scenarios.Testers;

/// <summary>
/// A station that the tester plays on a LAN: a host, another router, a source. It has no stack and no process: it sends exactly what it is
/// told. Every command returns the moment at which the frame was on the LAN, by the capture's clock.
/// </summary>
public sealed class Station
{
    private readonly LabRun run;
    private ulong streams;

    internal Station(LabRun run, string name, string lan, MacAddress mac, Address address) =>
        (this.run, Name, Lan, Mac, Address) = (run, name, lan, mac, address);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The LAN that it is on.</summary>
    public string Lan { get; }

    /// <summary>Its Ethernet address.</summary>
    public MacAddress Mac { get; }

    /// <summary>Its IP address.</summary>
    public Address Address { get; }

    /// <summary>Sends a report of the current version.</summary>
    public Task<Moment> Report(params RecordContent[] records) => Report(change: null, records);

    /// <summary>Sends a report of the current version in a changed packet.</summary>
    /// <param name="change">What is different about the packet.</param>
    /// <param name="records">The records.</param>
    public Task<Moment> Report(Func<TesterPacket, TesterPacket>? change, params RecordContent[] records) =>
        Send(new SendReport(new ReportContent(records), run.Dialect.ReportDestination), TesterText.Of(records), change);

    /// <summary>Sends a report of an older version, to the group.</summary>
    public Task<Moment> OlderReport(Generation generation, Address group, Func<TesterPacket, TesterPacket>? change = null) =>
        Send(
            new SendOlderReport(generation, group),
            $"a report of version {run.Dialect.VersionOf(generation)} for {group}", change);

    /// <summary>Sends a leave of the version before the current one.</summary>
    public Task<Moment> OlderLeave(Address group, Func<TesterPacket, TesterPacket>? change = null) =>
        Send(new SendLeave(group, run.Dialect.AllRouters), $"a leave of an older version for {group}", change);

    /// <summary>Sends a query, to all systems or to its group.</summary>
    public Task<Moment> Query(QueryContent query, Func<TesterPacket, TesterPacket>? change = null)
    {
        ArgumentNullException.ThrowIfNull(query);
        return Send(QueryOf(query), TesterText.Of(query), change);
    }

    /// <summary>
    /// Sends a query over and over while the run goes on: the first time when <paramref name="every"/> has passed, the last time not later
    /// than <paramref name="lasting"/> from now.
    /// </summary>
    public Task QueryEvery(QueryContent query, TimeSpan every, TimeSpan lasting) => SendEvery(QueryOf(query), every, lasting);

    /// <summary>The same of a report of the current version.</summary>
    public Task ReportEvery(TimeSpan every, TimeSpan lasting, params RecordContent[] records) =>
        SendEvery(new SendReport(new ReportContent(records), run.Dialect.ReportDestination), every, lasting);

    /// <summary>Sends any message.</summary>
    public Task<Moment> Send(SendMessage message, string what, Func<TesterPacket, TesterPacket>? change = null)
    {
        var packet = Packet(message);
        return Send((change?.Invoke(packet) ?? packet).ToFrame(Mac), what);
    }

    /// <summary>Sends a frame as it is.</summary>
    public Task<Moment> Send(ReadOnlyMemory<byte> frame, string what) => run.Transmit(this, frame, what);

    /// <summary>Sends a stream of datagrams.</summary>
    /// <param name="source">Its source address.</param>
    /// <param name="group">Where it goes.</param>
    /// <param name="every">The time between two datagrams.</param>
    /// <param name="lasting">How long it lasts, from now on.</param>
    public async Task<DatagramStream> Stream(Address source, Address group, TimeSpan every, TimeSpan lasting)
    {
        var (start, number) = (run.Now.At, ++streams);
        for (var i = 0; i * every < lasting; i++)
        {
            var at = start + (i * every);
            await run.Schedule(
                this, DatagramFrame.Of(new StreamDatagram(number, (ulong)i, at), source, group, Mac), at);
        }

        return new DatagramStream(run, Name, source, group, every);
    }

    private async Task SendEvery(SendMessage message, TimeSpan every, TimeSpan lasting)
    {
        var start = run.Now.At;
        for (var after = every; after <= lasting; after += every)
            await run.ScheduleExactly(this, Packet(message).ToFrame(Mac), start + after);
    }

    private SendQuery QueryOf(QueryContent query) =>
        new(query, query.Kind == QueryKind.General ? run.Dialect.AllSystems : query.Group);

    private TesterPacket Packet(SendMessage message) => new() { Dialect = run.Dialect, Message = message, Source = Address };

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
