using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// The host side of RFC 9776 §5 on one interface: socket states merged into interface state, state-change reports with
/// retransmission, answers to queries after a random delay. Input, time and randomness in, effects out; no I/O.
/// Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Every method that takes <c>now</c> first runs the timers due at or before it, and returns the effects of both, in order, in a list
/// that is valid until the next call. <c>now</c> never goes back.
/// <para>Queries of older versions are answered as those of the current one: the compatibility modes of §7.2 are not here.</para>
/// </remarks>
public sealed class HostInterface
{
    private readonly Random random;
    private readonly Dictionary<Address, HostGroup> groups = [];
    private readonly TimerQueue timers = new();
    private readonly GeneralResponse generalResponse = new();
    private readonly List<Effect> effects = [];
    private readonly ReportPacker packer;

    /// <summary>A host interface without members.</summary>
    /// <param name="name">The interface's name.</param>
    /// <param name="dialect">IGMP or MLD.</param>
    /// <param name="settings">The configuration.</param>
    /// <param name="random">Where the random delays are drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range, or of a version that is not implemented.</exception>
    public HostInterface(string name, Dialect dialect, HostSettings settings, Random random)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNotEqual(settings.Version, dialect.CurrentVersion);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Mtu, 68);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxSources, 64);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Timing.RobustnessVariable, 1);
        Name = name;
        Dialect = dialect;
        Settings = settings;
        this.random = random;
        RobustnessVariable = settings.Timing.RobustnessVariable;
        packer = new ReportPacker(dialect, settings.Mtu, effects);
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>IGMP or MLD.</summary>
    public Dialect Dialect { get; }

    /// <summary>The present configuration.</summary>
    public HostSettings Settings { get; }

    /// <summary>The robustness variable in force: that of the last query, or the configured one when it told none (§4.1.6).</summary>
    public int RobustnessVariable { get; private set; }

    /// <summary>When <see cref="Advance"/> is to be called next; <see cref="Instant.Never"/> when no timer runs.</summary>
    public Instant NextDue => timers.NextDue;

    /// <summary>How many groups are held in memory: with reception state, or with something still to be reported.</summary>
    internal int GroupCount => groups.Count;

    /// <summary>
    /// IPMulticastListen (§2): this socket now wants this, instead of what it wanted before. INCLUDE with no sources is leaving.
    /// </summary>
    /// <exception cref="ListenException">The request is refused; nothing has changed, and the timers were not run.</exception>
    public IReadOnlyList<Effect> Listen(int socket, Address group, FilterMode mode, IReadOnlyCollection<Address> sources, Instant now)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var filter = new Filter(mode, [.. sources.Distinct().Order()]);
        Check(socket, group, filter);

        effects.Clear();
        RunTimers(now);
        if (!filter.IsNone || groups.ContainsKey(group))
            Change(GroupOf(group), socket, filter, now);
        packer.Flush();
        return effects;
    }

    /// <summary>The socket is closed: it leaves every group (§3.1).</summary>
    public IReadOnlyList<Effect> Close(int socket, Instant now)
    {
        effects.Clear();
        RunTimers(now);
        foreach (var group in groups.Values.Where(each => !each.Of(socket).IsNone).OrderBy(each => each.Address).ToList())
            Change(group, socket, Filter.None, now);
        packer.Flush();
        return effects;
    }

    /// <summary>
    /// The link has come up again: its routers may know nothing of this host, so every state is reported as if it had just come to be (§5.1).
    /// </summary>
    public IReadOnlyList<Effect> LinkUp(Instant now)
    {
        effects.Clear();
        RunTimers(now);
        foreach (var group in groups.Values.Where(IsReported).OrderBy(each => each.Address))
        {
            group.Change.Add(Filter.None, group.State, RobustnessVariable);
            ReportChange(group, now);
        }

        packer.Flush();
        return effects;
    }

    /// <summary>A query was received (§5.2). Other messages of other hosts are of no concern to a host of the current version.</summary>
    public IReadOnlyList<Effect> Receive(in Envelope envelope, in Query query, Instant now)
    {
        effects.Clear();
        RunTimers(now);
        if (IsAccepted(envelope, query))
        {
            if (query.Version == Dialect.CurrentVersion)
                RobustnessVariable = query.RobustnessVariable > 0 ? query.RobustnessVariable : Settings.Timing.RobustnessVariable;
            Schedule(query, now);
        }

        return effects;
    }

    /// <summary>Runs every timer that is due at or before <paramref name="now"/>.</summary>
    public IReadOnlyList<Effect> Advance(Instant now)
    {
        effects.Clear();
        RunTimers(now);
        return effects;
    }

    /// <summary>Whether the interface's filters let this source's traffic to the group pass (§3.2); 224.0.0.1 is always listened to (§5).</summary>
    public bool Accepts(Address source, Address group) =>
        group == Dialect.AllSystems || (groups.TryGetValue(group, out var state) && state.State.Wants(source));

    /// <summary>Whether this socket wants this source's traffic to the group: its own filter decides, not the interface's (§3.2).</summary>
    public bool Accepts(int socket, Address source, Address group) =>
        groups.TryGetValue(group, out var state) && state.Of(socket).Wants(source);

    /// <summary>The reception state of every group, ascending.</summary>
    public IReadOnlyList<ReceptionState> Dump() =>
    [
        .. groups.Values
            .Where(group => !group.State.IsNone)
            .OrderBy(group => group.Address)
            .Select(group => new ReceptionState(group.Address, group.State.Mode, group.State.Sources)),
    ];

    private void Check(int socket, Address group, Filter filter)
    {
        if (!group.IsMulticast || group.IsV4 != Dialect.AllSystems.IsV4)
            throw new ListenException(ListenError.NotAGroup, $"{group} is not a group address of {Dialect.Name}.");
        foreach (var source in filter.Sources)
        {
            if (source.IsMulticast || source.IsUnspecified || source.IsV4 != group.IsV4)
                throw new ListenException(ListenError.NotASource, $"{source} cannot be a source of {group}: it is not a unicast address of {Dialect.Name}.");
        }

        // RFC 4604 §2.1. Such a socket would make the interface report EXCLUDE, which §2.2 there forbids.
        if (filter.Mode == FilterMode.Exclude && Dialect.IsSourceSpecific(group))
            throw new ListenException(ListenError.ExcludeInSourceSpecificRange, $"{group} is source-specific: it can be listened to with INCLUDE and sources only.");

        // The union of the included sources is bounded in EXCLUDE mode too: when the last EXCLUDE socket closes, which must not fail, it is the state.
        var together = groups.TryGetValue(group, out var state) && filter.Mode == FilterMode.Include
            ? state.IncludedWith(socket, filter)
            : filter.Sources.Length;
        if (together > Settings.MaxSources)
            throw new ListenException(ListenError.TooManySources, $"{group} would have {together} sources, more than {Settings.MaxSources}.");
    }

    private HostGroup GroupOf(Address address) =>
        groups.TryGetValue(address, out var group) ? group : groups[address] = new HostGroup(address);

    /// <summary>§5.1: a change of the interface state is reported at once, together with what is pending.</summary>
    private void Change(HostGroup group, int socket, Filter filter, Instant now)
    {
        var before = group.Set(socket, filter);
        if (!group.State.Equals(before) && Dialect.IsReportable(group.Address))
        {
            group.Change.Add(before, group.State, RobustnessVariable);
            ReportChange(group, now);
        }

        RemoveIfIdle(group);
    }

    private void ReportChange(HostGroup group, Instant now)
    {
        group.Change.Report(group.Address, group.State, packer);
        if (group.Change.IsPending)
            timers.Start(group.Retransmission, now + Delay(Settings.Timing.UnsolicitedReportInterval));
        else
            timers.Stop(group.Retransmission);
    }

    private bool IsAccepted(in Envelope envelope, in Query query)
    {
        // §9.1. Version 1 is older than the option.
        if (Settings.RequireRouterAlert && !envelope.RouterAlert && query.Version > 1)
            return false;
        // Sources without a group make none of the three queries.
        if (query.Kind == QueryKind.General)
            return query.Sources.IsEmpty && (!envelope.Destination.IsMulticast || envelope.Destination == Dialect.AllSystems);
        return Dialect.IsReportable(query.Group);
    }

    /// <summary>§5.2, rules 1 to 5.</summary>
    private void Schedule(in Query query, Instant now)
    {
        if (query.Kind == QueryKind.General)
        {
            if (!groups.Values.Any(IsReported))
                return;
            var due = now + Delay(query.MaxResponseTime);
            var until = now + query.MaxResponseTime;
            if (generalResponse.IsRunning)
            {
                // Rules 1 and 2: the sooner of both answers serves both queries. A spread answer that has begun starts again, as it owes
                // the groups it has told already to this query, and keeps what it has promised to the other.
                due = Earlier(due, generalResponse.Due);
                until = Earlier(until, generalResponse.Until);
            }

            generalResponse.Schedule(until);
            timers.Start(generalResponse, due);
        }
        else if (groups.TryGetValue(query.Group, out var group) && IsReported(group))
        {
            var due = now + Delay(query.MaxResponseTime);
            if (generalResponse.WillTell(query.Group) && GeneralAnswerComplete() < due)
                return;
            group.Response.Record(query.Sources, Settings.MaxSources);
            timers.Start(group.Response, group.Response.IsRunning ? Earlier(due, group.Response.Due) : due);
        }
    }

    /// <summary>When the pending general answer will have told every group: a spread one is sure to have only at its end.</summary>
    private Instant GeneralAnswerComplete()
    {
        var left = generalResponse.HasBegun ? generalResponse.Left.ToArray().Select(groups.GetValueOrDefault).OfType<HostGroup>() : groups.Values;
        return packer.FitOneReport(left.Where(IsReported).Select(group => group.State.Sources.Length)) ? generalResponse.Due : generalResponse.Until;
    }

    private static Instant Earlier(Instant one, Instant other) => one < other ? one : other;

    private bool IsReported(HostGroup group) => !group.State.IsNone && Dialect.IsReportable(group.Address);

    private void RunTimers(Instant now)
    {
        var at = now;
        while (timers.TakeDue(now, out var due) is { } timer)
        {
            // What falls due together shares reports; two copies of one change never do.
            if (due != at)
                packer.Flush();
            at = due;
            switch (timer)
            {
                case Retransmission retransmission:
                    ReportChange(retransmission.Group, due);
                    RemoveIfIdle(retransmission.Group);
                    break;
                case PendingResponse response:
                    Answer(response);
                    break;
                case GeneralResponse:
                    AnswerGeneral(due);
                    break;
                default:
                    throw new InvalidOperationException($"{timer} is not a timer of a host.");
            }
        }

        packer.Flush();
    }

    private void Answer(PendingResponse response)
    {
        if (response.Answer(response.Group.State) is { } record)
            packer.Add(record);
        response.Clear();
        RemoveIfIdle(response.Group);
    }

    /// <summary>One message of the answer to a General Query; the rest follows spread over what is left of the response time.</summary>
    private void AnswerGeneral(Instant now)
    {
        if (!generalResponse.HasBegun)
            generalResponse.Begin(groups.Values.Where(IsReported).Select(group => group.Address));
        var told = 0;
        for (; !generalResponse.Left.IsEmpty; generalResponse.Skip())
        {
            if (!groups.TryGetValue(generalResponse.Left[0], out var group) || !IsReported(group))
                continue;
            var record = PendingResponse.CurrentState(group.Address, group.State);
            if (told > 0 && !packer.Fits(record))
                break;
            packer.Add(record);
            group.Response.Clear();
            told++;
        }

        if (generalResponse.Left.IsEmpty)
            return;
        packer.Flush();
        var messagesLeft = (generalResponse.Left.Length + told - 1) / told;
        timers.Start(generalResponse, now + Delay((generalResponse.Until - now) / messagesLeft));
    }

    private void RemoveIfIdle(HostGroup group)
    {
        if (group.IsIdle)
            groups.Remove(group.Address);
    }

    /// <summary>
    /// A random time within (0, <paramref name="longest"/>] (§5.1, §5.2). Also a response time of zero is never answered at once, as all hosts
    /// would answer together.
    /// </summary>
    private TimeSpan Delay(TimeSpan longest) => TimeSpan.FromTicks(random.NextInt64(1, Math.Max(longest.Ticks, 1) + 1));
}
