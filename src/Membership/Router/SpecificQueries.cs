using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// Queries that one action of the state table has started and that are sent Last Member Query Count times, a Last Member Query
/// Interval apart; as a timer itself the time of the next transmission.
/// </summary>
internal sealed class QuerySeries(Group group, bool asksGroup, IReadOnlyList<Source> sources, Timing timing) : QueuedTimer
{
    public Group Group => group;

    /// <summary>Whether the group is queried; no longer so when newer queries took over.</summary>
    public bool AsksGroup { get; set; } = asksGroup;

    /// <summary>The sources it began with; those still queried have it as their <see cref="Source.Series"/>.</summary>
    public IReadOnlyList<Source> Sources => sources;

    public int SourcesLeft { get; set; } = sources.Count;

    public int TransmissionsLeft { get; set; } = timing.LastMemberQueryCount;

    /// <summary>
    /// The interval between the queries, and the Max Response Time of each. The timers were lowered by it, so changed settings come too
    /// late for this series.
    /// </summary>
    public TimeSpan Interval { get; } = timing.LastMemberQueryInterval;

    /// <summary>To what the timers were lowered.</summary>
    public TimeSpan Time { get; } = timing.LastMemberQueryTime;
}

/// <summary>Group-Specific and Group-and-Source-Specific Queries: building, sending and retransmitting them (§6.6.3).</summary>
/// <remarks>
/// Each action has a series of its own, so every source is queried exactly Last Member Query Count times at exact intervals (the
/// counts are kept per source, §6.6.3.2). An action that concerns what is already being queried is merged with those pending
/// queries (§6.4.2): nothing is added while the group or source timer is still as low as the first query has set it.
/// </remarks>
internal sealed class SpecificQueries(RouterContext context)
{
    private readonly HashSet<QuerySeries> pending = [];

    /// <summary>Whether this router is the querier: only the querier sends queries and lowers timers by itself (§6.4.2, §6.6.1).</summary>
    public bool Enabled { get; private set; }

    /// <summary>This router has become the querier.</summary>
    public void Enable() => Enabled = true;

    /// <summary>
    /// Another router is the querier: queries from now on are its task. So are the pending retransmissions in the current version.
    /// In older versions the router that has begun to query continues until somebody answers or the time is over (RFC 2236 §3 and §7, RFC
    /// 2710 §4): the others have ignored the leave.
    /// </summary>
    public void Disable()
    {
        if (context.Generation.HasSources)
            Stop();
        else
            Enabled = false;
    }

    /// <summary>No query can be sent any more.</summary>
    public void Stop()
    {
        Enabled = false;
        foreach (var series in pending.ToArray())
            End(series);
    }

    /// <summary>
    /// Nobody can be expected to answer any more, as the version has changed: what was queried lives on, and its members are heard when
    /// they answer the General Query of the new version.
    /// </summary>
    public void Abandon(Instant now)
    {
        var membershipEnds = now + context.GroupMembershipInterval;
        foreach (var series in pending.ToArray())
        {
            if (series.AsksGroup)
                context.Timers.Start(series.Group, membershipEnds);
            foreach (var source in series.Sources)
            {
                if (source.Series == series)
                    context.Timers.Start(source, membershipEnds);
            }

            End(series);
        }
    }

    /// <summary>Send Q(G,X) and Send Q(G) of the state table.</summary>
    /// <param name="group">G.</param>
    /// <param name="asksGroup">Whether Q(G) is to be sent.</param>
    /// <param name="sources">X; the list is only read during the call.</param>
    /// <param name="now">The present.</param>
    public void Ask(Group group, bool asksGroup, List<Source> sources, Instant now)
    {
        if (!Enabled)
            return;
        var lowered = now + context.LastMemberQueryTime;
        // §6.6.3.2: only sources above LMQT get retransmissions and are lowered; the others are about to end and are not prolonged.
        var asked = sources.Where(each => each.Due > lowered).ToArray();
        // §6.6.3.1; a repeated leave finds the group timer lowered and its queries pending.
        asksGroup = asksGroup && (group.Due > lowered || group.Series is null);
        if (!asksGroup && asked.Length == 0)
            return;
        var series = new QuerySeries(group, asksGroup, asked, context.Timing);
        pending.Add(series);
        foreach (var source in asked)
        {
            Drop(source);
            source.Series = series;
            context.Timers.Start(source, lowered);
        }

        if (asksGroup)
        {
            Drop(group);
            group.Series = series;
            if (group.Due > lowered)
                context.Timers.Start(group, lowered);
        }

        Transmit(series, now);
    }

    /// <summary>Sends one round of the series and schedules the next.</summary>
    public void Transmit(QuerySeries series, Instant now)
    {
        var above = new List<Address>();
        var below = new List<Address>();
        var limit = now + series.Time;
        // What expires at this very instant is not queried, whichever timer comes first.
        if (series.AsksGroup && series.Group.Due <= now)
            Drop(series.Group);
        foreach (var source in series.Sources)
        {
            if (source.Series == series && source.Due > now)
                (source.Due > limit ? above : below).Add(source.Address);
        }

        if (context.Generation.HasSources)
            SendCurrent(series, above, below, limit);
        else if (below.Count > 0 || (series.AsksGroup && series.Group.Due <= limit))
            // In older versions there is one query for all of a group, and no S flag: what has been reported since is not queried (RFC
            // 2236 §7).
            Send(series, suppress: false, []);

        if (--series.TransmissionsLeft > 0 && (series.AsksGroup || series.SourcesLeft > 0))
            context.Timers.Start(series, now + series.Interval);
        else
            End(series);
    }

    /// <summary>The group is gone or has left EXCLUDE mode: it is no longer queried.</summary>
    public void Drop(Group group)
    {
        if (group.Series is not { } series)
            return;
        group.Series = null;
        series.AsksGroup = false;
        EndIfEmpty(series);
    }

    /// <summary>The source is gone or blocked, or is queried again: this series no longer queries it.</summary>
    public void Drop(Source source)
    {
        if (source.Series is not { } series)
            return;
        source.Series = null;
        series.SourcesLeft--;
        EndIfEmpty(series);
    }

    private void SendCurrent(QuerySeries series, List<Address> above, List<Address> below, Instant limit)
    {
        // §6.6.3.2: refreshed sources are queried with the S flag, so that no other router lowers their timers; where the whole group is
        // queried at the same time, that message has nothing to add.
        if (!series.AsksGroup)
            SendSources(series, suppress: true, above);
        SendSources(series, suppress: false, below);
        if (series.AsksGroup)
            Send(series, suppress: series.Group.Due > limit, []);
    }

    private void EndIfEmpty(QuerySeries series)
    {
        if (!series.AsksGroup && series.SourcesLeft == 0)
            End(series);
    }

    private void End(QuerySeries series)
    {
        pending.Remove(series);
        context.Timers.Stop(series);
        foreach (var source in series.Sources)
        {
            if (source.Series == series)
                source.Series = null;
        }

        if (series.Group.Series == series)
            series.Group.Series = null;
    }

    // §4.1.8: as many sources per message as fit the MTU.
    private void SendSources(QuerySeries series, bool suppress, List<Address> sources)
    {
        foreach (var part in sources.Chunk(context.Dialect.MaxSourcesPerQuery(context.Settings.Mtu)))
            Send(series, suppress, part);
    }

    private void Send(QuerySeries series, bool suppress, Address[] sources)
    {
        var group = series.Group.Address;
        context.Emit(new SendQuery(context.Query(series.Interval, group, suppress, sources), group));
    }
}
