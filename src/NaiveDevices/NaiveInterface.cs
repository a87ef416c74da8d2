using System.Buffers.Binary;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;
using static MulticastLab.NaiveDevices.RouterMistakes;

namespace MulticastLab.NaiveDevices;

/// <summary>
/// The naive router on one LAN: queries, the election of the querier, and what it does with messages (RFC 9776 §6). What it knows of groups
/// is in <see cref="NaiveGroups"/>.
/// </summary>
internal sealed class NaiveInterface
{
    private readonly ISimulatedMachine machine;
    private readonly NaiveSettings settings;
    private readonly NaiveGroups groups;
    private readonly Random random;

    private Address querier;
    private Instant otherQuerierUntil = Instant.Never;
    private int startupQueriesLeft;
    private int series;
    private bool hangs;

    internal NaiveInterface(ISimulatedMachine machine, string name, NaiveSettings settings)
    {
        this.machine = machine;
        this.settings = settings;
        Name = name;
        Timers = new NaiveTimers(settings);
        groups = new NaiveGroups(machine, settings, this);
        // Only the delay of its own answers depends on it.
        random = new Random((int)machine.MacOf(name).Bits);
    }

    internal string Name { get; }

    internal NaiveTimers Timers { get; }

    internal bool IsQuerier => querier == Own;

    private Address Own => machine.AddressOf(Name) ?? Address.AnyV4;

    private Instant Now => machine.Now;

    internal void Start()
    {
        querier = Own;
        startupQueriesLeft = Makes(OneStartupQuery) ? 1 : Timers.StartupQueryCount;
        QueryAgain(++series, IgmpPacket.AllSystems);
        if (Makes(NotInAllRouters))
            return;
        // The router is a member itself, and repeats that it has joined (§5.1).
        for (var i = 0; i < Timers.RobustnessVariable; i++)
            machine.At(Now + (i * Timers.UnsolicitedReportInterval), () => ReportOwn(RecordType.ToExclude));
    }

    internal bool Forwards(Address source, Address group) => !hangs && groups.Forwards(source, group);

    internal void Receive(IgmpPacket packet)
    {
        var message = packet.Message;
        if (hangs || packet.Source == Own || message.Length < 8 || !packet.ChecksumIsRight)
            return;
        if (message[0] != 0x11 && !packet.Destination.IsMulticast && Makes(UnicastDropped))
            return;
        switch (message[0])
        {
            case 0x11 when IgmpQuery.Read(message) is { } query:
                ReceiveQuery(packet.Source, query);
                break;
            case 0x22:
                ReceiveReport(packet);
                break;
            case 0x12 or 0x16 or 0x17 when !Makes(VersionThreeOnly):
                ReceiveOlder(message[0], Address.Read(message.Slice(4, 4)));
                break;
        }
    }

    /// <summary>Sends a query about a group (§6.6.3).</summary>
    internal void AskAbout(Address group, bool suppress) => AskAboutSources(group, [], suppress);

    /// <summary>Sends queries about sources of a group, as many as they need (§4.1.8).</summary>
    internal void AskAboutSources(Address group, IReadOnlyList<Address> sources, bool suppress)
    {
        var query = Query(group, Timers.LastMemberQueryInterval) with { Suppress = suppress };
        if (sources.Count == 0 || Makes(LongQueries))
            Send(group, query with { Sources = sources });
        else
            foreach (var part in sources.Chunk(IgmpPacket.MostSourcesOfQuery))
                Send(group, query with { Sources = part });
    }

    // Once more, and then at the next interval, until the role changes.
    private void QueryAgain(int of, Address destination)
    {
        if (of != series || !IsQuerier || hangs)
            return;
        Send(destination, Query(Address.AnyV4, Timers.QueryResponseInterval));
        Answer(Timers.QueryResponseInterval);
        var next = --startupQueriesLeft > 0 ? Timers.StartupQueryInterval : Timers.QueryInterval;
        machine.At(Now + next, () => QueryAgain(of, IgmpPacket.AllSystems));
    }

