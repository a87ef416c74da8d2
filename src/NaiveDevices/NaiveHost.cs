using System.Buffers.Binary;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Packets;
using static MulticastLab.NaiveDevices.HostMistakes;

namespace MulticastLab.NaiveDevices;

/// <summary>
/// The naive host: the host side of IGMPv3 (RFC 9776 §5) as one writes it in a week, without the project's cores, with all the mistakes of
/// <see cref="HostMistakes"/> that it is not told to leave out. It has one interface.
/// </summary>
internal sealed class NaiveHost : ISimulatedListener
{
    private static readonly Address SourceSpecificRange = Address.Parse("232.0.0.0");
    private static readonly TimeSpan OlderReportInterval = TimeSpan.FromSeconds(10); // of versions 1 and 2

    private readonly ISimulatedMachine machine;
    private readonly NaiveSettings settings;
    private readonly string name;
    private readonly int robustness;
    private readonly TimeSpan reportInterval;
    private readonly Random random;

    private readonly Dictionary<(string Socket, Address Group), SourceFilter> sockets = [];
    private readonly SortedDictionary<Address, NaiveMembership> memberships = [];
    private Instant generalDue = Instant.Never;
    private Instant versionOneUntil;
    private Instant versionTwoUntil;

    internal NaiveHost(ISimulatedMachine machine, NaiveSettings settings)
    {
        this.machine = machine;
        this.settings = settings;
        name = settings.Interfaces.Count > 0 ? settings.Interfaces[0] : machine.Interfaces[0];
        robustness = settings.Count("ROBUSTNESS_VARIABLE", 2);
        reportInterval = settings.Time("UNSOLICITED_REPORT_INTERVAL", 1);
        random = new Random((int)machine.MacOf(name).Bits);
        if (Makes(AllSystemsReported))
            Listen("system", IgmpPacket.AllSystems, SourceFilter.AnySource);
    }

    private Instant Now => machine.Now;

    private int Version => Makes(OlderQueriersIgnored) ? 3 : versionOneUntil > Now ? 1 : versionTwoUntil > Now ? 2 : 3;

    private TimeSpan RepetitionDelay => (Version == 3 ? reportInterval : OlderReportInterval) * random.NextDouble();

    /// <inheritdoc/>
    public void Listen(string socket, Address group, SourceFilter filter)
    {
        // Everybody hears this group, and nobody reports it (§5).
        if (group == IgmpPacket.AllSystems && !Makes(AllSystemsReported))
            return;
        if (Makes(ExcludeListDropped) && filter.Mode == FilterMode.Exclude)
            filter = SourceFilter.AnySource;
        sockets[(socket, group)] = filter;
        if (filter.IsNone)
            sockets.Remove((socket, group));
        // A group of this range is asked for by its sources only (RFC 4604 §2.2.1).
        if (group.IsIn(SourceSpecificRange, 8) && filter.Mode == FilterMode.Exclude)
            sockets.Remove((socket, group));
        List<SourceFilter> all = [.. sockets.Where(each => each.Key.Group == group).Select(each => each.Value)];
        Change(group, Makes(LastSocketWins) ? filter : all.Count == 0 ? SourceFilter.None : SourceFilter.Merge(all));
    }

    /// <inheritdoc/>
    public void Receive(string interfaceName, ReadOnlyMemory<byte> frame)
    {
        if (interfaceName != name || IgmpPacket.Read(frame.Span) is not { IsIgmp: true } packet)
            return;
        var message = packet.Message;
        if (message.Length < 8 || packet.Source == machine.AddressOf(name))
            return;
        if (!packet.ChecksumIsRight && !Makes(WrongChecksumAccepted))
            return;
        if (message[0] == 0x11 && IgmpQuery.Read(message) is { } query && IsForUs(packet, query))
            ReceiveQuery(query);
        else if (message[0] is 0x12 or 0x16 && Version < 3)
            SuppressOlder(Address.Read(message.Slice(4, 4)));
        else if (message[0] == 0x22 && Makes(SuppressesAnswers))
            SuppressAll(message);
    }

