using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Host;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Scenarios.Nodes;

/// <summary>A host: its commands are those of its default socket. Every command returns the moment just before it was given.</summary>
public sealed class HostNode : LabNode
{
    private readonly Dictionary<string, HostSocket> sockets = [];
    private readonly HostSocket own;

    internal HostNode(LabRun run, Node description)
        : base(run, description)
    {
        own = new HostSocket(run, this, HostSockets.Default, Name);
        sockets.Add(HostSockets.Default, own);
    }

    /// <summary>One of its sockets, whose filters it merges (RFC 9776 §3.2).</summary>
    /// <param name="name">Its name: 1 to 32 letters, digits, hyphens, underscores and dots.</param>
    public HostSocket Socket(string name) => sockets.TryGetValue(name, out var known)
        ? known
        : sockets[name] = new HostSocket(Run, this, name, $"{Name}'s socket {name}");

    /// <inheritdoc cref="HostSocket.Join"/>
    public Task<Moment> Join(Address group) => own.Join(group);

    /// <inheritdoc cref="HostSocket.Include"/>
    public Task<Moment> Include(Address group, params Address[] sources) => own.Include(group, sources);

    /// <inheritdoc cref="HostSocket.Exclude"/>
    public Task<Moment> Exclude(Address group, params Address[] sources) => own.Exclude(group, sources);

    /// <inheritdoc cref="HostSocket.Allow"/>
    public Task<Moment> Allow(Address group, params Address[] sources) => own.Allow(group, sources);

    /// <inheritdoc cref="HostSocket.Block"/>
    public Task<Moment> Block(Address group, params Address[] sources) => own.Block(group, sources);

    /// <inheritdoc cref="HostSocket.Leave"/>
    public Task<Moment> Leave(Address group) => own.Leave(group);

    /// <summary>Sends a stream to the group.</summary>
    /// <param name="group">The destination.</param>
    /// <param name="every">The time between two datagrams.</param>
    /// <param name="source">The source address; the node's own when not given, which a scenario has to know to tell the streams
    /// apart.</param>
    public Task<DatagramStream> Stream(Address group, TimeSpan every, Address source) => Run.Send(this, group, source, every);
}
