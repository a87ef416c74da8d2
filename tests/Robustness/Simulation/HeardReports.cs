using MulticastLab.Membership.Dialects;
using MulticastLab.Packets;

namespace MulticastLab.Robustness.Simulation;

/// <summary>
/// From which reports the timers of a LAN's routers run, as far as the frames tell it for certain (RFC 9776 §6.4, §6.6, §7.3.2). When a
/// frame may have been missed, or what it does depends on more than has been said, nothing is known any more until a report sets the timer
/// whatever it was.
/// </summary>
internal sealed class HeardReports(Windows windows)
{
    private readonly Dictionary<Address, Instant> groups = [];
    private readonly Dictionary<(Address Group, Address Source), Instant> sources = [];
    private readonly Dictionary<(Address Group, int Version), Instant> older = [];

    /// <summary>
    /// The report that the group timer runs from (§6.2.2): it was for EXCLUDE mode, and nothing has lowered the timer since.
    /// </summary>
    public Instant? Group(Address group) => groups.TryGetValue(group, out var at) ? at : null;

    /// <summary>The report that the source timer runs from (§6.2.3).</summary>
    public Instant? Source(Address group, Address source) => sources.TryGetValue((group, source), out var at) ? at : null;

    /// <summary>The report that the IGMPv1 or IGMPv2 Host Present timer runs from (§7.3.2).</summary>
    public Instant? Older(Address group, int version) => older.TryGetValue((group, version), out var at) ? at : null;

    /// <summary>§7.3.2: with a version 1 member leaves and TO_IN are ignored.</summary>
    public bool IgnoresLeaves(Address group, Instant at) => IsPresent(group, 1, at);

    /// <summary>§7.3.2: with an older member BLOCK, and the sources of TO_EX, are ignored.</summary>
    public bool IgnoresBlocks(Address group, Instant at) => IsPresent(group, 1, at) || IsPresent(group, 2, at);

    /// <summary>A record that every router hears.</summary>
    public void Heard(in GroupRecord record, Instant at)
    {
        switch (record.Type)
        {
            case RecordType.IsInclude or RecordType.Allow:
                foreach (var source in record.Sources)
                    sources[(record.Group, source)] = at;
                break;
            // RFC 4604 §3.1: they say nothing of a source-specific group.
            case RecordType.IsExclude or RecordType.ToExclude when !IsSourceSpecific(record.Group):
                ForgetSources(record.Group);
                groups[record.Group] = at;
                break;
            case RecordType.Block:
                foreach (var source in record.Sources)
                    sources.Remove((record.Group, source));
                break;
            case RecordType.ToInclude:
                HeardLeave(record.Group, at);
                break;
        }
    }

    /// <summary>A report of version 1 or 2 that every router hears: an IS_EX ({}) (§7.3.2).</summary>
    public void HeardOlder(Address group, int version, Instant at)
    {
        if (IsSourceSpecific(group))
            return;
        ForgetSources(group);
        groups[group] = older[(group, version)] = at;
    }

    /// <summary>A leave that every router hears.</summary>
    public void HeardLeave(Address group, Instant at)
    {
        if (!IgnoresLeaves(group, at))
            Doubt(group);
    }

    /// <summary>A query, heard or not: §6.6.1, it may lower what it asks for.</summary>
    public void Heard(in Query query)
    {
        if (query.SuppressRouterSideProcessing)
            return;
        if (query.Kind == QueryKind.GroupSpecific)
            DoubtGroup(query.Group);
        foreach (var source in query.Sources)
            sources.Remove((query.Group, source));
    }

    /// <summary>Something of the group was said that may have been heard or not.</summary>
    public void Doubt(Address group)
    {
        DoubtGroup(group);
        ForgetSources(group);
    }

    // When the group is gone, so are its older hosts.
    private void DoubtGroup(Address group)
    {
        groups.Remove(group);
        older.Remove((group, 1));
        older.Remove((group, 2));
    }

    private void ForgetSources(Address group)
    {
        foreach (var source in LabPlan.Sources)
            sources.Remove((group, source));
    }

    private bool IsPresent(Address group, int version, Instant at) =>
        Older(group, version) is { } heard && at < heard + windows.OlderHostSurelyPresent;

    private static bool IsSourceSpecific(Address group) => Dialect.Igmp.IsSourceSpecific(group);
}
