using System.Diagnostics;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>The groups of one interface (§6.2), as changed by messages, timers and configuration.</summary>
internal sealed class GroupTable
{
    private readonly RouterContext context;
    private readonly StateLimits limits;
    private readonly HostTracking tracking;
    private readonly GroupStore store;
    private readonly TimerEnds timers;
    private readonly RecordExecution execution;
    private readonly GroupReview review;

    public GroupTable(RouterContext context, SpecificQueries queries, SsmMap ssmMap)
    {
        this.context = context;
        limits = new StateLimits(context);
        tracking = new HostTracking(context);
        store = new GroupStore(context, queries, limits, tracking);
        timers = new TimerEnds(context, queries, store);
        execution = new RecordExecution(context, queries, store, limits, timers, tracking);
        review = new GroupReview(context, store, limits, tracking, timers, ssmMap);
    }

    public int Count => store.Count;

    /// <summary>How many source records all groups have.</summary>
    public int SourceCount => limits.SourceCount;

    public Group? Find(Address group) => store.Find(group);

    /// <summary>All groups, in no order.</summary>
    public Group[] ToArray() => [.. store.All];

    /// <summary>Whether this very record is still in the table.</summary>
    public bool Holds(Group group) => store.Holds(group);

    /// <summary>§6.3.</summary>
    public bool Forwards(Address source, Address group)
    {
        if (Find(group) is not { } found || !context.Dialect.IsForwardable(group))
            return false;
        return found.Find(source)?.IsRunning ?? found.Mode == FilterMode.Exclude;
    }

    /// <summary>Applies a report or leave of an older version whose group has been checked: translated to a record (§7.3.2).</summary>
    public void Apply(in GroupMessage message, Address reporter, Instant now)
    {
        var isReport = message.Kind == GroupMessageKind.Report;
        Apply(new GroupRecord { Type = isReport ? RecordType.IsExclude : RecordType.ToInclude, Group = message.Group }, reporter, now);
        if (!isReport || Find(message.Group) is not { } group)
            return;
        group.OlderHosts ??= new OlderHosts(group);
        if (group.OlderHosts.Of(message.Generation) is { } timer)
            context.Timers.Start(timer, now + context.OlderHostPresentInterval);
        store.UpdateCompatibilityMode(group);
    }

    /// <summary>Applies one record whose type and group have been checked.</summary>
    /// <param name="record">The record.</param>
    /// <param name="reporter">Its sender.</param>
    /// <param name="now">The present.</param>
    /// <param name="isMapped">Whether its sources are those of a mapping, and not of the sender.</param>
    public void Apply(in GroupRecord record, Address reporter, Instant now, bool isMapped = false)
    {
        var group = Find(record.Group);
        switch (GroupCompatibility.Of(record.Type, group?.CompatibilityMode ?? context.Generation))
        {
            case Treatment.AsItIs:
                execution.Execute(record, group, reporter, isMapped, now);
                break;
            case Treatment.WithoutSources:
                execution.Execute(new GroupRecord { Type = record.Type, Group = record.Group }, group, reporter, isMapped, now);
                break;
            case Treatment.Ignored:
                context.Drop(DropReason.CompatibilityMode);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>
    /// §6.6.1: a query of any router, unless the S flag is set, lowers the timers of what it queries to the Last Member Query Time. A
    /// General Query names no group; in INCLUDE mode no group timer runs; a timer that is lower, or at zero, stays. For a query of an older
    /// version the time follows from its own Max Response Time (RFC 2236 §3, RFC 2710 §4), unless that is zero, which only MLDv1 can
    /// express: nobody could answer before the group expires.
    /// </summary>
    public void LowerTimers(in Query query, Instant now)
    {
        if (query.SuppressRouterSideProcessing || query.Kind == QueryKind.General || Find(query.Group) is not { } group)
            return;
        var lowered = now + (query.Generation.HasSources || query.MaxResponseTime == TimeSpan.Zero
            ? context.LastMemberQueryTime
            : query.MaxResponseTime * context.Timing.LastMemberQueryCount);
        if (query.Kind == QueryKind.GroupSpecific)
        {
            Lower(group, lowered);
            return;
        }

        foreach (var address in query.Sources)
        {
            if (group.Find(address) is { } source)
                Lower(source, lowered);
        }
    }

    /// <summary>A group timer has expired (§6.5).</summary>
    public void GroupTimerExpired(Group group, Instant now) => timers.GroupTimerEnds(group, now);

    /// <summary>A source timer has expired (§6.2.3).</summary>
    public void SourceTimerExpired(Source source) => timers.SourceTimerEnds(source);

    /// <summary>§7.3.2: the last member of an older version may be gone.</summary>
    public void OlderHostGone(OlderHostPresentTimer timer) => store.UpdateCompatibilityMode(timer.Group);

    /// <summary>The configured version has changed, and with it the newest mode that a group can have.</summary>
    public void VersionChanged()
    {
        foreach (var group in store.All)
            store.UpdateCompatibilityMode(group);
    }

    /// <summary>Drops all groups.</summary>
    public void Clear()
    {
        foreach (var group in store.All.ToArray())
            store.Clear(group);
    }

    /// <summary>Drops a group and its sources.</summary>
    public void Clear(Group group) => store.Clear(group);

    /// <summary>From now on hosts are heard and, where that is wanted, tracked: others may have been heard before.</summary>
    public void StartTracking(Instant now) => tracking.Start(now);

    /// <summary>Tracked hosts that have not been heard lately are due to be forgotten.</summary>
    public void SweepHosts(Instant now) => tracking.Sweep(store.All, now);

    /// <summary>The settings have changed: <see cref="GroupReview"/>.</summary>
    public void SettingsChanged(RouterSettings before, Instant now) => review.Review(before, now);

    private void Lower(QueuedTimer timer, Instant lowered)
    {
        if (timer.IsRunning && timer.Due > lowered)
            context.Timers.Start(timer, lowered);
    }
}
