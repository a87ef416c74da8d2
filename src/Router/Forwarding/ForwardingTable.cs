using MulticastLab.Forwarding;
using MulticastLab.Linux.MulticastRouting;
using MulticastLab.Packets;

namespace MulticastLab.Router.Forwarding;

/// <summary>What is known of a source that has entries.</summary>
internal sealed class ForwardingSource(Address address, ReversePath path)
{
    public Address Address => address;

    /// <summary>The reverse path to it.</summary>
    public ReversePath Path { get; set; } = path;

    /// <summary>Whether the reverse path is about to be looked up again.</summary>
    public bool IsToLookUp { get; set; }

    /// <summary>Its entries by group.</summary>
    public Dictionary<Address, ForwardingEntry> Entries { get; } = [];
}

/// <summary>An entry that is set in the kernel.</summary>
internal sealed class ForwardingEntry(ForwardingSource source, Address group, int arrival)
{
    public ForwardingSource Source => source;

    public Address Group => group;

    /// <summary>The VIF where the packet came in that asked for it.</summary>
    public int Arrival => arrival;

    /// <summary>Where packets are taken and where they go out.</summary>
    public ForwardingPath Path { get; set; }

    /// <summary>The packet count when it was last found to have grown; -1 before the first look.</summary>
    public long PacketsSeen { get; set; } = -1;

    /// <summary>When that was.</summary>
    public Instant PacketsSeenAt { get; set; }

    /// <summary>Its place in the table's list.</summary>
    public int Place { get; set; }

    /// <summary>As the kernel has it. One that accepts packets nowhere is set to drop them where they come in.</summary>
    public MfcEntry InKernel =>
        new(source.Address, group, Path.Incoming == ForwardingInterfaces.None ? arrival : Path.Incoming, Path.Outgoing);
}

/// <summary>The entries, found by group, by source, and one after the other.</summary>
internal sealed class ForwardingTable
{
    private static readonly Dictionary<Address, ForwardingEntry> NoEntries = [];

    private readonly Dictionary<Address, Dictionary<Address, ForwardingEntry>> groups = [];
    private readonly Dictionary<Address, ForwardingSource> sources = [];
    private readonly List<ForwardingEntry> entries = [];

    /// <summary>All entries, in no stable order.</summary>
    public IReadOnlyList<ForwardingEntry> Entries => entries;

    /// <summary>All sources that have entries.</summary>
    public IReadOnlyCollection<ForwardingSource> Sources => sources.Values;

    /// <summary>The entries of a group by source.</summary>
    public Dictionary<Address, ForwardingEntry>.ValueCollection OfGroup(Address group) => groups.GetValueOrDefault(group, NoEntries).Values;

    /// <summary>What is known of a source; null when it has no entry.</summary>
    public ForwardingSource? FindSource(Address source) => sources.GetValueOrDefault(source);

    /// <summary>Adds an entry; there must be none of that source and group.</summary>
    public void Add(ForwardingEntry entry)
    {
        if (!groups.TryGetValue(entry.Group, out var ofGroup))
            groups.Add(entry.Group, ofGroup = []);
        ofGroup.Add(entry.Source.Address, entry);
        sources.TryAdd(entry.Source.Address, entry.Source);
        entry.Source.Entries.Add(entry.Group, entry);
        entry.Place = entries.Count;
        entries.Add(entry);
    }

    /// <summary>Removes an entry; the last one takes its place in the list.</summary>
    public void Remove(ForwardingEntry entry)
    {
        var ofGroup = groups[entry.Group];
        ofGroup.Remove(entry.Source.Address);
        if (ofGroup.Count == 0)
            groups.Remove(entry.Group);
        entry.Source.Entries.Remove(entry.Group);
        if (entry.Source.Entries.Count == 0)
            sources.Remove(entry.Source.Address);
        var last = entries[^1];
        entries[entry.Place] = last;
        last.Place = entry.Place;
        entries.RemoveAt(entries.Count - 1);
    }
}
