using MulticastLab.Membership.Router.Policies;
using MulticastLab.Packets;

namespace MulticastLab.Membership.Router;

/// <summary>
/// The state of one group (§6.2): filter mode, source records, and as a timer itself the group timer, which runs in EXCLUDE mode only.
/// </summary>
internal sealed class Group(Address address, Instant created, Generation compatibilityMode) : QueuedTimer
{
    /// <summary>Up to here a search through the list costs no more than a hash table.</summary>
    private const int IndexedFrom = 8;

    private Dictionary<Address, Source>? index;

    public Address Address => address;

    public Instant Created => created;

    public FilterMode Mode { get; set; } = FilterMode.Include;

    /// <summary>The Group Compatibility Mode (§7.3.2): that of the oldest members.</summary>
    public Generation CompatibilityMode { get; set; } = compatibilityMode;

    /// <summary>The members of older versions; null when there were none lately, which is how nearly all groups are.</summary>
    public OlderHosts? OlderHosts { get; set; }

    public Address LastReporter { get; set; }

    public int SourceCount { get; private set; }

    /// <summary>The first source; the others follow by <see cref="Source.Next"/>.</summary>
    public Source? FirstSource { get; private set; }

    /// <summary>The Group-Specific Queries under way; null when there are none.</summary>
    public QuerySeries? Series { get; set; }

    /// <summary>Whether sources of it were refused because it has reached the limit per group.</summary>
    public bool IsFull { get; set; }

    /// <summary>The hosts that want it from all sources; null when none was tracked.</summary>
    public HostList? Hosts { get; set; }

    /// <summary>The call in which a change of forwarding was last noted.</summary>
    public long ForwardingNotedIn { get; set; }

    /// <summary>The source's record; null when there is none.</summary>
    public Source? Find(Address source)
    {
        if (index is not null)
            return index.GetValueOrDefault(source);
        var each = FirstSource;
        while (each is not null && each.Address != source)
            each = each.Next;
        return each;
    }

    public Source Add(Address source)
    {
        var added = new Source(this, source) { Next = FirstSource };
        FirstSource?.Previous = added;
        FirstSource = added;
        SourceCount++;
        if (index is not null)
        {
            index.Add(source, added);
        }
        else if (SourceCount == IndexedFrom)
        {
            index = [];
            for (var each = added; each is not null; each = each.Next)
                index.Add(each.Address, each);
        }

        return added;
    }

    public void Remove(Source source)
    {
        source.Next?.Previous = source.Previous;
        if (source.Previous is null)
            FirstSource = source.Next;
        else
            source.Previous.Next = source.Next;
        SourceCount--;
        index?.Remove(source.Address);
        if (SourceCount == 0)
            index = null;
    }
}

/// <summary>
/// A source record (§6.2.3); as a timer itself the source timer. It runs while the source is forwarded; a blocked source of an EXCLUDE
/// group has it at zero.
/// </summary>
internal sealed class Source(Group group, Address address) : QueuedTimer
{
    public Group Group => group;

    public Address Address => address;

    public Source? Next { get; set; }

    public Source? Previous { get; set; }

    /// <summary>The Group-and-Source-Specific Queries under way for it; null when there are none.</summary>
    public QuerySeries? Series { get; set; }

    /// <summary>The hosts that want or exclude it; null when none was tracked.</summary>
    public HostList? Hosts { get; set; }

    /// <summary>
    /// Whether it is there by a mapping alone (<see cref="RouterSettings.SsmMappings"/>): nobody has requested it by name.
    /// </summary>
    public bool IsMapped { get; set; }

    /// <summary>
    /// The last record that named this source; distinguishes named sources from others, and detects repeated ones (source lists are sets,
    /// §4.2.10).
    /// </summary>
    public long NamedIn { get; set; }
}
