using FluentAssertions;
using MulticastLab.Membership;
using MulticastLab.Membership.Router;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Tests.Membership.Router;

/// <summary>A router core (10.0.0.2) on a clock of its own, with what it has sent and told, and when.</summary>
public sealed class RouterUnderTest
{
    /// <summary>The fast profile of the requirements: RV 2, QI 20 s, QRI 4 s; hence GMI 48 s, OQPI 42 s, SQI 5 s, LMQT 2 s.</summary>
    public static readonly Timing Fast = new()
    {
        QueryInterval = TimeSpan.FromSeconds(20),
        QueryResponseInterval = TimeSpan.FromSeconds(4),
    };

    private readonly List<(TimeSpan At, Effect Effect)> log = [];
    private readonly Vocabulary words;
    private int read;

    public RouterUnderTest(Vocabulary words, Timing? timing = null, RouterSettings? settings = null, Address? own = null, bool up = true)
    {
        this.words = words;
        Core = new RouterInterface(
            "eth0", words.Dialect, (settings ?? new RouterSettings()) with { Timing = timing ?? settings?.Timing ?? Timing.Default });
        if (up)
            Keep(Core.LinkUp(own ?? words.Own, Now));
    }

    public RouterInterface Core { get; }

    public TimeSpan Time { get; private set; }

    public Instant Now => Instant.Epoch + Time;

    public Timing Timing => Core.Dump(Now).Timing;

    public TimeSpan Gmi => Timing.GroupMembershipInterval;

    public TimeSpan Lmqt => Timing.LastMemberQueryTime;

    public InterfaceState State => Core.Dump(Now);

    public IEnumerable<Effect> Effects => log.Select(each => each.Effect);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public GroupState? Group(Address? group = null) => State.Groups.SingleOrDefault(each => each.Group == (group ?? words.Named("G1")));

    /// <summary>E.g. <c>EXCLUDE({192.0.2.1},{192.0.2.2})</c>, or nothing where there is no group.</summary>
    public string Shape(Address? group = null) => Group(group) switch
    {
        null => "none",
        { Mode: FilterMode.Include } include => $"INCLUDE({Names(include, true)})",
        { } exclude => $"EXCLUDE({Names(exclude, true)},{Names(exclude, false)})",
    };

    public TimeSpan Timer(Address source, Address? group = null) => Group(group)!.Sources.Single(each => each.Source == source).Expires;

    public TimeSpan GroupTimer(Address? group = null) => Group(group)!.Expires;

    /// <summary>Lets time pass up to and including that of the timers that are due then.</summary>
    public void Wait(TimeSpan time)
    {
        var end = Time + time;
        while (Core.NextDue <= Instant.Epoch + end)
        {
            Time = Core.NextDue - Instant.Epoch;
            Keep(Core.Advance(Now));
        }

        Time = end;
    }

    public void Wait(double seconds) => Wait(Seconds(seconds));

    public void WaitUntil(double seconds) => Wait(Seconds(seconds) - Time);

    public void IsIn(Address group, params Address[] sources) => Report(new RecordContent(RecordType.IsInclude, group, sources));

    public void IsEx(Address group, params Address[] sources) => Report(new RecordContent(RecordType.IsExclude, group, sources));

    public void ToIn(Address group, params Address[] sources) => Report(new RecordContent(RecordType.ToInclude, group, sources));

    public void ToEx(Address group, params Address[] sources) => Report(new RecordContent(RecordType.ToExclude, group, sources));

    public void Allow(Address group, params Address[] sources) => Report(new RecordContent(RecordType.Allow, group, sources));

    public void Block(Address group, params Address[] sources) => Report(new RecordContent(RecordType.Block, group, sources));

    public void Report(params RecordContent[] records) => ReportFrom(words.Host1, records);

    public void ReportFrom(Address host, params RecordContent[] records) =>
        ReportIn(new Envelope(host, words.Dialect.ReportDestination, 1, true), records);

    public void ReportIn(Envelope envelope, params RecordContent[] records) =>
        Keep(Core.Receive(envelope, new Report(ReportBytes(records), records.Length, words.AddressLength), Now));

    /// <summary>A report of the oldest version that there is.</summary>
    public void OldestReport(Address group, Address? from = null, Address? to = null) =>
        Message(GroupMessageKind.Report, words.HasVersion1 ? 1 : 2, group, from, to);

    public void V1Report(Address group, Address? from = null, Address? to = null) => Message(GroupMessageKind.Report, 1, group, from, to);

