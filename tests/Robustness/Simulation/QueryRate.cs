using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// The queries of one router on one LAN: General Queries no closer than their intervals, and no more specific ones than LMQC per group or
/// source for each record that calls for them (RFC 9776 §6.4.2, §6.6.3). Holds in any disorder.
/// </summary>
internal sealed class QueryRate(LabPlan plan, Windows windows)
{
    // A frame reaches a router twice at most.
    private const int Copies = 2;

    private readonly Dictionary<(int Lan, Address Group), int> records = [];
    private readonly Dictionary<(int Lan, Address Router, Address Group, Address Source), int> asked = [];
    private readonly Dictionary<(int Lan, Address Router), (int Count, Instant Last)> general = [];

    /// <summary>The router's interface has come up: its start-up queries begin.</summary>
    public void Started(int lan, Address router) => general.Remove((lan, router));

    /// <summary>A report was sent. What routers say of their own group (§6) calls for no query.</summary>
    public void Seen(int lan, in Report report)
    {
        foreach (var record in report)
        {
            if (
                record.Group != Dialect.Igmp.ReportDestination
                && record.Type is RecordType.ToInclude or RecordType.ToExclude or RecordType.Block)
                records[(lan, record.Group)] = records.GetValueOrDefault((lan, record.Group)) + 1;
        }
    }

    /// <summary>A leave of version 2 was sent.</summary>
    public void SeenLeave(int lan, Address group) => records[(lan, group)] = records.GetValueOrDefault((lan, group)) + 1;

    /// <summary>A query was sent.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Seen(int lan, Address router, in Query query, Instant at)
    {
        if (query.Kind == QueryKind.General)
            return General((lan, router), at);
        if (query.Kind == QueryKind.GroupSpecific)
            return Specific(lan, router, query.Group, Address.AnyV4);
        foreach (var source in query.Sources)
        {
            if (Specific(lan, router, query.Group, source) is { } wrong)
                return wrong;
        }

        return null;
    }

    private string? General((int Lan, Address Router) key, Instant at)
    {
        var (count, last) = general.GetValueOrDefault(key);
        general[key] = (count + 1, at);
        var least = windows.BetweenGeneralQueries(starting: count < plan.Timing.StartupQueryCount);
        return count > 0 && at - last < least ? $"{key.Router} sends General Queries {at - last} apart, at least {least} is due" : null;
    }

    private string? Specific(int lan, Address router, Address group, Address source)
    {
        var key = (lan, router, group, source);
        asked[key] = asked.GetValueOrDefault(key) + 1;
        var most = records.GetValueOrDefault((lan, group)) * plan.Timing.LastMemberQueryCount * Copies;
        return asked[key] > most
            ? $"{router} has asked for {group} {source} {asked[key]} times, for which {records.GetValueOrDefault((lan, group))} records "
                + "called"
            : null;
    }
}
