using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>The time of the next General Query.</summary>
internal sealed class GeneralQueryTimer : QueuedTimer;

/// <summary>The Other Querier Present timer (§6.6.2): while it runs, another router is the querier.</summary>
internal sealed class OtherQuerierPresentTimer : QueuedTimer;

/// <summary>Querier election, General Queries and the adoption of the querier's values (§6.6.2, §6.1, §4.1.6, §4.1.7).</summary>
/// <remarks>
/// <para>A General Query from any address lower than its own restarts the Other Querier Present timer, as the text has it. The text does
/// not say which address a router keeps as the querier's. Here it is the lowest one heard, as long as it is alive: once its Query Interval
/// has passed in silence, the next lower router that queries takes its place. So a router that starts up between the two is not mistaken
/// for the querier, and a dead querier is not kept just because it was the lowest.</para>
/// <para>Robustness Variable and Query Interval are adopted from the queries of that querier, whatever their kind. A router that becomes
/// querier goes back to its configured values: those of a querier that is gone no longer apply.</para>
/// <para>In the current version General Queries elect (§6.6.2), below it queries of any kind (RFC 2236 §3).</para>
/// </remarks>
internal sealed class QuerierElection(RouterContext context, SpecificQueries queries)
{
    private readonly GeneralQueryTimer generalQuery = new();
    private readonly OtherQuerierPresentTimer otherQuerierPresent = new();
    private Address own;
    private Instant heardQuerier;
    private Envelope querierEnvelope;
    private int? adoptedRobustness;
    private TimeSpan? adoptedInterval;

    /// <summary>The querier's address; null while the interface is down.</summary>
    public Address? Querier { get; private set; }

    /// <summary>Whether this router is the querier.</summary>
    public bool IsQuerier => queries.Enabled;

    /// <summary>How many queries remain to be sent at the Startup Query Interval.</summary>
    public int StartupQueriesLeft { get; private set; }

    public QueuedTimer GeneralQuery => generalQuery;

    public QueuedTimer OtherQuerierPresent => otherQuerierPresent;

    /// <summary>§6.6.2: every router starts as querier, with Startup Query Count queries (§8.6, §8.7).</summary>
    public void Start(Address address, Instant now)
    {
        own = address;
        if (!MayQuery)
        {
            Stop();
            return;
        }

        BecomeQuerier();
        StartupQueriesLeft = context.Timing.StartupQueryCount;
        SendGeneralQuery(now, now);
    }

    /// <summary>The interface is down, or has no address to query from.</summary>
    public void Stop()
    {
        context.Timers.Stop(generalQuery);
        context.Timers.Stop(otherQuerierPresent);
        queries.Stop();
        Forget();
        StartupQueriesLeft = 0;
        if (Querier is null)
            return;
        Querier = null;
        context.Tell(StateChange.QuerierChanged);
    }

    /// <summary>A query of any kind from another router.</summary>
    public void Heard(in Query query, in Envelope envelope, Instant now)
    {
        var from = envelope.Source;
        if (!HasElection)
            return;
        // RFC 4541 §2.1.1: switches query from 0.0.0.0, which would win every election.
        if (from.IsUnspecified)
            return;
        if (
            context.Dialect.Elects(query, context.Generation)
            && (own.IsUnspecified || !MayQuery || context.Dialect.IsPreferredQuerier(from, own)))
            Lose(query, envelope, now);
        else if (!IsQuerier && from == Querier)
            Adopt(query);
    }

    /// <summary>A General Query is due.</summary>
    public void GeneralQueryDue(Instant due, Instant now) => SendGeneralQuery(due, now);

    /// <summary>§6.6.2: the other querier is gone.</summary>
    public void OtherQuerierGone(Instant due, Instant now)
    {
        if (!MayQuery)
        {
            Stop();
            return;
        }

        BecomeQuerier();
        SendGeneralQuery(due, now);
    }

    /// <summary>
    /// The timers of the configuration have changed: what was adopted stays in force on top of them. A start-up in progress continues with
    /// the new interval and count.
    /// </summary>
    public void TimingChanged(Timing before, Instant now)
    {
        Renew();
        if (StartupQueriesLeft > 0)
            StartupQueriesLeft = Math.Max(0, StartupQueriesLeft + context.Settings.Timing.StartupQueryCount - before.StartupQueryCount);
        // Groups refreshed from now on live by the new interval, so the next query must not wait for the old one.
        var latest = now + (StartupQueriesLeft > 0 ? context.Timing.StartupQueryInterval : context.Timing.QueryInterval);
        if (generalQuery.IsRunning && generalQuery.Due > latest)
            context.Timers.Start(generalQuery, latest);
    }

