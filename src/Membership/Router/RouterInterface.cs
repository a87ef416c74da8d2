using System.Diagnostics;
using MulticastLab.Membership.Dialects;
using MulticastLab.Membership.Router.Policies;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// The router side of RFC 9776 §6 on one interface: querier election, group table, query retransmission, forwarding decision.
/// Input and time go in, effects come out; no I/O. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Every method that takes <c>now</c> first runs the timers due at or before it, and returns the effects of both, in order, in a list
/// that is valid until the next call. <c>now</c> never goes back.
/// </remarks>
public sealed class RouterInterface
{
    private readonly RouterContext context;
    private readonly SpecificQueries queries;
    private readonly QuerierElection election;
    private readonly GroupTable groups;
    private readonly QuerierVersions versions;
    private readonly StaticGroups statics;
    private readonly SsmMap ssmMap;
    private Address address;
    private Instant upSince;

    /// <summary>A router interface that is down: nothing is sent until <see cref="LinkUp"/>.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public RouterInterface(string name, Dialect dialect, RouterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate(dialect);
        Name = name;
        context = new RouterContext(dialect, settings);
        queries = new SpecificQueries(context);
        election = new QuerierElection(context, queries);
        ssmMap = new SsmMap(context);
        groups = new GroupTable(context, queries, ssmMap);
        versions = new QuerierVersions(context);
        statics = new StaticGroups(context);
    }

    /// <summary>The interface's name, for dumps.</summary>
    public string Name { get; }

    /// <summary>IGMP or MLD.</summary>
    public Dialect Dialect => context.Dialect;

    /// <summary>The present configuration.</summary>
    public RouterSettings Settings => context.Settings;

    /// <summary>What the configured version can do.</summary>
    public Generation Generation => context.Generation;

    /// <summary>The configured version, by its number.</summary>
    public int Version => Dialect.VersionOf(context.Generation);

    /// <summary>Whether the interface is up.</summary>
    public bool IsUp { get; private set; }

    /// <summary>Whether this router is the querier of the LAN.</summary>
    public bool IsQuerier => election.IsQuerier;

    /// <summary>How many groups there are.</summary>
    public int GroupCount => groups.Count;

    /// <summary>How many source records all groups have.</summary>
    public int SourceCount => groups.SourceCount;

    /// <summary>How many timers run: of groups, sources, queries and the election.</summary>
    public int TimerCount => context.Timers.Count;

    /// <summary>
    /// When <see cref="Advance"/> is to be called next, which may find nothing due then; <see cref="Instant.Never"/> when no timer runs.
    /// </summary>
    public Instant NextDue => context.Timers.NextDue;

    /// <summary>How many timers have expired, in all calls so far.</summary>
    public long Expirations { get; private set; }

    /// <summary>
    /// The interface has come up, or its address has changed: querier duty begins with start-up queries (§6.6.2, §8.6, §8.7).
    /// </summary>
    /// <remarks>Told again of what is known already, it does nothing. A new address keeps the groups: they belong to the LAN.</remarks>
    public IReadOnlyList<Effect> LinkUp(Address address, Instant now)
    {
        Begin(now);
        if (IsUp && this.address == address)
            return context.Effects;
        if (!IsUp)
        {
            groups.StartTracking(now);
            statics.Configure(now);
            upSince = now;
        }

        IsUp = true;
        this.address = address;
        election.Start(address, now);
        return context.Effects;
    }

    /// <summary>The interface has gone down: all state of it is dropped.</summary>
    public IReadOnlyList<Effect> LinkDown(Instant now)
    {
        Begin(now);
        if (!IsUp)
            return context.Effects;
        groups.Clear();
        statics.Clear();
        election.Stop();
        IsUp = false;
        return context.Effects;
    }

    /// <summary>A message of whatever kind was received.</summary>
    public IReadOnlyList<Effect> Receive(in MembershipMessage message, Instant now) => message.Kind switch
    {
        MessageKind.Query => Receive(message.Envelope, message.Query, now),
        MessageKind.Report => Receive(message.Envelope, message.Report, now),
        MessageKind.GroupMessage => Receive(message.Envelope, message.GroupMessage, now),
    };

    /// <summary>A query was received: election (§6.6.2), adoption of QRV and QQIC, timer lowering (§6.6.1).</summary>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in Query query, Instant now)
    {
        Begin(now);
        if (!IsUp)
            return Drop(DropReason.InterfaceDown);
        if (envelope.Source == address && !address.IsUnspecified)
            return Drop(DropReason.OwnQuery);
        if (Dialect.RouterRefuses(envelope, Settings) is { } refusal)
            return Drop(refusal);
        if (query.Kind == QueryKind.General && !query.Sources.IsEmpty)
            return Drop(DropReason.QuerySourcesWithoutGroup);
        if (query.Kind != QueryKind.General && !Dialect.IsReportable(query.Group))
            return Drop(DropReason.QueryGroup);
        versions.Heard(query, envelope.Source, now);
        // IGMPv1 has neither an election nor queries that lower timers.
        if (!context.Generation.HasElection)
            return context.Effects;
        election.Heard(query, envelope, now);
        groups.LowerTimers(query, now);
        return context.Effects;
    }

    /// <summary>A state report of the current version was received: the tables of §6.4.</summary>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in Report report, Instant now)
    {
        Begin(now);
        if (!IsUp)
            return Drop(DropReason.InterfaceDown);
        if (Dialect.RouterRefuses(envelope, Settings) is { } refusal)
            return Drop(refusal);
        if (!context.Generation.HasSources)
            return Drop(DropReason.ReportOfNewerVersion);
        foreach (var record in report)
        {
            // Other routers' own memberships (§6) are legitimate, and say nothing about listeners.
            if (record.Group == Dialect.ReportDestination)
                continue;
            if (Refuses(record) is not { } reason)
                groups.Apply(record, envelope.Source, now);
            else if (reason == DropReason.ExcludeOfSourceSpecificGroup && ssmMap.TryTranslate(record, out var mapped))
                groups.Apply(mapped, envelope.Source, now, isMapped: true);
            else
                Drop(reason);
        }

        return context.Effects;
    }

    /// <summary>A report or leave of an older version was received: translated for the tables (§7.3.2).</summary>
    /// <remarks>It is accepted at whatever address it was sent to (§4.2.15; for leaves RFC 2236 §9).</remarks>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in GroupMessage message, Instant now)
    {
        Begin(now);
        if (!IsUp)
            return Drop(DropReason.InterfaceDown);
        if (Dialect.RouterRefuses(envelope, Settings) is { } refusal)
            return Drop(refusal);
        if (message.Generation < context.OldestGeneration)
            return Drop(DropReason.OlderVersion);
        if (!Dialect.IsReportable(message.Group))
            return Drop(DropReason.RecordGroup);
        if (message.Group == Dialect.ReportDestination)
            return context.Effects;
        if (!Settings.GroupPolicy.Permits(message.Group))
            return Drop(DropReason.GroupDenied);
        if (!Settings.IsSourceSpecific(message.Group, Dialect))
            groups.Apply(message, envelope.Source, now);
        else if (ssmMap.TryTranslate(message, out var mapped))
            groups.Apply(mapped, envelope.Source, now, isMapped: true);
        else
            Drop(DropReason.OlderVersionOfSourceSpecificGroup);
        return context.Effects;
    }

    /// <summary>Runs every timer that is due at or before <paramref name="now"/>.</summary>
    public IReadOnlyList<Effect> Advance(Instant now)
    {
        Begin(now);
        return context.Effects;
    }

    /// <summary>
    /// Changes the configuration. New events use the new values, running timers keep theirs; state that could not have been created under
    /// the new settings goes, and no other; what is the same as before does nothing. With another version the groups stay too, and start-up
    /// queries tell the LAN of it.
    /// </summary>
    /// <exception cref="ArgumentException">A setting is out of its range; nothing has changed then.</exception>
    public IReadOnlyList<Effect> Configure(RouterSettings settings, Instant now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate(Dialect);
        Begin(now);
        var before = Settings;
        if (settings == before)
            return context.Effects;
        var generation = context.Generation;
        context.Settings = settings;
        if (context.Generation != generation)
        {
            groups.VersionChanged();
            election.VersionChanged(now);
        }

        if (settings.Timing != before.Timing)
            election.TimingChanged(before.Timing, now);
        election.AcceptanceChanged(now);
        groups.SettingsChanged(before, now);
        if (IsUp)
            statics.Configure(now);
        return context.Effects;
    }

    /// <summary>
    /// Forgets what was learnt: all groups, or one (RFC 8652 <c>clear-groups</c>). The querier asks all hosts at once, out of turn, so that
    /// what is still wanted is back within the Query Response Interval; another router learns it again from the querier's next query.
    /// </summary>
    public IReadOnlyList<Effect> ClearGroups(Address? group, Instant now)
    {
        Begin(now);
        var before = groups.Count;
        if (group is null)
            groups.Clear();
        else if (groups.Find(group.Value) is { } found)
            groups.Clear(found);
        if (groups.Count == before)
            return context.Effects;
        groups.StartTracking(now);
        election.AskNow();
        return context.Effects;
    }

    /// <summary>
    /// The forwarding decision of §6.3: whether traffic from this source to this group is wanted on this interface's LAN.
    /// </summary>
    /// <remarks>As of the last call that passed the time.</remarks>
    public bool Forwards(Address source, Address group) =>
        statics.Wants(source, group) || (Settings.SourcePolicy.Permits(source) && groups.Forwards(source, group));

    /// <summary>The state of the interface as RFC 8652 names it.</summary>
    /// <remarks>As of the last call: it runs no timers, so a timer that is overdue at <paramref name="now"/> shows as zero.</remarks>
    public InterfaceState Dump(Instant now)
    {
        var dump = BeginDump();
        dump.Continue(int.MaxValue, now);
        return dump.ToState();
    }

    /// <summary>The same, to be taken in slices.</summary>
    public InterfaceDump BeginDump() => new(this, groups, statics);

    /// <summary>The same without the groups, only their number.</summary>
    public InterfaceState Summary(Instant now) => new()
    {
        Name = Name,
        Up = IsUp,
        Address = IsUp ? address : null,
        UpTime = IsUp ? now - upSince : null,
        Version = Version,
        Querier = election.Querier,
        IsQuerier = election.IsQuerier,
        Timing = context.Timing,
        OtherQuerierPresentExpires = election.OtherQuerierPresent.Remaining(now),
        GeneralQueryExpires = election.GeneralQuery.Remaining(now),
        StartupQueriesLeft = election.StartupQueriesLeft,
        GroupCount = groups.Count,
    };

    private void Begin(Instant now)
    {
        context.BeginCall();
        for (; context.Timers.TakeDue(now, out var due) is { } timer; Expirations++)
            Expired(timer, due, now);
    }

    private void Expired(QueuedTimer timer, Instant due, Instant now)
    {
        switch (timer)
        {
            case Group group:
                groups.GroupTimerExpired(group, due);
                break;
            case Source source:
                groups.SourceTimerExpired(source);
                break;
            case OlderHostPresentTimer older:
                groups.OlderHostGone(older);
                break;
            case SweepTimer:
                groups.SweepHosts(due);
                break;
            case QuerySeries series:
                queries.Transmit(series, due);
                break;
            case GeneralQueryTimer:
                election.GeneralQueryDue(due, now);
                break;
            case OtherQuerierPresentTimer:
                election.OtherQuerierGone(due, now);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private DropReason? Refuses(in GroupRecord record)
    {
        if (record.Type is < RecordType.IsInclude or > RecordType.Block)
            return DropReason.RecordType;
        if (!Dialect.IsReportable(record.Group))
            return DropReason.RecordGroup;
        if (!Settings.GroupPolicy.Permits(record.Group))
            return DropReason.GroupDenied;
        if (record.Type is RecordType.IsExclude or RecordType.ToExclude && Settings.IsSourceSpecific(record.Group, Dialect))
            return DropReason.ExcludeOfSourceSpecificGroup;
        return null;
    }

    private IReadOnlyList<Effect> Drop(DropReason reason)
    {
        context.Drop(reason);
        return context.Effects;
    }
}
