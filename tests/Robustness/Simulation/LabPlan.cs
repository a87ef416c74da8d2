using System.Globalization;
using MulticastLab.Lab.Engines.Simulated;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>A random lab and all that happens in it: everything that a run needs, so that a part of it can be run as well.</summary>
/// <param name="Seed">What it was made of; also the seed of the lab's own chances.</param>
/// <param name="Version">The version that the routers are configured for: all the same, as §7.3.1 demands.</param>
/// <param name="Timing">The timers of routers and hosts.</param>
/// <param name="Lans">The LANs, A first: the streams start there.</param>
/// <param name="Nodes">Routers and hosts. The first router is on every LAN and forwards.</param>
/// <param name="Events">What happens, in order of time.</param>
/// <param name="End">When the run ends.</param>
internal sealed record LabPlan(
    int Seed, int Version, Timing Timing, IReadOnlyList<LanPlan> Lans, IReadOnlyList<NodePlan> Nodes, IReadOnlyList<PlanEvent> Events,
    TimeSpan End)
{
    /// <summary>The groups that hosts may want: one of them source-specific.</summary>
    public static readonly Address[] Groups = [.. ((string[])["239.1.1.1", "239.1.1.2", "232.1.1.1"]).Select(Address.Parse)];

    /// <summary>The sources that hosts may name.</summary>
    public static readonly Address[] Sources = [.. Enumerable.Range(1, 5).Select(each => Address.FromV4(0xC000_0200u + (uint)each))];

    /// <summary>A source that no host names.</summary>
    public static readonly Address Unnamed = Address.Parse("198.51.100.1");

    /// <summary>By which part clocks are wrong at most.</summary>
    public double Drift => Nodes.Select(each => Math.Abs(each.Drift) / 1e6).DefaultIfEmpty().Max();

    /// <summary>
    /// Whether an IGMPv1 host or router is among them: these answer within 10 s whatever they are asked (RFC 1112 Appendix I).
    /// </summary>
    public bool HasVersion1 => Version == 1 || Nodes.Any(each => each.Version == 1);

    /// <summary>
    /// What a host's wish comes to on the wire: with an older version on either side all of the group or, in the source-specific range,
    /// nothing (§7.2, §7.3.2; RFC 4604 §2.2, §3).
    /// </summary>
    public (FilterMode Mode, IReadOnlyList<Address> Sources) OnTheWire(
        NodePlan host, Address group, FilterMode mode, IReadOnlyList<Address> sources)
    {
        if ((Version == 3 && host.Version == 3) || (mode == FilterMode.Include && sources.Count == 0))
            return (mode, sources);
        return (group.V4Bits >> 24 == 232 ? FilterMode.Include : FilterMode.Exclude, []);
    }

    public IEnumerable<NodePlan> Routers => Nodes.Where(each => each.IsRouter);

    public override string ToString()
    {
        var nodes = string.Join(", ", Nodes.Select(each => each.ToString()));
        var lans = string.Join(", ", Lans.Select(each => each.ToString()));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"seed {Seed}; version {Version}; RV {Timing.RobustnessVariable}, QI {Timing.QueryInterval.TotalSeconds} s, QRI "
                + $"{Timing.QueryResponseInterval.TotalSeconds} s, LMQI {Timing.LastMemberQueryInterval.TotalSeconds} s × "
                + $"{Timing.LastMemberQueryCount}; LANs {lans}; {nodes}; {Events.Count} events in {End.TotalSeconds:F0} s");
    }
}

/// <summary>A LAN with what is always true of it.</summary>
/// <param name="Name">A, B, C.</param>
/// <param name="Delay">Added to the propagation delay.</param>
/// <param name="Duplication">The probability that a receiver gets a frame twice.</param>
internal sealed record LanPlan(string Name, TimeSpan Delay, double Duplication)
{
    /// <summary>Its own peculiarities, and nothing worse.</summary>
    public Impairment Calm => new() { Delay = Delay, Duplication = Duplication };

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name} ({Delay.TotalMilliseconds} ms, {Duplication:P0} twice)");
}