    public void V2Report(Address group, Address? from = null, Address? to = null) => Message(GroupMessageKind.Report, 2, group, from, to);

    public void Leave(Address group, Address? from = null, Address? to = null) =>
        Message(GroupMessageKind.Leave, 2, group, from, to ?? words.Dialect.AllRouters);

    /// <summary>A message of an older version.</summary>
    public void MessageIn(Envelope envelope, GroupMessageKind kind, int version, Address group) =>
        Keep(Core.Receive(envelope, new GroupMessage(kind, words.Dialect.GenerationOf(words.Version(version)), group), Now));

    public void GeneralQuery(Address from, int robustness = 2, double interval = 125, bool suppress = false) =>
        Query(from, words.Dialect.Unspecified, suppress, [], robustness, interval);

    public void Query(
        Address from, Address group, bool suppress, Address[] sources, int robustness = 2, double interval = 125, int version = 3,
        double? answerWithin = null) =>
        Keep(
            Core.Receive(
                new Envelope(from, group.IsUnspecified ? words.Dialect.AllSystems : group, 1, true),
                new Query
                {
                    Generation = words.Dialect.GenerationOf(words.Version(version)),
                    MaxResponseTime = Seconds(answerWithin ?? (group.IsUnspecified ? 10 : 1)),
                    Group = group,
                    SuppressRouterSideProcessing = suppress,
                    RobustnessVariable = robustness,
                    QueryInterval = Seconds(interval),
                    Sources = new SourceList(Bytes(sources), words.AddressLength),
                },
                Now));

    public void Configure(RouterSettings settings) => Keep(Core.Configure(settings, Now));

    public void Keep(IReadOnlyList<Effect> effects) => log.AddRange(effects.Select(each => (Time, each)));

    public void Forget() => read = log.Count;

    /// <summary>The queries sent since the last call, as text: time, kind, sources, S flag.</summary>
    public IReadOnlyList<string> Sent() =>
        [.. Take().Where(each => each.Effect is SendQuery).Select(each => Text(each.At, (SendQuery)each.Effect))];

    /// <summary>The same without General Queries.</summary>
    public IReadOnlyList<string> SentSpecific() => [.. Sent().Where(each => !each.Contains("GQ", StringComparison.Ordinal))];

    public IReadOnlyList<T> Told<T>()
        where T : Effect => [.. Take().Select(each => each.Effect).OfType<T>()];

    public IEnumerable<(TimeSpan At, Effect Effect)> Take()
    {
        var taken = log.Skip(read).ToList();
        read = log.Count;
        return taken;
    }

    public void ShouldBe(string shape, Address? group = null) => Shape(group).Should().Be(shape);

    private void Message(GroupMessageKind kind, int version, Address group, Address? from, Address? to) =>
        MessageIn(new Envelope(from ?? words.Host1, to ?? group, 1, true), kind, version, group);

    private string Text(TimeSpan at, SendQuery send)
    {
        var query = send.Query;
        send.Destination.Should().Be(query.Kind == QueryKind.General ? words.Dialect.AllSystems : query.Group, "§4.1.12");
        var suppress = query.SuppressRouterSideProcessing ? " S" : "";
        return query.Kind switch
        {
            QueryKind.General => FormattableString.Invariant($"{at.TotalSeconds} GQ"),
            QueryKind.GroupSpecific => FormattableString.Invariant($"{at.TotalSeconds} Q({Last(query.Group)}){suppress}"),
            _ => FormattableString.Invariant(
                $"{at.TotalSeconds} Q({Last(query.Group)},{string.Join('+', query.Sources.Order().Select(Last))}){suppress}"),
        };
    }

    private static string Names(GroupState group, bool forward) =>
        "{" + string.Join(',', group.Sources.Where(each => each.Forward == forward).Select(each => Last(each.Source))) + "}";

    // S1 is 192.0.2.1, G1 is 239.1.1.1.
    private static string Last(Address address) => (address.IsMulticast ? "G" : "S") + (address.V4Bits & 0xFF);

    private static byte[] Bytes(IEnumerable<Address> addresses) => [.. addresses.SelectMany(Bytes)];

    internal static byte[] Bytes(Address address)
    {
        var bytes = new byte[address.Length];
        address.Write(bytes);
        return bytes;
    }

    private static byte[] ReportBytes(RecordContent[] records) =>
    [
        .. records.SelectMany(each => (byte[])
        [
            (byte)each.Type, 0, (byte)(each.Sources.Count >> 8), (byte)each.Sources.Count,
            .. Bytes(each.Group), .. Bytes(each.Sources),
        ]),
    ];
}
