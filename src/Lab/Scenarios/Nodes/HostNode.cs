using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Nodes;

/// <summary>A host. Every command returns the moment just before it was given.</summary>
public sealed class HostNode : LabNode
{
    // What was asked for last, per group: ALLOW and BLOCK act on it.
    private readonly Dictionary<Address, (FilterMode Mode, HashSet<Address> Sources)> wanted = [];

    internal HostNode(LabRun run, Node description)
        : base(run, description)
    {
    }

    /// <summary>Joins the group for every source: EXCLUDE with no sources.</summary>
    public Task<Moment> Join(Address group) => Listen($"{Name} joins {group}", group, FilterMode.Exclude, []);

    /// <summary>Joins the group for these sources only.</summary>
    public Task<Moment> Include(Address group, params Address[] sources) =>
        Listen($"{Name} includes {Names(sources)}", group, FilterMode.Include, [.. sources]);

    /// <summary>Joins the group for all but these sources.</summary>
    public Task<Moment> Exclude(Address group, params Address[] sources) =>
        Listen($"{Name} excludes {Names(sources)}", group, FilterMode.Exclude, [.. sources]);

    /// <summary>Allows these sources too; the mode stays.</summary>
    public Task<Moment> Allow(Address group, params Address[] sources) =>
        Change($"{Name} allows {Names(sources)}", group, sources, wanted: true);

    /// <summary>Blocks these sources; the mode stays.</summary>
    public Task<Moment> Block(Address group, params Address[] sources) =>
        Change($"{Name} blocks {Names(sources)}", group, sources, wanted: false);

    /// <summary>Leaves the group.</summary>
    public Task<Moment> Leave(Address group) => Listen($"{Name} leaves {group}", group, FilterMode.Include, []);

    /// <summary>Sends a stream to the group.</summary>
    /// <param name="group">The destination.</param>
    /// <param name="every">The time between two datagrams.</param>
    /// <param name="source">The source address; the node's own when not given, which a scenario has to know to tell the streams
    /// apart.</param>
    public Task<DatagramStream> Stream(Address group, TimeSpan every, Address source) => Run.Send(this, group, source, every);

    private Task<Moment> Change(string what, Address group, Address[] sources, bool wanted)
    {
        var (mode, list) = this.wanted.GetValueOrDefault(group, (FilterMode.Include, []));
        var next = new HashSet<Address>(list);
        // In INCLUDE mode the list says what is wanted, in EXCLUDE mode what is not.
        if (wanted == (mode == FilterMode.Include))
            next.UnionWith(sources);
        else
            next.ExceptWith(sources);
        return Listen(what, group, mode, next);
    }

    private Task<Moment> Listen(string what, Address group, FilterMode mode, HashSet<Address> sources)
    {
        wanted[group] = (mode, sources);
        return Run.Do(what, token => Run.Lab.Listen(Name, group, mode, sources, token));
    }

    private static string Names(Address[] sources) => string.Join(" and ", sources);
}
