using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// A host of an older version (RFC 2236 §6; RFC 1112, Appendix I, for version 1): only whole groups can be reported, each by a message of
/// its own, and one host's report suppresses all others.
/// </summary>
/// <remarks>
/// A host that follows an older querier (RFC 9776 §7.2.1) still knows the queries of its own version. One that is configured as version 1
/// is what RFC 1112 describes: it answers General Queries only, within 10 s whatever their Max Resp Code, and is suppressed by reports of
/// version 1 only.
/// </remarks>
internal sealed class OlderVersionHost(HostContext host, HostCompatibility compatibility) : HostBehaviour
{
    // RFC 2236 §3 recommends one or two repetitions of an unsolicited report.
    private const int MostRepetitions = 2;

    public override void Changed(HostGroup group, SourceFilter before, Instant now)
    {
        // A change of the sources cannot be reported (§7.2.1).
        if (before.IsNone)
            Announce(group, now);
        else if (group.State.IsNone)
            Leave(group);
    }

    public override void Announce(HostGroup group, Instant now)
    {
        Report(group.OlderReport);
        group.OlderReport.Left = Math.Clamp(host.RobustnessVariable - 1, 0, MostRepetitions);
        if (group.OlderReport.Left > 0)
            Start(group.OlderReport, now + host.Delay(host.Settings.Timing.OlderVersionUnsolicitedReportInterval));
        else
            host.Timers.Stop(group.OlderReport);
    }

    /// <summary>A query for sources also queries the group: a host of this version does not read that far.</summary>
    public override void Queried(in Query query, Instant now)
    {
        var granted = host.Generation.HasSpecificQueries
            ? query.MaxResponseTime
            : host.Dialect.Representable(query.MaxResponseTime, host.Generation);
        if (query.Kind == QueryKind.General)
        {
            foreach (var each in host.Groups.Values.Where(host.IsReported).OrderBy(each => each.Address))
                Queried(each.OlderReport, granted, now);
        }
        else if (host.Groups.TryGetValue(query.Group, out var group) && host.IsReported(group))
        {
            Queried(group.OlderReport, granted, now);
        }
    }

    public override void Overheard(Address group)
    {
        // RFC 4604 §2.2: whoever has reported a source-specific group has not reported these sources.
        if (!host.Groups.TryGetValue(group, out var known) || host.IsSourceSpecific(group))
            return;
        host.Timers.Stop(known.OlderReport);
        known.OlderReport.WasLast = false;
    }

    public override bool Expired(QueuedTimer timer, Instant now)
    {
        if (timer is not OlderReport report)
            return false;
        Report(report);
        if (--report.Left > 0)
            Start(report, now + host.Delay(host.Settings.Timing.OlderVersionUnsolicitedReportInterval));
        return true;
    }

    public override void Cancel()
    {
        foreach (var group in host.Groups.Values)
        {
            host.Timers.Stop(group.OlderReport);
            group.OlderReport.WasLast = true;
        }
    }

    /// <summary>RFC 2236 §6: the host that was the last to report sends the leave; version 1 has no message for that (§4).</summary>
    private void Leave(HostGroup group)
    {
        host.Timers.Stop(group.OlderReport);
        if (compatibility.Mode.HasLeaves && group.OlderReport.WasLast)
            host.Effects.Add(new SendLeave(group.Address, host.Dialect.AllRouters));
    }

    /// <summary>RFC 2236 §3: a running timer is restarted only if it would expire after the Max Response Time.</summary>
    private void Queried(OlderReport report, TimeSpan maxResponseTime, Instant now)
    {
        if (report.IsRunning && report.Due <= now + maxResponseTime)
            return;
        if (!report.IsRunning)
            report.Left = 1;
        Start(report, now + host.Delay(maxResponseTime));
    }

    private void Start(OlderReport report, Instant due) => host.Timers.Start(report, due);

    private void Report(OlderReport report)
    {
        host.Effects.Add(new SendOlderReport(compatibility.Mode, report.Group.Address));
        report.WasLast = true;
    }
}

/// <summary>The report timer of a group while the host is of an older version: RFC 2236 §6, "delaying member" while it runs.</summary>
internal sealed class OlderReport(HostGroup group) : QueuedTimer
{
    public HostGroup Group { get; } = group;

    /// <summary>How many reports are still to be sent, this timer's first.</summary>
    public int Left { get; set; }

    /// <summary>Whether this host was the last one heard to report the group; until another is heard.</summary>
    public bool WasLast { get; set; } = true;
}
