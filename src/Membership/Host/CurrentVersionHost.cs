using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// A host of the current version (RFC 9776 §5): state-change reports with retransmission, and answers to queries of which several may be
/// pending at a time.
/// </summary>
internal sealed class CurrentVersionHost(HostContext host) : HostBehaviour
{
    private readonly GeneralResponse generalResponse = new();

    /// <summary>§5.1: a change of the interface state is reported at once, together with what is pending.</summary>
    public override void Changed(HostGroup group, SourceFilter before, Instant now)
    {
        group.Change.Add(before, group.State, host.RobustnessVariable);
        ReportChange(group, now);
    }

    public override void Announce(HostGroup group, Instant now) => Changed(group, SourceFilter.None, now);

    /// <summary>§5.2, rules 1 to 5.</summary>
    public override void Queried(in Query query, Instant now)
    {
        if (query.Kind == QueryKind.General)
        {
            if (!host.Groups.Values.Any(host.IsReported))
                return;
            var due = now + host.Delay(query.MaxResponseTime);
            var until = now + query.MaxResponseTime;
            if (generalResponse.IsRunning)
            {
                // Rules 1 and 2: the earlier of both answers serves both queries. A spread answer that has begun starts over, as it owes
                // the groups that it has already reported to this query, and keeps its promise to the other.
                due = Earlier(due, generalResponse.Due);
                until = Earlier(until, generalResponse.Until);
            }

            generalResponse.Schedule(until);
            host.Timers.Start(generalResponse, due);
        }
        else if (host.Groups.TryGetValue(query.Group, out var group) && host.IsReported(group))
        {
            var due = now + host.Delay(query.MaxResponseTime);
            if (generalResponse.WillTell(query.Group) && generalResponse.Due < due)
            {
                // Rule 1: no answer of its own. One that is spread must be complete in the time of this query too, whatever becomes of it.
                generalResponse.Hasten(now + query.MaxResponseTime);
                return;
            }

            group.Response.Record(query.Sources, host.Settings.MaxSources);
            host.Timers.Start(group.Response, group.Response.IsRunning ? Earlier(due, group.Response.Due) : due);
        }
    }

    // §7.2.2 lets such a report take the place of this host's own record; then its sources would go unreported.
    public override void Overheard(Address group)
    {
    }

    public override bool Expired(QueuedTimer timer, Instant now)
    {
        switch (timer)
        {
            case Retransmission retransmission:
                ReportChange(retransmission.Group, now);
                host.RemoveIfIdle(retransmission.Group);
                return true;
            case PendingResponse response:
                Answer(response);
                return true;
            case GeneralResponse:
                AnswerGeneral(now);
                return true;
            default:
                return false;
        }
    }

    public override void Cancel()
    {
        host.Timers.Stop(generalResponse);
        foreach (var group in host.Groups.Values)
        {
            host.Timers.Stop(group.Retransmission);
            host.Timers.Stop(group.Response);
            group.Change.Clear();
            group.Response.Clear();
        }
    }

    private void ReportChange(HostGroup group, Instant now)
    {
        group.Change.Report(group.Address, group.State, host.Packer);
        if (group.Change.IsPending)
            host.Timers.Start(group.Retransmission, now + host.Delay(host.Settings.Timing.UnsolicitedReportInterval));
        else
            host.Timers.Stop(group.Retransmission);
    }

    private static Instant Earlier(Instant one, Instant other) => one < other ? one : other;

    private void Answer(PendingResponse response)
    {
        if (response.Answer(response.Group.State) is { } record)
            host.Packer.Add(record);
        response.Clear();
        host.RemoveIfIdle(response.Group);
    }

    /// <summary>One message of the answer to a General Query; the rest follows spread over what is left of the response time.</summary>
    private void AnswerGeneral(Instant now)
    {
        if (!generalResponse.HasBegun)
            generalResponse.Begin(host.Groups.Values.Where(host.IsReported).Select(group => group.Address));
        var told = 0;
        for (; !generalResponse.Left.IsEmpty; generalResponse.Skip())
        {
            if (!host.Groups.TryGetValue(generalResponse.Left[0], out var group) || !host.IsReported(group))
                continue;
            var record = PendingResponse.CurrentState(group.Address, group.State);
            if (told > 0 && !host.Packer.Fits(record))
                break;
            host.Packer.Add(record);
            group.Response.Clear();
            told++;
        }

        if (generalResponse.Left.IsEmpty)
            return;
        host.Packer.Flush();
        var messagesLeft = (generalResponse.Left.Length + told - 1) / told;
        host.Timers.Start(generalResponse, now + host.Delay((generalResponse.Until - now) / messagesLeft));
    }
}
