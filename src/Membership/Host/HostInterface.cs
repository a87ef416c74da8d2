using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// The host side of RFC 9776 §5 and §7.2 on one interface: socket states merged into interface state, state-change reports with
/// retransmission, answers to queries after a random delay, in the version that the queriers there understand. Input, time and randomness
/// go in, effects come out; no I/O. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Every method that takes <c>now</c> first runs the timers due at or before it, and returns the effects of both, in order, in a list
/// that is valid until the next call. <c>now</c> never goes back.
/// </remarks>
public sealed class HostInterface
{
    private readonly HostContext host;
    private readonly HostCompatibility compatibility;
    private readonly CurrentVersionHost current;
    private readonly OlderVersionHost older;

    /// <summary>A host interface without members.</summary>
    /// <param name="name">The interface's name.</param>
    /// <param name="dialect">IGMP or MLD.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="random">Where the random delays are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public HostInterface(string name, Dialect dialect, HostSettings settings, Random random)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Mtu, dialect.SmallestMtu);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxSources, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Timing.RobustnessVariable, 1);
        Name = name;
        host = new HostContext(dialect, settings, random);
        compatibility = new HostCompatibility(host);
        current = new CurrentVersionHost(host);
        older = new OlderVersionHost(host, compatibility);
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>IGMP or MLD.</summary>
    public Dialect Dialect => host.Dialect;

    /// <summary>The present configuration.</summary>
    public HostSettings Settings => host.Settings;

    /// <summary>The robustness variable in force: that of the last query, or the configured one when it announced none (§4.1.6).</summary>
    public int RobustnessVariable => host.RobustnessVariable;

    /// <summary>The Host Compatibility Mode (§7.2.1): the version of the reports that are sent now.</summary>
    public int CompatibilityMode => Dialect.VersionOf(compatibility.Mode);

    /// <summary>
    /// Until when an older querier that was heard keeps the host in its mode; null when the mode is the configured one, or the current
    /// version.
    /// </summary>
    public Instant? CompatibilityModeEnds => compatibility.Keeper?.Due;

    /// <summary>Whether nothing is joined and nothing is left to be reported.</summary>
    public bool IsIdle => host.Groups.Count == 0;

    /// <summary>When <see cref="Advance"/> is to be called next; <see cref="Instant.Never"/> when no timer runs.</summary>
    public Instant NextDue => host.Timers.NextDue;

    /// <summary>How many groups are held in memory: with reception state, or with something still to be reported.</summary>
    internal int GroupCount => host.Groups.Count;

    /// <summary>
    /// IPMulticastListen (§2): replaces the filter of this socket. INCLUDE with no sources is leaving.
    /// </summary>
    /// <exception cref="ListenException">The request is refused; nothing has changed, and the timers were not run.</exception>
    public IReadOnlyList<Effect> Listen(int socket, Address group, SourceFilter filter, Instant now)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ListenCheck.Check(host, socket, group, filter);

