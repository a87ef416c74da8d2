using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>
/// What the behaviours of one host interface share: its groups, its timers, what it has to send, and where its delays are drawn from.
/// </summary>
internal sealed class HostContext
{
    private readonly Random random;

    public HostContext(Dialect dialect, HostSettings settings, Random random)
    {
        Dialect = dialect;
        Settings = settings;
        this.random = random;
        Generation = dialect.GenerationOf(settings.Version);
        Told = settings.Timing;
        Packer = new ReportPacker(dialect, settings.Mtu, Effects);
    }

    public Dialect Dialect { get; }

    public HostSettings Settings { get; }

    /// <summary>What the configured version can do.</summary>
    public Generation Generation { get; }

    /// <summary>The host's own timers with what the last query of the current version announced of the querier's (§4.1.6,
    /// §4.1.7).</summary>
    public Timing Told { get; private set; }

    /// <summary>The Robustness Variable in force.</summary>
    public int RobustnessVariable => Told.RobustnessVariable;

    public Dictionary<Address, HostGroup> Groups { get; } = [];

    public TimerQueue Timers { get; } = new();

    public List<Effect> Effects { get; } = [];

    public ReportPacker Packer { get; }

    /// <summary>A query of the current version announces the querier's variables; zero means "not announced", and then the host's own
    /// apply.</summary>
    public void Adopt(in Query query) => Told = Settings.Timing with
    {
        RobustnessVariable = query.RobustnessVariable > 0 ? query.RobustnessVariable : Settings.Timing.RobustnessVariable,
        QueryInterval = query.QueryInterval > TimeSpan.Zero ? query.QueryInterval : Settings.Timing.QueryInterval,
        QueryResponseInterval = query.Kind == QueryKind.General ? query.MaxResponseTime : Told.QueryResponseInterval,
    };

    /// <summary>The group; created when there is none.</summary>
    public HostGroup GroupOf(Address address) =>
        Groups.TryGetValue(address, out var group) ? group : Groups[address] = new HostGroup(address);

    public bool IsReported(HostGroup group) => !group.State.IsNone && Dialect.IsReportable(group.Address);

    /// <summary>RFC 4604 §2: the configured range, or the protocol's own.</summary>
    public bool IsSourceSpecific(Address group) =>
        Settings.SourceSpecificRange is { } range ? range.Any(each => each.Contains(group)) : Dialect.IsSourceSpecific(group);

    public void RemoveIfIdle(HostGroup group)
    {
        if (group.IsIdle)
            Groups.Remove(group.Address);
    }

    /// <summary>
    /// A random time within (0, <paramref name="longest"/>] (§5.1, §5.2). Even a response time of zero is never answered at once, as all
    /// hosts would answer simultaneously.
    /// </summary>
    public TimeSpan Delay(TimeSpan longest) => TimeSpan.FromTicks(random.NextInt64(1, Math.Max(longest.Ticks, 1) + 1));
}
