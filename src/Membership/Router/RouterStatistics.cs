using System.Text;
using MulticastLab.Membership.State;
using MulticastLab.Packets;
using MulticastLab.Packets.Igmp;

namespace MulticastLab.Membership.Router;

/// <summary>
/// Counts what a router receives, sends and refuses, by the leaf names of RFC 8652 (<c>global/statistics</c>). What the RFC has no leaf
/// for gets one of its own, prefixed <c>multicast-lab:</c>. One per router; not safe for use by several threads at once.
/// </summary>
public sealed class RouterStatistics
{
    private static readonly int ErrorKinds = Enum.GetValues<PacketError>().Length;
    private static readonly int DropReasons = Enum.GetValues<DropReason>().Length;

    private readonly long[] errors = new long[ErrorKinds];
    private readonly long[] drops = new long[DropReasons];
    private readonly long[] sentQueries = new long[3];
    private long sentReports;
    private long sentLeaves;
    private long receivedQueries;
    private long queriesOfOtherVersions;
    private long receivedReports;
    private long receivedLeaves;
    private long kernelDrops;

    /// <summary>A valid message was received.</summary>
    public void Received(IgmpType type)
    {
        switch (type)
        {
            case IgmpType.MembershipQuery:
                receivedQueries++;
                break;
            case IgmpType.V2LeaveGroup:
                receivedLeaves++;
                break;
            case IgmpType.V1MembershipReport or IgmpType.V2MembershipReport or IgmpType.V3MembershipReport:
                receivedReports++;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(type), type, "Only valid messages are counted as received.");
        }
    }

    /// <summary>A query of another version than the one configured: <see cref="QueryOfOtherVersion"/>.</summary>
    public void ReceivedQueryOfOtherVersion() => queriesOfOtherVersions++;

    /// <summary>A packet was received and is wrong.</summary>
    /// <param name="error">What is wrong with it; not <see cref="PacketError.None"/>.</param>
    public void Rejected(PacketError error) => errors[(int)error]++;

    /// <summary>The core has not acted upon a message or record: <see cref="Membership.Dropped"/>.</summary>
    public void Dropped(DropReason reason) => drops[(int)reason]++;

    /// <summary>A query was sent.</summary>
    public void Sent(QueryContent query)
    {
        ArgumentNullException.ThrowIfNull(query);
        sentQueries[(int)query.Kind]++;
    }

    /// <summary>A message was sent for what the router is a member of itself.</summary>
    public void Sent(SendAsMember message)
    {
        if (message is SendLeave)
            sentLeaves++;
        else
            sentReports++;
    }

    /// <summary>The kernel has dropped packets because the receive buffer was full.</summary>
    /// <param name="packets">How many since the last call.</param>
    public void KernelDropped(long packets) => kernelDrops += packets;

    /// <summary>The counters by name. Those of the RFC are always there, the others once they are above zero.</summary>
    public StatisticsState ToState()
    {
        var error = new Dictionary<string, long>
        {
            ["total"] = errors.Sum() + Enum.GetValues<DropReason>().Where(IsOfMessage).Sum(each => drops[(int)each]),
            ["query"] = Of(PacketError.IgmpQueryLength, PacketError.IgmpQuerySources),
            ["report"] = Of(PacketError.IgmpReportRecords, PacketError.IgmpRecordSources, PacketError.IgmpRecordAuxiliaryData),
            ["leave"] = 0,
            ["checksum"] = Of(PacketError.IgmpChecksum),
            ["too-short"] = Of(PacketError.IgmpTooShort),
        };
        foreach (var each in Enum.GetValues<PacketError>().Where(each => each is not PacketError.IgmpChecksum and not PacketError.IgmpTooShort))
            AddOwn(error, each.ToString(), errors[(int)each]);
        foreach (var each in Enum.GetValues<DropReason>())
            AddOwn(error, each.ToString(), drops[(int)each]);
        AddOwn(error, nameof(kernelDrops), kernelDrops);

        var sent = new Dictionary<string, long>
        {
            ["total"] = sentQueries.Sum() + sentReports + sentLeaves,
            ["query"] = sentQueries.Sum(),
            ["report"] = sentReports,
            ["leave"] = sentLeaves,
        };
        foreach (var kind in Enum.GetValues<QueryKind>())
            AddOwn(sent, $"{kind}Query", sentQueries[(int)kind]);

        var received = new Dictionary<string, long>
        {
            ["total"] = receivedQueries + receivedReports + receivedLeaves,
            ["query"] = receivedQueries,
            ["report"] = receivedReports,
            ["leave"] = receivedLeaves,
        };
        AddOwn(received, "queryOfOtherVersion", queriesOfOtherVersions);
        return new StatisticsState { Error = error, Received = received, Sent = sent };
    }

    private long Of(params PacketError[] kinds) => kinds.Sum(each => errors[(int)each]);

    // The others concern one record; the rest of its message counts.
    private static bool IsOfMessage(DropReason reason) => reason < DropReason.RecordType;

    private static void AddOwn(Dictionary<string, long> counters, string name, long count)
    {
        if (count > 0)
            counters.Add("multicast-lab:" + Hyphenated(name), count);
    }

    private static string Hyphenated(string name)
    {
        var text = new StringBuilder();
        foreach (var each in name)
        {
            if (char.IsUpper(each) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(each));
        }

        return text.ToString();
    }
}
