using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Nodes;

/// <summary>A socket of a host, whose filters the host merges with those of its others (RFC 9776 §3.2). Every command returns the moment
/// just before it was given.</summary>
public sealed class HostSocket
{
    private readonly LabRun run;
    private readonly HostNode host;
    private readonly string name;
    private readonly string subject;

    // What was asked for last, per group: ALLOW and BLOCK act on it.
    private readonly Dictionary<Address, SourceFilter> wanted = [];

    /// <param name="run">The run.</param>
    /// <param name="host">Whose it is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="subject">How steps call it.</param>
    internal HostSocket(LabRun run, HostNode host, string name, string subject) =>
        (this.run, this.host, this.name, this.subject) = (run, host, name, subject);

    /// <summary>Joins the group for every source: EXCLUDE with no sources.</summary>
    public Task<Moment> Join(Address group) => Listen($"joins {group}", group, SourceFilter.AnySource);

    /// <summary>Joins the group for these sources only.</summary>
    public Task<Moment> Include(Address group, params Address[] sources) =>
        Listen($"includes {Names(sources)}", group, SourceFilter.Of(FilterMode.Include, sources));

    /// <summary>Joins the group for all but these sources.</summary>
    public Task<Moment> Exclude(Address group, params Address[] sources) =>
        Listen($"excludes {Names(sources)}", group, SourceFilter.Of(FilterMode.Exclude, sources));

    /// <summary>Allows these sources too; the mode stays.</summary>
    public Task<Moment> Allow(Address group, params Address[] sources) =>
        Listen($"allows {Names(sources)}", group, Wanted(group).Allowing(sources));

    /// <summary>Blocks these sources; the mode stays.</summary>
    public Task<Moment> Block(Address group, params Address[] sources) =>
        Listen($"blocks {Names(sources)}", group, Wanted(group).Blocking(sources));

    /// <summary>Leaves the group.</summary>
    public Task<Moment> Leave(Address group) => Listen($"leaves {group}", group, SourceFilter.None);

    private SourceFilter Wanted(Address group) => wanted.GetValueOrDefault(group, SourceFilter.None);

    private Task<Moment> Listen(string what, Address group, SourceFilter filter)
    {
        wanted[group] = filter;
        return run.Do($"{subject} {what}", token => run.Lab.Listen(host.Name, name, group, filter, token));
    }

    private static string Names(Address[] sources) => string.Join(" and ", sources);
}