    private void ReceiveQuery(Address from, IgmpQuery query)
    {
        if (query.Version < 3 && Makes(VersionTwoElectsNobody))
            return;
        if (!query.IsGeneral)
        {
            if (!query.Suppress || Makes(SFlagIgnored))
                groups.LowerTimers(query);
            return;
        }

        Answer(TimeSpan.FromSeconds(0.1 * Decode(query.Version == 1 ? (byte)100 : query.MaxRespCode)));
        // §6.6.2. A switch queries from 0.0.0.0, which is no router's address.
        if (from.IsUnspecified || from >= Own)
            return;
        var isBetween = !IsQuerier && from > querier;
        querier = from;
        series++;
        if (query.Version == 3 && !Makes(NothingAdopted))
            Timers.Adopt(query.Robustness, TimeSpan.FromSeconds(Decode(query.IntervalCode)));
        if ((isBetween && Makes(BetweenStopsTimer)) || (query.Suppress && Makes(SFlagElects)))
        {
            otherQuerierUntil = Instant.Never;
            return;
        }

        otherQuerierUntil = Now + Timers.OtherQuerierPresentInterval;
        machine.At(otherQuerierUntil, TakeOver);
    }

    private void TakeOver()
    {
        if (otherQuerierUntil > Now)
            return;
        otherQuerierUntil = Instant.Never;
        querier = Own;
        Timers.Restore();
        QueryAgain(++series, Makes(TakeOverToRouters) ? IgmpPacket.ReportDestination : IgmpPacket.AllSystems);
    }

    private void ReceiveReport(IgmpPacket packet)
    {
        if (packet.Source.IsUnspecified && Makes(UnspecifiedDropped))
            return;
        var records = new List<GroupRecord>();
        var message = packet.Message;
        var at = 8;
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); left > 0; left--)
        {
            if (message.Length < at + 8)
                return;
            var count = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
            if (IgmpPacket.Addresses(message, at + 8, count) is not { } sources)
                return;
            records.Add(new GroupRecord((RecordType)message[at], Address.Read(message.Slice(at + 4, 4)), sources));
            var auxiliary = Makes(AuxiliaryDataRead) ? 0 : 4 * message[at + 1];
            at += 8 + (4 * count) + auxiliary;
            if (at > message.Length)
                return;
        }

        if (Makes(UnknownRecordEndsReport) && records.Exists(each => !Enum.IsDefined(each.Type)))
            return;
        foreach (var record in records)
        {
            if (!record.Group.IsMulticast && Makes(UnicastGroupHangs))
                hangs = true;
            if (hangs || !groups.Apply(record))
                return;
        }
    }

    // Of versions 1 and 2 (§7.3.2).
    private void ReceiveOlder(byte type, Address group)
    {
        if (type == 0x17)
            groups.Apply(new GroupRecord(RecordType.ToInclude, group, []), isLeave: true);
        else
            groups.ApplyOlder(group, isVersionOne: type == 0x12);
    }

    private IgmpQuery Query(Address group, TimeSpan response)
    {
        var code = Makes(MaxRespCodeFixed) ? (byte)125 : Encode((int)Math.Round(response.TotalSeconds * 10));
        return new IgmpQuery(3, code, group, false, Timers.RobustnessVariable, Encode((int)Timers.QueryInterval.TotalSeconds), []);
    }

    private void Send(Address destination, IgmpQuery query) => Send(destination, query.ToBytes());

    private void Send(Address destination, byte[] message) => machine.Send(
        Name,
        IgmpPacket.Frame(
            machine.MacOf(Name), Own, destination, message, routerAlert: !Makes(NoRouterAlert),
            typeOfService: (byte)(Makes(TosZero) ? 0 : 0xC0), timeToLive: 1));

    // As a member of the routers' own group it answers queries, its own too.
    private void Answer(TimeSpan within)
    {
        if (!Makes(NotInAllRouters))
            machine.At(Now + (within * random.NextDouble()), () => ReportOwn(RecordType.IsExclude));
    }

    private void ReportOwn(RecordType type)
    {
        if (!hangs)
            Send(IgmpPacket.ReportDestination, IgmpPacket.Report([new GroupRecord(type, IgmpPacket.ReportDestination, [])]));
    }

    private int Decode(byte code) => Makes(LinearCodes) ? code : IgmpPacket.Decode(code);

    private byte Encode(int value) => Makes(LinearCodes) ? (byte)Math.Min(value, 255) : IgmpPacket.Encode(value);

    private bool Makes(Mistake mistake) => settings.Makes(mistake);
}
