using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>What the parts of a router interface share: configuration, timers, and the effects of the call under way.</summary>
internal sealed class RouterContext
{
    private static readonly Dropped[] Drops = [.. Enum.GetValues<DropReason>().Select(reason => new Dropped(reason))];

    private readonly List<Effect> effects = [];
    private Timing timing = Timing.Default;

    public RouterContext(Dialect dialect, RouterSettings settings)
    {
        Dialect = dialect;
        Settings = settings;
        Timing = dialect.OnTheWire(settings.Timing);
    }

    public Dialect Dialect { get; }

    public RouterSettings Settings { get; set; }

    public TimerQueue Timers { get; } = new();

    public IReadOnlyList<Effect> Effects => effects;

    /// <summary>Counts the calls, so that a group notes once per call that its forwarding has changed.</summary>
    public long Call { get; private set; }

    /// <summary>The timers in force: the configured ones, or with what was adopted from the querier.</summary>
    public Timing Timing
    {
        get => timing;
        set
        {
            timing = value;
            GroupMembershipInterval = value.GroupMembershipInterval;
            LastMemberQueryTime = value.LastMemberQueryTime;
        }
    }

    /// <summary>GMI, worked out once: every refresh needs it.</summary>
    public TimeSpan GroupMembershipInterval { get; private set; }

    /// <summary>LMQT, worked out once.</summary>
    public TimeSpan LastMemberQueryTime { get; private set; }

    public void BeginCall()
    {
        effects.Clear();
        Call++;
    }

    public void Emit(Effect effect) => effects.Add(effect);

    public void Drop(DropReason reason) => effects.Add(Drops[(int)reason]);

    public void Tell(StateChange what, Address? group = null, Address? source = null, Address? querier = null) =>
        effects.Add(new StateChanged(what, group, source, querier));

    /// <summary>A query of this interface with the fields that every query has (§4.1).</summary>
    public QueryContent Query(TimeSpan maxResponseTime, Address group, bool suppress, IReadOnlyList<Address> sources) => new(
        Dialect.CurrentVersion,
        maxResponseTime,
        group,
        suppress,
        // §4.1.6: a value that the field cannot hold is sent as 0.
        timing.RobustnessVariable > 7 ? 0 : timing.RobustnessVariable,
        timing.QueryInterval,
        sources);
}
