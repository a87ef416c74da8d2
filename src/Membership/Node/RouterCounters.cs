using System.Text;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Node;

/// <summary>
/// What has been received, refused and sent on an interface, or on all of them: the single set of counters. The leaves of the dump have
/// the names of RFC 8652 where it has one, otherwise those of <see cref="PacketError"/> and <see cref="DropReason"/> in small letters. Not
/// safe for use by several threads at once.
/// </summary>
/// <param name="dialect">IGMP or MLD: each has errors and versions of its own.</param>
public sealed class RouterCounters(Dialect dialect)
{
    private static readonly string[] ErrorNames = [.. Enum.GetValues<PacketError>().Select(each => Kebab(each.ToString()))];
    private static readonly string[] DropNames = [.. Enum.GetValues<DropReason>().Select(each => Kebab(each.ToString()))];

    private readonly long[] errors = new long[ErrorNames.Length];
    private readonly long[] drops = new long[DropNames.Length];

    /// <summary>Queries taken.</summary>
    public long QueriesReceived { get; set; }

    /// <summary>Queries of another version than the one configured; they are among <see cref="QueriesReceived"/>.</summary>
    public long QueriesOfOtherVersions { get; set; }

    /// <summary>Reports of the current version taken.</summary>
    public long ReportsReceived { get; set; }

    /// <summary>Version 1 reports taken.</summary>
    public long Version1ReportsReceived { get; set; }

    /// <summary>Version 2 reports taken.</summary>
    public long Version2ReportsReceived { get; set; }

    /// <summary>Leaves of older versions taken.</summary>
    public long LeavesReceived { get; set; }

    /// <summary>Packets that this router has sent itself and that came back.</summary>
    public long OwnReceived { get; set; }

    /// <summary>Packets longer than the buffer for them.</summary>
    public long Oversized { get; set; }

    /// <summary>Packets that the kernel dropped for lack of buffer space.</summary>
    public long ReceiveBufferFull { get; set; }

    /// <summary>General Queries sent.</summary>
    public long GeneralQueriesSent { get; set; }

    /// <summary>Group-Specific Queries sent.</summary>
    public long GroupQueriesSent { get; set; }

    /// <summary>Group-and-Source-Specific Queries sent.</summary>
    public long SourceQueriesSent { get; set; }

    /// <summary>Reports sent for what the router has joined itself.</summary>
    public long ReportsSent { get; set; }

    /// <summary>Leaves sent for what the router has joined itself.</summary>
    public long LeavesSent { get; set; }

    /// <summary>Messages that the kernel refused to send.</summary>
    public long SendFailures { get; set; }

    /// <summary>Data packets on another interface than their forwarding entry's, as far as the kernel reports them.</summary>
    public long WrongInterface { get; set; }

    /// <summary>Sources whose packets came in though there is no reverse path to them through the router's interfaces.</summary>
    public long NoReversePath { get; set; }

    /// <summary>Adds up the counters of several interfaces, one at least.</summary>
    public static RouterCounters Sum(params IEnumerable<RouterCounters> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        return all.Aggregate<RouterCounters, RouterCounters?>(null, (sum, each) => (sum ?? each.Empty()).Add(each))
            ?? throw new ArgumentException("There is nothing to add up.", nameof(all));
    }

    /// <summary>Counts a packet that cannot be read.</summary>
    public void Refused(PacketError error) => errors[(int)error]++;

    /// <summary>Counts a message or record that the protocol did not act upon.</summary>
    public void Dropped(DropReason reason) => drops[(int)reason]++;

    /// <summary>How many messages of a cause were refused.</summary>
    public long Of(PacketError error) => errors[(int)error];

    /// <summary>All of them, as the state dump has them.</summary>
    public StatisticsState ToState() => new() { Error = Errors(), Received = Received(), Sent = Sent() };

    /// <summary>The counters of refusals and losses.</summary>
    public IReadOnlyDictionary<string, long> Errors()
    {
        var result = new Dictionary<string, long>
        {
            ["total"] = errors.Sum() + drops.Sum() + OwnReceived + Oversized + ReceiveBufferFull,
            ["checksum"] = 0,
            ["too-short"] = 0,
            ["receive-buffer-full"] = ReceiveBufferFull,
            ["own-packet"] = OwnReceived,
            ["oversized"] = Oversized,
            ["send-failed"] = SendFailures,
            ["forwarding-wrong-interface"] = WrongInterface,
            ["forwarding-no-reverse-path"] = NoReversePath,
        };
        foreach (var error in dialect.Errors)
            result[Name(error)] = errors[(int)error];

        for (var i = 0; i < drops.Length; i++)
            result[DropNames[i]] = drops[i];
        return result;
    }

