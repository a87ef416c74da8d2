using MulticastLab.Membership;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Membership.Host;

/// <summary>
/// One message that the host has sent, as text: <c>ALLOW(G1,{S1,S2}) BLOCK(G1,{S3})</c>; of older versions <c>V2(G1)</c>, <c>LEAVE(G1)</c>,
/// whose report is empty.
/// </summary>
public sealed record Sent(TimeSpan At, string Text, ReportContent Report);

/// <summary>
/// A host interface on a virtual clock. Addresses and versions are written as <see cref="Vocabulary"/> has them; sets of addresses as
/// "S1,S2".
/// </summary>
public sealed class HostUnderTest
{
    private readonly Vocabulary words;
    private readonly List<Sent> sent = [];
    private int taken;

    public HostUnderTest(Vocabulary words, int robustness = 2, int mtu = 1500, Random? random = null, HostSettings? settings = null)
    {
        Settings = (settings ?? new HostSettings()) with { Mtu = mtu, Timing = Timing.Default with { RobustnessVariable = robustness } };
        this.words = words;
        Host = new HostInterface("eth0", words.Dialect, Settings, random ?? new Random(4711));
    }

    public HostSettings Settings { get; }

    public HostInterface Host { get; }

    public Instant Now { get; private set; } = new(1_000_000_000_000);

    /// <summary>The time since the start, as the reports carry it.</summary>
    public TimeSpan Elapsed => Now - Start;

    private Instant Start { get; } = new(1_000_000_000_000);

    /// <summary>Every report, in order.</summary>
    public IReadOnlyList<Sent> Sent => sent;

    /// <summary>The reports since the last call.</summary>
    public IReadOnlyList<Sent> TakeSent()
    {
        var fresh = sent[taken..];
        taken = sent.Count;
        return fresh;
    }

    /// <summary>The texts of the reports since the last call.</summary>
    public string[] Take() => [.. TakeSent().Select(each => each.Text)];

    /// <summary>Runs every timer until none runs, and gives the texts of the reports since the last call.</summary>
    public string[] TakeAll()
    {
        while (Host.NextDue != Instant.Never)
            RunTo(Host.NextDue);
        return Take();
    }

    public HostUnderTest Include(string group, string sources, int socket = 1) => Listen(group, FilterMode.Include, sources, socket);

    public HostUnderTest Exclude(string group, string sources, int socket = 1) => Listen(group, FilterMode.Exclude, sources, socket);

    public HostUnderTest Listen(string group, FilterMode mode, string sources, int socket = 1)
    {
        Collect(Host.Listen(socket, words.Named(group), SourceFilter.Of(mode, Addresses(sources)), Now));
        return this;
    }

    public HostUnderTest Close(int socket)
    {
        Collect(Host.Close(socket, Now));
        return this;
    }

    public HostUnderTest LinkUp()
    {
        Collect(Host.LinkUp(Now));
        return this;
    }

    /// <summary>Receives a query; no group: general.</summary>
    /// <param name="group">The group, or "" for a General Query.</param>
    /// <param name="sources">The sources.</param>
    /// <param name="seconds">The Max Response Time.</param>
    /// <param name="qrv">The QRV field; that of the host unless told.</param>
    /// <param name="s">The S flag.</param>
    /// <param name="from">The IP source address.</param>
    /// <param name="to">The IP destination; the protocol's own unless told.</param>
    /// <param name="routerAlert">Whether the option is present.</param>
    /// <param name="version">The version by the query's form.</param>
    /// <param name="hopLimit">The hop limit, or the time to live.</param>
    public HostUnderTest Query(
        string group = "", string sources = "", double seconds = 10, int? qrv = null, bool s = false, string from = "10.0.0.1",
        string? to = null, bool routerAlert = true, int version = 3, byte hopLimit = 1)
    {
        var list = Addresses(sources);
        var bytes = new byte[list.Length * words.AddressLength];
        for (var i = 0; i < list.Length; i++)
            list[i].Write(bytes.AsSpan(i * words.AddressLength));
        var query = new Query
        {
            Generation = Dialect.Igmp.GenerationOf(version),
            MaxResponseTime = TimeSpan.FromSeconds(seconds),
            Group = group.Length == 0 ? words.Dialect.Unspecified : words.Named(group),
            SuppressRouterSideProcessing = s,
            RobustnessVariable = qrv ?? Host.RobustnessVariable,
            QueryInterval = TimeSpan.FromSeconds(125),
            Sources = new SourceList(bytes, words.AddressLength),
        };
        var envelope = new Envelope(words.Named(from), to is null ? words.Dialect.AllSystems : words.Named(to), hopLimit, routerAlert);
        Collect(Host.Receive(envelope, query, Now));
        return this;
    }