    /// <inheritdoc/>
    public void End()
    {
        // It holds nothing.
    }

    private static bool IsForUs(IgmpPacket packet, IgmpQuery query) =>
        (packet.HasRouterAlert || query.Version == 1)
        && (!query.IsGeneral || !packet.Destination.IsMulticast || packet.Destination == IgmpPacket.AllSystems);

    // §5.1: what has changed is reported at once, and again until it was robustness times.
    private void Change(Address group, SourceFilter wanted)
    {
        if (!memberships.TryGetValue(group, out var membership))
            memberships.Add(group, membership = new NaiveMembership());
        var before = membership.Filter;
        if (wanted.Equals(before))
            return;
        membership.Filter = wanted;
        // Older versions know of no sources.
        if (Version < 3 && wanted.IsNone == before.IsNone)
            return;
        var times = Makes(ReportsOnce) ? 1 : robustness;
        if (wanted.Mode != before.Mode)
        {
            membership.ModeReportsLeft = times;
        }
        else
        {
            foreach (var source in wanted.Sources.Except(before.Sources).Concat(before.Sources.Except(wanted.Sources)))
                membership.SourceReportsLeft[source] = times;
        }

        if (!(wanted.IsNone && Makes(LeavesSilently)))
            ReportChange(group, membership, ++membership.Series);
        else
            membership.Series++;
    }

    private void ReportChange(Address group, NaiveMembership membership, int series)
    {
        if (series != membership.Series)
            return;
        var more = membership.NextChange(out var records, group);
        if (Version < 3)
            SendOlder(group, isLeave: membership.Filter.IsNone);
        else if (Makes(CurrentStateOnChange))
            SendReport([Whole(group, membership.Filter)]);
        else if (records.Count > 0)
            SendReport(records);
        if (more && !(Version < 3 && membership.Filter.IsNone))
            machine.At(Now + RepetitionDelay, () => ReportChange(group, membership, series));
    }

    // §5.2.
    private void ReceiveQuery(IgmpQuery query)
    {
        if (query.Version < 3 && query.IsGeneral)
            HearOlder(query);
        var response = query.Version == 1 ? 100 : query.Version == 2 || Makes(LinearCodes) ? query.MaxRespCode
            : IgmpPacket.Decode(query.MaxRespCode);
        var due = Now + (Makes(AnswersAtOnce) ? TimeSpan.Zero : TimeSpan.FromSeconds(0.1 * response) * random.NextDouble());
        if (query.IsGeneral)
        {
            if (Version < 3)
            {
                foreach (var (group, _) in Joined())
                    AnswerAbout(group, [], Now + (TimeSpan.FromSeconds(0.1 * response) * random.NextDouble()));
            }
            else if (due < generalDue)
            {
                generalDue = due;
                machine.At(due, AnswerGeneral);
            }
        }
        else if (!Makes(GeneralQueriesOnly) && due < generalDue)
        {
            AnswerAbout(query.Group, query.Sources, due);
        }
    }

    private void HearOlder(IgmpQuery query)
    {
        var before = Version;
        // §8.12, with the defaults of the querier's timers.
        var response = TimeSpan.FromSeconds(query.Version == 1 ? 10 : 0.1 * query.MaxRespCode);
        var until = Now + (robustness * TimeSpan.FromSeconds(125)) + (10 * response);
        if (query.Version == 1)
            versionOneUntil = until;
        else
            versionTwoUntil = until;
        if (Version == before)
            return;
        // §7.2.1: what was to be said in the other version is not said any more.
        generalDue = Instant.Never;
        foreach (var each in memberships.Values)
            each.Forget();
    }