    /// <summary>The counters of messages taken.</summary>
    public IReadOnlyDictionary<string, long> Received() => new Dictionary<string, long>
    {
        ["total"] = QueriesReceived + ReportsReceived + Version1ReportsReceived + Version2ReportsReceived + LeavesReceived,
        ["query"] = QueriesReceived,
        ["query-of-other-version"] = QueriesOfOtherVersions,
        ["report"] = ReportsReceived,
        ["v1-report"] = Version1ReportsReceived,
        ["v2-report"] = Version2ReportsReceived,
        ["leave"] = LeavesReceived,
    };

    /// <summary>The counters of messages sent.</summary>
    public IReadOnlyDictionary<string, long> Sent() => new Dictionary<string, long>
    {
        ["total"] = GeneralQueriesSent + GroupQueriesSent + SourceQueriesSent + ReportsSent + LeavesSent,
        ["query"] = GeneralQueriesSent + GroupQueriesSent + SourceQueriesSent,
        ["general-query"] = GeneralQueriesSent,
        ["group-specific-query"] = GroupQueriesSent,
        ["group-and-source-specific-query"] = SourceQueriesSent,
        ["report"] = ReportsSent,
        ["leave"] = LeavesSent,
    };

    /// <summary>Counts a message taken.</summary>
    public void Received(in MembershipMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Query:
                QueriesReceived++;
                break;
            case MessageKind.Report:
                ReportsReceived++;
                break;
            case MessageKind.GroupMessage when !message.IsReport:
                LeavesReceived++;
                break;
            case MessageKind.GroupMessage when dialect.VersionOf(message.Generation) == 1:
                Version1ReportsReceived++;
                break;
            case MessageKind.GroupMessage:
                Version2ReportsReceived++;
                break;
        }
    }

    /// <summary>Counts a message sent.</summary>
    public void Sent(SendMessage message)
    {
        switch (message)
        {
            case SendQuery { Query.Kind: QueryKind.General }:
                GeneralQueriesSent++;
                break;
            case SendQuery { Query.Kind: QueryKind.GroupSpecific }:
                GroupQueriesSent++;
                break;
            case SendQuery { Query.Kind: QueryKind.GroupAndSourceSpecific }:
                SourceQueriesSent++;
                break;
            case SendLeave:
                LeavesSent++;
                break;
            case SendReport or SendOlderReport:
                ReportsSent++;
                break;
            default:
                throw new ArgumentException($"{message} is not counted.", nameof(message));
        }
    }

    /// <summary>Adds others to these.</summary>
    /// <returns>These.</returns>
    public RouterCounters Add(RouterCounters other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < errors.Length; i++)
            errors[i] += other.errors[i];
        for (var i = 0; i < drops.Length; i++)
            drops[i] += other.drops[i];
        QueriesReceived += other.QueriesReceived;
        ReportsReceived += other.ReportsReceived;
        QueriesOfOtherVersions += other.QueriesOfOtherVersions;
        Version1ReportsReceived += other.Version1ReportsReceived;
        Version2ReportsReceived += other.Version2ReportsReceived;
        LeavesReceived += other.LeavesReceived;
        OwnReceived += other.OwnReceived;
        Oversized += other.Oversized;
        ReceiveBufferFull += other.ReceiveBufferFull;
        GeneralQueriesSent += other.GeneralQueriesSent;
        GroupQueriesSent += other.GroupQueriesSent;
        SourceQueriesSent += other.SourceQueriesSent;
        ReportsSent += other.ReportsSent;
        LeavesSent += other.LeavesSent;
        SendFailures += other.SendFailures;
        WrongInterface += other.WrongInterface;
        NoReversePath += other.NoReversePath;
        return this;
    }

    private RouterCounters Empty() => new(dialect);

    // RFC 8652 has "checksum" and "too-short", which belong to the protocol: its name is omitted.
    private string Name(PacketError error)
    {
        var name = ErrorNames[(int)error];
        return name.StartsWith(dialect.Name + "-", StringComparison.OrdinalIgnoreCase) ? name[(dialect.Name.Length + 1)..] : name;
    }

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
