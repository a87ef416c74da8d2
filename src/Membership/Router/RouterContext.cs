using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>What the parts of a router interface share: configuration, timers, and the effects of the current call.</summary>
internal sealed class RouterContext
{
    private static readonly Dropped[] Drops = [.. Enum.GetValues<DropReason>().Select(reason => new Dropped(reason))];

    private readonly List<Effect> effects = [];
    private Timing timing = Timing.Default;

    public RouterContext(Dialect dialect, RouterSettings settings)
    {
        Dialect = dialect;
        Settings = settings;
        Timing = dialect.OnTheWire(settings.Timing, Generation);
    }

    public Dialect Dialect { get; }

    public RouterSettings Settings
    {
        get;
        set
        {
            field = value;
            Generation = Dialect.GenerationOf(value.Version);
            OldestGeneration = Dialect.GenerationOf(value.OldestVersion);
        }
    }

    /// <summary>What the configured version can do.</summary>
    public Generation Generation { get; private set; }

    /// <summary>That of the oldest version that is served.</summary>
    public Generation OldestGeneration { get; private set; }

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
            OlderHostPresentInterval = value.OlderHostPresentInterval;
        }
    }

    /// <summary>GMI, computed once: every refresh needs it.</summary>
    public TimeSpan GroupMembershipInterval { get; private set; }

    /// <summary>LMQT, computed once.</summary>
    public TimeSpan LastMemberQueryTime { get; private set; }

    /// <summary>OHPI, computed once.</summary>
    public TimeSpan OlderHostPresentInterval { get; private set; }

    public void BeginCall()
    {
        effects.Clear();
        Call++;
    }

    public void Emit(Effect effect) => effects.Add(effect);

    public void Drop(DropReason reason) => effects.Add(Drops[(int)reason]);

    public void Tell(StateChange what, Address? group = null, Address? source = null, Address? querier = null, Generation? mode = null) =>
        effects.Add(new StateChanged(what, group, source, querier, mode is { } generation ? Dialect.VersionOf(generation) : null));

    /// <summary>A query of this interface with the fields that every query of the configured version has (§4.1, §7.3.1).</summary>
    public QueryContent Query(TimeSpan maxResponseTime, Address group, bool suppress, IReadOnlyList<Address> sources) =>
        !Generation.HasSources
            ? new(
                Generation, maxResponseTime, group, SuppressRouterSideProcessing: false, RobustnessVariable: 0,
                QueryInterval: TimeSpan.Zero, [])
            : new(
                Generation,
                maxResponseTime,
                group,
                suppress,
                // §4.1.6: a value that the field cannot hold is sent as 0.
                timing.RobustnessVariable > 7
                    ? 0
                    : timing.RobustnessVariable,
                timing.QueryInterval,
                sources);
}