    /// <summary>Receives a message of 10.0.0.1 to all, its checksum made right.</summary>
    public HostUnderTest Receive(string message)
    {
        if (words.Dialect.TryRead(words.Packet(message), out var packet) == PacketError.None)
            Collect(Host.Receive(packet, Now));
        return this;
    }

    /// <summary>Hears another host's report of the oldest version.</summary>
    public HostUnderTest Overhear(string group)
    {
        Collect(
            Host.Receive(
                new Envelope(words.Named("10.0.0.12"), words.Named(group), 1, true),
                new GroupMessage(GroupMessageKind.Report, words.Dialect.OldestGeneration, words.Named(group)), Now));
        return this;
    }

    /// <summary>What was told for the log, in order: <c>V2 10.0.0.1 general</c>.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Lets time pass; every timer runs at its own time.</summary>
    public HostUnderTest Pass(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (Host.NextDue <= end)
            RunTo(Host.NextDue);
        Now = end;
        return this;
    }

    /// <summary>The interface state of a group as text: <c>INCLUDE{S1}</c>; empty when there is none.</summary>
    public string State(string group)
    {
        var state = Host.Dump().SingleOrDefault(each => each.Group == words.Named(group));
        return state is null ? "" : $"{(state.Mode == FilterMode.Include ? "INCLUDE" : "EXCLUDE")}{Set(state.Sources)}";
    }

    private Address[] Addresses(string names) => [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(words.Named)];

    /// <summary>So many sources: 10.2.0.0, 10.2.0.1, ….</summary>
    public static string Sources(int count) =>
        string.Join(',', Enumerable.Range(0, count).Select(i => Address.FromV4(0x0A02_0000 + (uint)i)));

    public static string Text(ReportContent report) => string.Join(' ', report.Records.Select(Text));

    private static string Text(RecordContent record)
    {
        var type = record.Type switch
        {
            RecordType.IsInclude => "IS_IN",
            RecordType.IsExclude => "IS_EX",
            RecordType.ToInclude => "TO_IN",
            RecordType.ToExclude => "TO_EX",
            RecordType.Allow => "ALLOW",
            RecordType.Block => "BLOCK",
            _ => throw new ArgumentOutOfRangeException(nameof(record)),
        };
        return $"{type}({Name(record.Group)},{Set(record.Sources)})";
    }

    private static string Set(IEnumerable<Address> sources) => $"{{{string.Join(',', sources.Select(Name))}}}";

    private static string Name(Address address) => Vocabulary.Name(address);

    private void RunTo(Instant instant)
    {
        Now = instant;
        Collect(Host.Advance(instant));
    }

    private void Collect(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case SendReport report when report.Destination == words.Dialect.ReportDestination:
                    sent.Add(new Sent(Elapsed, Text(report.Report), report.Report));
                    break;
                case SendReport report:
                    throw new InvalidOperationException(
                        $"Reports of the current version go to {words.Dialect.ReportDestination} (V3-H-4.2.15-01), not to "
                            + $"{report.Destination}.");
                case SendOlderReport report:
                    sent.Add(
                        new Sent(Elapsed, $"V{Dialect.Igmp.VersionOf(report.Generation)}({Name(report.Group)})", new ReportContent([])));
                    break;
                case SendLeave leave:
                    sent.Add(new Sent(Elapsed, $"LEAVE({Name(leave.Group)})", new ReportContent([])));
                    break;
                case OlderVersionQuery query:
                    Log.Add(
                        $"V{words.IgmpVersion(query.Version)} {Vocabulary.Text(query.Querier)} "
                            + $"{(query.Group.IsUnspecified ? "general" : Name(query.Group))}");
                    break;
                default:
                    throw new InvalidOperationException($"A host has no business with {effect}.");
            }
        }
    }
}

/// <summary>Draws delays as given, each a fraction of the longest (0 exclusive to 1), then again from the first.</summary>
public sealed class ToldDelays(params double[] fractions) : Random(0)
{
    private int next;

    public override long NextInt64(long minValue, long maxValue) =>
        Math.Clamp((long)((maxValue - 1) * fractions[next++ % fractions.Length]), minValue, maxValue - 1);
}
