using MulticastLab.Lab.Topologies;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Nodes;

/// <summary>A host. Every command returns the moment just before it was given.</summary>
public sealed class HostNode : LabNode
{
    // What was asked for last, per group: ALLOW and BLOCK act on it.
    private readonly Dictionary<Address, SourceFilter> wanted = [];

    internal HostNode(LabRun run, Node description)
        : base(run, description)
    {
    }

    /// <summary>Joins the group for every source: EXCLUDE with no sources.</summary>
    public Task<Moment> Join(Address group) => Listen($"{Name} joins {group}", group, SourceFilter.AnySource);

    /// <summary>Joins the group for these sources only.</summary>
    public Task<Moment> Include(Address group, params Address[] sources) =>
        Listen($"{Name} includes {Names(sources)}", group, SourceFilter.Of(FilterMode.Include, sources));

    /// <summary>Joins the group for all but these sources.</summary>
    public Task<Moment> Exclude(Address group, params Address[] sources) =>
        Listen($"{Name} excludes {Names(sources)}", group, SourceFilter.Of(FilterMode.Exclude, sources));

    /// <summary>Allows these sources too; the mode stays.</summary>
    public Task<Moment> Allow(Address group, params Address[] sources) =>
        Listen($"{Name} allows {Names(sources)}", group, Wanted(group).Allowing(sources));

    /// <summary>Blocks these sources; the mode stays.</summary>
    public Task<Moment> Block(Address group, params Address[] sources) =>
        Listen($"{Name} blocks {Names(sources)}", group, Wanted(group).Blocking(sources));

    /// <summary>Leaves the group.</summary>
    public Task<Moment> Leave(Address group) => Listen($"{Name} leaves {group}", group, SourceFilter.None);

    /// <summary>Sends a stream to the group.</summary>
    /// <param name="group">The destination.</param>
    /// <param name="every">The time between two datagrams.</param>
    /// <param name="source">The source address; the node's own when not given, which a scenario has to know to tell the streams
    /// apart.</param>
    public Task<DatagramStream> Stream(Address group, TimeSpan every, Address source) => Run.Send(this, group, source, every);

    private SourceFilter Wanted(Address group) => wanted.GetValueOrDefault(group, SourceFilter.None);

    private Task<Moment> Listen(string what, Address group, SourceFilter filter)
    {
        wanted[group] = filter;
        return Run.Do(what, token => Run.Lab.Listen(Name, group, filter.Mode, filter.Sources, token));
    }

    private static string Names(Address[] sources) => string.Join(" and ", sources);
}
