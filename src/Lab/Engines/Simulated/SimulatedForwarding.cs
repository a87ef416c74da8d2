using MulticastLab.Forwarding;
using MulticastLab.Membership.Node;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// What the kernel does for the daemon: an entry for each source and group whose packets come in. It follows the same decision, is
/// recomputed for every packet, and counts what the daemon counts.
/// </summary>
internal sealed class SimulatedForwarding
{
    /// <summary>An entry that takes no packet for so long is removed: the daemon looks as often.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    /// <summary>How often the kernel says at most that packets of an entry come in on a wrong interface (its MFC_ASSERT_THRESH).</summary>
    public static readonly TimeSpan WrongInterfacePace = TimeSpan.FromSeconds(3);

    /// <summary>How many entries there may be, as many as the daemon has.</summary>
    public const int MostEntries = 65_536;

    private readonly ForwardingDecision decision;
    private readonly MembershipContribution members = new();
    private readonly RouterCounters counters;
    private readonly Dictionary<(Address Source, Address Group), Entry> entries = [];

    public SimulatedForwarding(ForwardingOptions options, IReversePathLookup routes, RouterCounters counters)
    {
        this.counters = counters;
        decision = new ForwardingDecision(new ForwardingInterfaces(), routes, members);
        decision.Configure(options);
    }

    /// <summary>Takes the members of one more LAN into account.</summary>
    public void Add(NodeInterface lan) => members.Add(lan);

    /// <summary>An interface has come up or gone down.</summary>
    /// <param name="lan">The interface.</param>
    /// <param name="index">The system's index of it.</param>
    public void Follow(NodeInterface lan, int index)
    {
        if (lan.IsUp)
        {
            decision.Interfaces.SetUp(lan.Number, lan.Name, index);
            return;
        }

        decision.Interfaces.SetDown(lan.Number);
        foreach (var (key, _) in entries.Where(each => each.Value.Arrival == lan.Number).ToList())
            entries.Remove(key);
    }

    /// <summary>A packet has arrived.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="group">The group to which it is sent.</param>
    /// <param name="arrival">The number of the interface where it came in.</param>
    /// <param name="now">The present.</param>
    /// <returns>The interfaces where it goes out, each with the TTL that it must be above.</returns>
    public OutgoingInterfaces Take(Address source, Address group, int arrival, Instant now)
    {
        if (!decision.Interfaces.IsUp(arrival) || EntryOf(source, group, arrival, now) is not { } entry)
            return OutgoingInterfaces.None;
        entry.LastPacket = now;
        var path = decision.Of(source, group, entry.Arrival);
        if (path.Incoming == arrival)
            return path.Outgoing;
        // The kernel says so where the packets would go out: there they may have looped.
        if (path.Outgoing.Contains(arrival) && (entry.ToldAt is not { } told || now - told > WrongInterfacePace))
        {
            entry.ToldAt = now;
            counters.WrongInterface++;
        }

        return OutgoingInterfaces.None;
    }

    private Entry? EntryOf(Address source, Address group, int arrival, Instant now)
    {
        if (entries.TryGetValue((source, group), out var known) && now - known.LastPacket < Idle)
            return known;
        if (known is null && entries.Count >= MostEntries)
        {
            foreach (var (key, _) in entries.Where(each => now - each.Value.LastPacket >= Idle).ToList())
                entries.Remove(key);
            if (entries.Count >= MostEntries)
                return null;
        }

        if (decision.Of(source, group, arrival).Incoming == ForwardingInterfaces.None)
            counters.NoReversePath++;
        return entries[(source, group)] = new Entry(arrival);
    }

    private sealed class Entry(int arrival)
    {
        /// <summary>Where the packet came in that asked for it.</summary>
        public int Arrival => arrival;

        public Instant LastPacket { get; set; }

        public Instant? ToldAt { get; set; }
    }
}
