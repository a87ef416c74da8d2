using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// The Host Compatibility Mode of an interface (RFC 9776 §7.2.1): that of the oldest querier heard within the last Older Version Querier
/// Present Interval, and never above the configured version.
/// </summary>
internal sealed class HostCompatibility
{
    private readonly HostContext host;
    private readonly OlderQuerierPresent[] queriers;
    private Instant quietUntil;

    public HostCompatibility(HostContext host)
    {
        this.host = host;
        queriers =
        [
            .. Enum.GetValues<Generation>()
                .Where(each => each >= host.Dialect.OldestGeneration && !each.HasSources)
                .Select(each => new OlderQuerierPresent(each)),
        ];
        Mode = Wanted();
    }

    /// <summary>The generation that the host speaks.</summary>
    public Generation Mode { get; private set; }

    /// <summary>The timer that keeps the host in its mode; null when the mode is the configured one, or the current version.</summary>
    public QueuedTimer? Keeper => Array.Find(queriers, each => each.IsRunning && each.Generation == Mode);

    /// <summary>
    /// A query of an older version: a General one starts the timer of its version, a specific one never does. The caller asks
    /// <see cref="Update"/> afterwards.
    /// </summary>
    /// <returns>
    /// Whether it is worth a line in a log (§7.2.1, RFC 4604 §2.2): a General Query when none was heard in the interval before, one for a
    /// source-specific group now and then.
    /// </returns>
    public bool Heard(in Query query, Instant now)
    {
        if (query.Kind == QueryKind.General)
        {
            var querier = queriers[query.Generation - host.Dialect.OldestGeneration];
            var isFirst = !querier.IsRunning;
            host.Timers.Start(
                querier, now + host.Dialect.OlderVersionQuerierPresentInterval(host.Settings.Timing, host.Told, query.MaxResponseTime));
            return isFirst;
        }

        if (now < quietUntil || !host.IsSourceSpecific(query.Group))
            return false;
        quietUntil = now + host.Settings.Timing.QueryInterval;
        return true;
    }

    /// <summary>Switches to the mode that the timers give now.</summary>
    /// <returns>Whether it has changed.</returns>
    public bool Update()
    {
        var before = Mode;
        Mode = Wanted();
        return Mode != before;
    }

    private Generation Wanted() =>
        host.Settings.FollowsOlderQueriers
        && Array.Find(queriers, each => each.IsRunning) is { } oldest
        && oldest.Generation < host.Generation
            ? oldest.Generation
            : host.Generation;
}

/// <summary>The Older Version Querier Present timer of one version (RFC 9776 §7.2.1).</summary>
internal sealed class OlderQuerierPresent(Generation generation) : QueuedTimer
{
    public Generation Generation { get; } = generation;
}
