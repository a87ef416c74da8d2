using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Scenarios.Expectations;
using MulticastLab.Lab.Scenarios.Nodes;
using MulticastLab.Lab.Scenarios.Testers;
using MulticastLab.Packets;
using MulticastLab.Packets.Traffic;
using static MulticastLab.Lab.Scenarios.Frames.Messages;

namespace MulticastLab.Conformance.Benches;

/// <summary>
/// A switch under test with four ports, each a LAN of its own: the querier is on <see cref="RouterPort"/>, members on
/// <see cref="MemberPort"/>, another host on <see cref="OtherPort"/>, the sources and a second router on <see cref="SourcePort"/>. What
/// comes out of a port, on the LAN of the same name, tells what the switch has learnt.
/// </summary>
public sealed class SwitchBench : Bench
{
    /// <summary>The port of the querier.</summary>
    public const string RouterPort = "A";

    /// <summary>The port of the hosts that report.</summary>
    public const string MemberPort = "B";

    /// <summary>The port of a host that reports nothing unless the test says so.</summary>
    public const string OtherPort = "C";

    /// <summary>The port of the sources, and of a second router where there is one.</summary>
    public const string SourcePort = "D";

    // As many queries as the longest test takes.
    private const int Queries = 15;
    private const ulong SingleDatagrams = 1_000_000;

    private ulong datagrams;

    internal SwitchBench(BenchPlace place)
        : base(place)
    {
        Device = Other(DeviceName);
        Querier = this.Play("querier", RouterPort, Plan.Low);
        Lower = this.Play("lower", SourcePort, Plan.Lower);
        Higher = this.Play("higher", SourcePort, Plan.High);
        Host1 = this.Play("host1", MemberPort, Plan.Hosts[0]);
        Host2 = this.Play("host2", MemberPort, Plan.Hosts[1]);
        Host3 = this.Play("host3", OtherPort, Plan.Hosts[2]);
        Source = this.Play("source", SourcePort, Plan.Source(1));
    }

    /// <summary>The ports.</summary>
    public static IReadOnlyList<string> Ports { get; } = [RouterPort, MemberPort, OtherPort, SourcePort];

    /// <summary>The device.</summary>
    public OtherNode Device { get; }

    /// <summary>The querier.</summary>
    public Station Querier { get; }

    /// <summary>A second router, with a lower address than the querier's.</summary>
    public Station Lower { get; }

    /// <summary>A second router, with a higher address than the querier's.</summary>
    public Station Higher { get; }

    /// <summary>A host on <see cref="MemberPort"/>.</summary>
    public Station Host1 { get; }

    /// <summary>A second host on <see cref="MemberPort"/>.</summary>
    public Station Host2 { get; }

    /// <summary>The host on <see cref="OtherPort"/>.</summary>
    public Station Host3 { get; }

    /// <summary>The sources, all of them.</summary>
    public Station Source { get; }

    /// <summary>A General Query with the timers that the device is set to.</summary>
    public QueryContent General => this.About(Dialect.Unspecified, Timing.QueryResponseInterval);

    /// <summary>One that can be told from those that the querier sends all the time.</summary>
    public QueryContent OtherGeneral => General with { MaxResponseTime = Timing.QueryResponseInterval / 2 };

    /// <summary>A specific query with these timers.</summary>
    public QueryContent Specific(Address group) => this.About(group, Timing.LastMemberQueryInterval);

    /// <summary>A General Query of an older version.</summary>
    public QueryContent OlderGeneral(Generation generation) => Older(generation, Dialect.Unspecified, Timing.QueryResponseInterval);

    /// <summary>Starts the device alone.</summary>
    public Task<Moment> Boot() => StartDevice(Device, Place.Start);

    /// <summary>Starts the device, and has the querier query from then on; the time for answers has passed once.</summary>
    public async Task Start()
    {
        await Boot();
        await Querier.Query(General);
        await Querier.QueryEvery(General, Timing.QueryInterval, Queries * Timing.QueryInterval);
        // Until everybody can have answered a switch may send all it gets to everybody.
        await Pass(Timing.QueryResponseInterval + Tolerance);
    }

    /// <summary>
    /// The same, and shows that the device snoops: of tests that something does get through, one that does not would pass them all.
    /// </summary>
    public async Task StartSnooping()
    {
        await Start();
        var group = Plan.Groups[^1];
        await Host1.Report(IsExclude(group));
        await Settle();
        var ports = await Reaches(await Data(S1, group));
        if (!ports.Contains(MemberPort))
            throw CannotBegin($"The device does not send {group} to the port of its member");
        if (ports.Contains(OtherPort))
            throw CannotBegin($"The device does not snoop: it sends {group} to a port that has no member of it");
    }

    /// <summary>Sends one datagram to a group.</summary>
    public Task<Moment> Data(Address source, Address group, Station? from = null)
    {
        var station = from ?? Source;
        var datagram = new StreamDatagram(SingleDatagrams, ++datagrams, Now.At);
        return station.Send(DatagramFrame.Of(datagram, source, group, station.Mac), $"a datagram {source} → {group}");
    }

    /// <summary>A stream of the sources' port.</summary>
    public Task<DatagramStream> Stream(Address source, Address group, TimeSpan lasting) =>
        Source.Stream(source, group, (Place.RealTime ? 20 : 100).Milliseconds(), lasting);

    /// <summary>Expects what a station has just sent to come out of some ports, unaltered and once, and out of no other.</summary>
    public Passage ExpectOnly(Moment sent, params string[] ports) =>
        ExpectPassage(sent, Device, ports, [.. Ports.Except(ports)]);

    /// <summary>Expects what a station has just sent to come out of some ports, unaltered and once; out of others it may too.</summary>
    public Passage ExpectAtLeast(Moment sent, params string[] ports) => ExpectPassage(sent, Device, ports, []);

    /// <summary>Expects what a station has just sent to come out of some ports, and not out of others.</summary>
    public Passage ExpectPassage(Moment sent, string[] to, string[] notTo) => ExpectPassage(sent, Device, to, notTo);

    /// <summary>Which ports a frame comes out of that a station has just sent.</summary>
    public async Task<IReadOnlyList<string>> Reaches(Moment sent)
    {
        var frame = SentAt(sent);
        await Pass(Tolerance);
        return [.. SeenSoFar().Where(each => each.IsCopyOf(frame, DeviceName)).Select(each => each.Frame.Lan).Distinct().Order()];
    }

    /// <summary>Lets what was just sent take effect.</summary>
    public Task Settle() => Pass(Tolerance);

    /// <summary>Takes a port down and up again.</summary>
    public async Task<Moment> Flap(string port)
    {
        await SetLink(port, up: false);
        await Settle();
        return await SetLink(port, up: true);
    }
}
