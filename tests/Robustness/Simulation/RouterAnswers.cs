using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// RFC 9776 §6: a router of version 3 is a member of 224.0.0.22, so each of those on a calm LAN answers each General Query, its own too. An
/// answer may serve several queries (§5.2).
/// </summary>
internal sealed class RouterAnswers(LabPlan plan, Windows windows, LanModel[] models, Func<NodePlan, int, bool> isUp)
{
    // Since when each router has owed an answer.
    private readonly Dictionary<(int Lan, string Router), Instant> owed = [];

    /// <summary>A General Query was sent; the model has not changed since.</summary>
    public void Asked(int lan, Instant at)
    {
        if (plan.Version < 3 || models[lan].IsDark)
            return;
        foreach (var router in plan.Routers.Where(each => each.IsOn(lan) && isUp(each, lan)))
            owed.TryAdd((lan, router.Name), at);
    }

    /// <summary>A record of that group was sent.</summary>
    public void Seen(int lan, string node, in GroupRecord record)
    {
        if (record.Type == RecordType.IsExclude)
            owed.Remove((lan, node));
    }

    /// <summary>Looks at what is overdue by now.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Overdue(Instant now)
    {
        foreach (var ((lan, router), since) in owed.ToList())
        {
            var isCalm = models[lan].CalmSince is { } calm && calm <= since;
            if (isCalm && now <= since + windows.Answered)
                continue;
            owed.Remove((lan, router));
            if (isCalm)
                return $"{router} has not answered the General Query of {since} on LAN {models[lan].Plan.Name} for "
                    + $"{Dialect.Igmp.ReportDestination}";
        }

        return null;
    }
}