/// <summary>A router or a host.</summary>
/// <param name="Name">r1 … or h1 ….</param>
/// <param name="IsRouter">Which of the two.</param>
/// <param name="Version">The version that it is configured for.</param>
/// <param name="Drift">Its clock's error in parts per million.</param>
/// <param name="Ports">The LANs it is on, with the last byte of its address there; eth0, eth1 … in this order.</param>
internal sealed record NodePlan(string Name, bool IsRouter, int Version, int Drift, IReadOnlyList<(int Lan, int Host)> Ports)
{
    /// <summary>Its address on a LAN.</summary>
    public Address AddressOn(int lan) => Address.FromV4(0x0A00_0000u + ((uint)lan << 8) + (uint)Ports.First(each => each.Lan == lan).Host);

    public bool IsOn(int lan) => Ports.Any(each => each.Lan == lan);

    public string InterfaceOn(int lan) => $"eth{Ports.Select(each => each.Lan).ToList().IndexOf(lan)}";

    public override string ToString() =>
        $"{Name}{(Version == 3 ? "" : $" (version {Version})")} on "
            + $"{string.Join('+', Ports.Select(each => (char)('A' + each.Lan)))}{(Drift == 0 ? "" : $" ({Drift:+0;-0} ppm)")}";
}

/// <summary>Something that happens.</summary>
/// <param name="At">When.</param>
internal abstract record PlanEvent(TimeSpan At);

/// <summary>The node's daemon starts; a host wants nothing yet.</summary>
internal sealed record StartNode(TimeSpan At, string Node) : PlanEvent(At);

/// <summary>The node's daemon dies silently.</summary>
internal sealed record KillNode(TimeSpan At, string Node) : PlanEvent(At);

/// <summary>
/// The host wants this of a group from now on. Lost is a wish whose first report nobody hears: what the repetition of §5.1 is for.
/// </summary>
internal sealed record WantGroup(
    TimeSpan At, string Node, Address Group, FilterMode Mode, IReadOnlyList<Address> Sources, bool IsLost = false) : PlanEvent(At)
{
    public override string ToString() =>
        $"{Node} wants {Group} {Mode} {{{string.Join(", ", Sources)}}}{(IsLost ? ", and its first report is lost" : "")}";
}

/// <summary>
/// A host that does not know the source-specific range (RFC 4604 §2.2) tells EXCLUDE for a group of it, by an IS_EX or a TO_EX: nobody is
/// to mind.
/// </summary>
internal sealed record MisreportGroup(TimeSpan At, string Node, RecordType Type, IReadOnlyList<Address> Sources) : PlanEvent(At)
{
    /// <summary>The group.</summary>
    public static Address Group => LabPlan.Groups[2];

    public override string ToString() => $"{Node} tells {Type} {Group} {{{string.Join(", ", Sources)}}}";
}

/// <summary>The LAN becomes like this; it is calm again when it is what its plan says.</summary>
internal sealed record ImpairLan(TimeSpan At, int Lan, Impairment Impairment) : PlanEvent(At);

/// <summary>The node's port now belongs to this part of a partitioned LAN; 0 is whole again.</summary>
internal sealed record TearPort(TimeSpan At, string Node, int Lan, int Side) : PlanEvent(At);

/// <summary>The node's link goes down or up.</summary>
internal sealed record SetLink(TimeSpan At, string Node, int Lan, bool Up) : PlanEvent(At);

/// <summary>
/// A LAN loses everything, for so short a time that fewer rounds of queries and answers than the Robustness Variable are lost, which is
/// what that variable is for (RFC 9776 §8.1): members must not notice. No host changes its mind near it.
/// </summary>
internal sealed record Blackout(TimeSpan At, int Lan, TimeSpan Duration) : PlanEvent(At);