    /// <summary>
    /// The configured version has changed: the LAN is informed at once, by start-up queries. A router of IGMPv1 takes part in no election;
    /// any other keeps its querier.
    /// </summary>
    public void VersionChanged(Instant now)
    {
        Renew();
        queries.Abandon(now);
        if (Querier is not null && (IsQuerier || !HasElection))
            Start(own, now);
    }

    /// <summary>
    /// The acceptance rules may have changed: a router whose last query would be rejected now is no longer the querier, and this router
    /// does not wait until its timer expires.
    /// </summary>
    public void AcceptanceChanged(Instant now)
    {
        if (otherQuerierPresent.IsRunning && context.Dialect.RouterRefuses(querierEnvelope, context.Settings) is not null)
            OtherQuerierGone(now, now);
    }

    private bool MayQuery => context.Dialect.MayQueryFrom(own);

    // In IGMPv1 the multicast routing protocol decided who queries (RFC 2236, Appendix I); there is none here, so this router does.
    private bool HasElection => context.Generation.HasElection;

    /// <summary>Queries all hosts out of turn, if this router is the querier; the regular queries keep their schedule.</summary>
    public void AskNow()
    {
        if (IsQuerier)
            EmitGeneralQuery();
    }

    private void Lose(in Query query, in Envelope envelope, Instant now)
    {
        var from = envelope.Source;
        if (IsQuerier)
        {
            queries.Disable();
            context.Timers.Stop(generalQuery);
            StartupQueriesLeft = 0;
            Follow(query, envelope, now);
        }
        else if (
            Querier is null
            || from == Querier
            || context.Dialect.IsPreferredQuerier(from, Querier.Value)
            || now - heardQuerier > context.Timing.QueryInterval)
        {
            Follow(query, envelope, now);
        }

        context.Timers.Start(otherQuerierPresent, now + context.Timing.OtherQuerierPresentInterval);
    }

    private void Follow(in Query query, in Envelope envelope, Instant now)
    {
        var from = envelope.Source;
        (heardQuerier, querierEnvelope) = (now, envelope);
        Adopt(query);
        if (from == Querier)
            return;
        Querier = from;
        context.Tell(StateChange.QuerierChanged, querier: from);
    }

    private void BecomeQuerier()
    {
        context.Timers.Stop(otherQuerierPresent);
        Forget();
        queries.Enable();
        if (Querier == own)
            return;
        Querier = own;
        context.Tell(StateChange.QuerierChanged, querier: own);
    }

    // Zero means "not announced" in both fields: the configured value (§4.1.6, §4.1.7).
    private void Adopt(in Query query)
    {
        int? robustness = query.RobustnessVariable == 0 ? null : query.RobustnessVariable;
        // Rounded to what the code can hold, this router's own interval may come back from one configured alike: the exact value is known
        // then.
        TimeSpan? interval = query.QueryInterval == TimeSpan.Zero
            || query.QueryInterval == context.Dialect.RepresentableQueryInterval(context.Settings.Timing.QueryInterval)
                ? null
                : query.QueryInterval;
        if (robustness == adoptedRobustness && interval == adoptedInterval)
            return;
        (adoptedRobustness, adoptedInterval) = (robustness, interval);
        Renew();
    }

    private void Forget()
    {
        (adoptedRobustness, adoptedInterval) = (null, null);
        Renew();
    }

    private void Renew()
    {
        var configured = context.Settings.Timing;
        var inForce = configured with
        {
            RobustnessVariable = adoptedRobustness ?? configured.RobustnessVariable,
            QueryInterval = adoptedInterval ?? configured.QueryInterval,
        };
        context.Timing = context.Dialect.OnTheWire(inForce, context.Generation);
    }

    private void SendGeneralQuery(Instant due, Instant now)
    {
        EmitGeneralQuery();
        if (StartupQueriesLeft > 0)
            StartupQueriesLeft--;
        var interval = StartupQueriesLeft > 0 ? context.Timing.StartupQueryInterval : context.Timing.QueryInterval;
        // From the due time on, so that the period does not drift; but a router that slept does not send what it has missed.
        var next = due + interval;
        context.Timers.Start(generalQuery, next > now ? next : now + interval);
    }

    private void EmitGeneralQuery() =>
        context.Emit(
            new SendQuery(
                context.Query(context.Timing.QueryResponseInterval, context.Dialect.Unspecified, suppress: false, []),
                context.Dialect.AllSystems));
}