    private void AnswerAbout(Address group, IReadOnlyList<Address> sources, Instant due)
    {
        if (!memberships.TryGetValue(group, out var membership) || membership.Filter.IsNone || group == IgmpPacket.AllSystems)
            return;
        var isPending = membership.AnswerDue != Instant.Never;
        if (sources.Count == 0 || (isPending && membership.Asked.Count == 0))
            membership.Asked.Clear();
        else
            membership.Asked.UnionWith(sources);
        if (isPending && membership.AnswerDue <= due)
            return;
        membership.AnswerDue = due;
        machine.At(due, () => AnswerGroup(group, membership));
    }

    private void AnswerGeneral()
    {
        if (generalDue > Now)
            return;
        generalDue = Instant.Never;
        SendReport([.. Joined().Where(each => !each.Value.IsSuppressed).Select(each => Whole(each.Key, each.Value.Filter))]);
        foreach (var each in memberships.Values)
            each.IsSuppressed = false;
    }

    private void AnswerGroup(Address group, NaiveMembership membership)
    {
        if (membership.AnswerDue > Now)
            return;
        membership.AnswerDue = Instant.Never;
        var asked = membership.Asked.ToList();
        membership.Asked.Clear();
        if (membership.Filter.IsNone)
            return;
        if (Version < 3)
        {
            SendOlder(group, isLeave: false);
        }
        else if (asked.Count == 0 || Makes(SourcesNotCompared))
        {
            SendReport([Whole(group, membership.Filter)]);
        }
        else
        {
            List<Address> wanted = [.. asked.Where(membership.Filter.Wants).Order()];
            if (wanted.Count > 0)
                SendReport([new GroupRecord(RecordType.IsInclude, group, wanted)]);
        }
    }

    // Another host has said it: that is enough in versions 1 and 2, but where sources count (RFC 4604 §2.2.3).
    private void SuppressOlder(Address group)
    {
        if (!group.IsIn(SourceSpecificRange, 8))
            Suppress(group);
    }

    private void Suppress(Address group)
    {
        if (memberships.TryGetValue(group, out var membership))
            membership.AnswerDue = Instant.Never;
    }

    private void SuppressAll(ReadOnlySpan<byte> report)
    {
        for (var at = 8; at + 8 <= report.Length; at += 8 + (4 * BinaryPrimitives.ReadUInt16BigEndian(report[(at + 2)..])))
        {
            var group = Address.Read(report.Slice(at + 4, 4));
            Suppress(group);
            if (generalDue != Instant.Never && memberships.TryGetValue(group, out var membership))
                membership.IsSuppressed = true;
        }
    }

    private IEnumerable<KeyValuePair<Address, NaiveMembership>> Joined() => memberships.Where(each => !each.Value.Filter.IsNone);

    private static GroupRecord Whole(Address group, SourceFilter filter) =>
        new(filter.Mode == FilterMode.Include ? RecordType.IsInclude : RecordType.IsExclude, group, filter.Sources);

    private void SendReport(List<GroupRecord> records)
    {
        foreach (var each in Makes(LongReports) && records.Count > 0 ? [records] : NaiveReports.Spread(records))
            Send(Makes(SentToGroup) ? each[0].Group : IgmpPacket.ReportDestination, IgmpPacket.Report(each));
    }

    private void SendOlder(Address group, bool isLeave)
    {
        if (isLeave && Version == 1)
            return;
        var message = new byte[8];
        message[0] = (byte)(isLeave ? 0x17 : Version == 1 ? 0x12 : 0x16);
        group.Write(message.AsSpan(4));
        Send(isLeave ? IgmpPacket.AllRouters : group, message);
    }

    private void Send(Address destination, byte[] message) => machine.Send(
        name,
        IgmpPacket.Frame(
            machine.MacOf(name), machine.AddressOf(name) ?? Address.AnyV4, destination, message,
            routerAlert: !Makes(NoRouterAlert), typeOfService: (byte)(Makes(TosZero) ? 0 : 0xC0),
            timeToLive: (byte)(Makes(TtlSixtyFour) ? 64 : 1)));

    private bool Makes(Mistake mistake) => settings.Makes(mistake);
}