        host.Effects.Clear();
        RunTimers(now);
        if (!filter.IsNone || host.Groups.ContainsKey(group))
            Change(host.GroupOf(group), socket, filter, now);
        host.Packer.Flush();
        return host.Effects;
    }

    /// <summary>The socket is closed: it leaves every group (§3.1).</summary>
    public IReadOnlyList<Effect> Close(int socket, Instant now)
    {
        host.Effects.Clear();
        RunTimers(now);
        foreach (var group in host.Groups.Values.Where(each => !each.Of(socket).IsNone).OrderBy(each => each.Address).ToList())
            Change(group, socket, SourceFilter.None, now);
        host.Packer.Flush();
        return host.Effects;
    }

    /// <summary>
    /// The link has come up again: its routers may know nothing of this host, so every state is reported as if it had just come into being
    /// (§5.1).
    /// </summary>
    public IReadOnlyList<Effect> LinkUp(Instant now)
    {
        host.Effects.Clear();
        RunTimers(now);
        foreach (var group in host.Groups.Values.Where(host.IsReported).OrderBy(each => each.Address))
            Behaviour.Announce(group, now);
        host.Packer.Flush();
        return host.Effects;
    }

    /// <summary>
    /// A message of whatever kind was received. Hosts ignore reports of the current version (RFC 9776 §5).
    /// </summary>
    public IReadOnlyList<Effect> Receive(in MembershipMessage message, Instant now) => message.Kind switch
    {
        MessageKind.Query => Receive(message.Envelope, message.Query, now),
        MessageKind.Report => Advance(now),
        MessageKind.GroupMessage => Receive(message.Envelope, message.GroupMessage, now),
    };

    /// <summary>A query was received (§5.2).</summary>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in Query query, Instant now)
    {
        host.Effects.Clear();
        RunTimers(now);
        if (IsAccepted(envelope, query))
        {
            if (query.Generation.HasSources)
                host.Adopt(query);
            else
                HeardOlderQuerier(envelope.Source, query, now);
            Behaviour.Queried(query, now);
        }

        return host.Effects;
    }

    /// <summary>
    /// Another host's message of an older version was received: in a mode of an older version it takes the place of the host's own report
    /// (§7.2.2).
    /// </summary>
    /// <remarks>
    /// RFC 1112 knows only its own reports: if a host of version 1 were suppressed by one of version 2, routers would not learn of its
    /// existence.
    /// </remarks>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in GroupMessage message, Instant now)
    {
        host.Effects.Clear();
        RunTimers(now);
        if (message.Kind == GroupMessageKind.Report && message.Generation <= host.Generation && Dialect.HostAcceptsReport(envelope))
            Behaviour.Overheard(message.Group);
        return host.Effects;
    }

    /// <summary>Runs every timer that is due at or before <paramref name="now"/>.</summary>
    public IReadOnlyList<Effect> Advance(Instant now)
    {
        host.Effects.Clear();
        RunTimers(now);
        return host.Effects;
    }

    /// <summary>
    /// Whether the interface's filters let this source's traffic to the group pass (§3.2); 224.0.0.1 is always listened to (§5).
    /// </summary>
    public bool Accepts(Address source, Address group) =>
        group == Dialect.AllSystems || (host.Groups.TryGetValue(group, out var state) && state.State.Wants(source));

    /// <summary>Whether this socket wants this source's traffic to the group: its own filter decides, not the interface's (§3.2).</summary>
    public bool Accepts(int socket, Address source, Address group) => Filter(socket, group).Wants(source);

    /// <summary>What this socket wants of a group (§3.1).</summary>
    public SourceFilter Filter(int socket, Address group) =>
        host.Groups.TryGetValue(group, out var state) ? state.Of(socket) : SourceFilter.None;

    /// <summary>What this socket wants of each group that it has joined, ascending.</summary>
    public IReadOnlyList<ReceptionState> Dump(int socket) =>
    [
        .. host.Groups.Values
            .Select(group => new ReceptionState(group.Address, group.Of(socket)))
            .Where(state => !state.Filter.IsNone)
            .OrderBy(state => state.Group),
    ];

    /// <summary>The reception state of every group, ascending.</summary>
    public IReadOnlyList<ReceptionState> Dump() =>
    [
        .. host.Groups.Values
            .Where(group => !group.State.IsNone)
            .OrderBy(group => group.Address)
            .Select(group => new ReceptionState(group.Address, group.State)),
    ];

    private HostBehaviour Behaviour => compatibility.Mode.HasSources ? current : older;

    private void Change(HostGroup group, int socket, SourceFilter filter, Instant now)
    {
        var before = group.Set(socket, filter);
        if (!group.State.Equals(before) && Dialect.IsReportable(group.Address))
            Behaviour.Changed(group, before, now);
        host.RemoveIfIdle(group);
    }

    private bool IsAccepted(in Envelope envelope, in Query query)
    {
        if (!Dialect.HostAcceptsQuery(envelope, query, Settings))
            return false;
        // Sources without a group make none of the three queries.
        if (query.Kind == QueryKind.General)
            return query.Sources.IsEmpty;
        return host.Generation.HasSpecificQueries && Dialect.IsReportable(query.Group);
    }

    private void HeardOlderQuerier(Address querier, in Query query, Instant now)
    {
        if (compatibility.Heard(query, now))
            host.Effects.Add(new OlderVersionQuery(Dialect.VersionOf(query.Generation), querier, query.Group));
        UpdateMode();
    }

    /// <summary>§7.2.1: a change of the mode is immediate and cancels all pending answers and retransmissions.</summary>
    private void UpdateMode()
    {
        if (!compatibility.Update())
            return;
        current.Cancel();
        older.Cancel();
        foreach (var group in host.Groups.Values.Where(each => each.IsIdle).ToList())
            host.RemoveIfIdle(group);
    }

    private void RunTimers(Instant now)
    {
        var at = now;
        while (host.Timers.TakeDue(now, out var due) is { } timer)
        {
            // Changes that fall due together share reports; two copies of one change never do.
            if (due != at)
                host.Packer.Flush();
            at = due;
            if (timer is OlderQuerierPresent)
                UpdateMode();
            else if (!Behaviour.Expired(timer, due))
                throw new InvalidOperationException($"{timer} is not a timer of a host in mode {compatibility.Mode}.");
        }

        host.Packer.Flush();
    }
}
