using MulticastLab.Packets;

namespace MulticastLab.Membership.Host;

/// <summary>What the behaviours of one host interface share: its groups, its timers, what it has to send, and where its delays are drawn from.</summary>
internal sealed class HostContext
{
    private readonly Random random;

    public HostContext(Dialect dialect, HostSettings settings, Random random)
    {
        Dialect = dialect;
        Settings = settings;
        this.random = random;
        RobustnessVariable = settings.Timing.RobustnessVariable;
        Packer = new ReportPacker(dialect, settings.Mtu, Effects);
    }

    public Dialect Dialect { get; }

    public HostSettings Settings { get; }

    public int RobustnessVariable { get; set; }

    public Dictionary<Address, HostGroup> Groups { get; } = [];

    public TimerQueue Timers { get; } = new();

    public List<Effect> Effects { get; } = [];

    public ReportPacker Packer { get; }

    /// <summary>The group, with its memory made when there is none.</summary>
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
    /// A random time within (0, <paramref name="longest"/>] (§5.1, §5.2). Also a response time of zero is never answered at once, as all hosts
    /// would answer together.
    /// </summary>
    public TimeSpan Delay(TimeSpan longest) => TimeSpan.FromTicks(random.NextInt64(1, Math.Max(longest.Ticks, 1) + 1));
}
