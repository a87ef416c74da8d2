using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines;

/// <summary>Makes labs: the simulated world, Linux namespaces, Docker.</summary>
public interface ILabEngine
{
    /// <summary>The engine's name on the command line: simulated, namespaces, docker.</summary>
    string Name { get; }

    /// <summary>Wires the topology. Nodes are there but have not run their startup yet: <see cref="IRunningLab.Start"/> does that.</summary>
    Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation);
}

/// <summary>How a lab is to be run.</summary>
public sealed record LabOptions
{
    /// <summary>The routers' timers: handed to the startup files as ROUTER_OPTIONS.</summary>
    public Timing Timing { get; init; } = Timing.Default;

    /// <summary>Whose IGMP the hosts speak: handed to the startup files in HOSTAGENT_OPTIONS.</summary>
    public HostStack HostStack { get; init; }

    /// <summary>Seed of everything random in a simulated lab; printed on failure.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>Whose host stack answers queries.</summary>
public enum HostStack
{
    /// <summary>The Linux kernel's.</summary>
    Kernel,

    /// <summary>Our Membership host core on a packet socket.</summary>
    User,
}

/// <summary>One frame as captured on one LAN, where the node that sent it enters the LAN.</summary>
/// <param name="Number">1, 2, 3 … over all LANs, in time order.</param>
/// <param name="At">The kernel's receive stamp, or virtual time.</param>
/// <param name="Lan">The LAN.</param>
/// <param name="Node">The node that sent it onto this LAN (for a forwarded copy: the switch).</param>
/// <param name="Interface">The node's interface.</param>
/// <param name="Bytes">The Ethernet frame.</param>
public sealed record LabFrame(int Number, Instant At, string Lan, string Node, string Interface, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// A lab that is up: the one surface that scenarios play on, in both worlds. Time in a simulated lab passes only inside these methods.
/// </summary>
public interface IRunningLab : IAsyncDisposable
{
    /// <summary>The lab's id: part of the names of everything it makes.</summary>
    string Id { get; }

    /// <summary>What was wired.</summary>
    Topology Topology { get; }

    /// <summary>The present time, on the clock of the frames' stamps.</summary>
    Instant Now { get; }

    /// <summary>
    /// How much later than the protocol asks a thing may be seen in this world: in virtual time no more than what the LANs need to carry
    /// it, in the real one also what the scheduler may add.
    /// </summary>
    TimeSpan Latency { get; }

    /// <summary>The frames captured so far, in time order. A snapshot: it does not grow.</summary>
    IReadOnlyList<LabFrame> Frames { get; }

    /// <summary>Frames that the capture had to drop; a run with any is void.</summary>
    long FramesLost { get; }

    /// <summary>When the machine itself kept the whole lab waiting, so far; with any, what came late says little about the devices.</summary>
    IReadOnlyList<Disturbance> Disturbances { get; }

    /// <summary>Runs the node's startup; returns when its daemons are ready. Starting again after <see cref="Kill"/> is a restart.</summary>
    Task Start(string node, CancellationToken cancellation);

    /// <summary>Ends the node's daemons at once and without a word (SIGKILL); its links stay up.</summary>
    Task Kill(string node, CancellationToken cancellation);

    /// <summary>Takes a node's interface down or up.</summary>
    Task SetLink(string node, string interfaceName, bool up, CancellationToken cancellation);

    /// <summary>A router's state dump.</summary>
    Task<RouterState> RouterState(string node, CancellationToken cancellation);

    /// <summary>A host's reception state.</summary>
    Task<IReadOnlyList<ReceptionState>> HostState(string node, CancellationToken cancellation);

    /// <summary>What the node's startup and daemons have written so far (both streams, since the first start); evidence, never asserted on.</summary>
    Task<string> Log(string node, CancellationToken cancellation);

    /// <summary>Makes the host's reception state of the group what is given: INCLUDE with no sources leaves.</summary>
    Task Listen(string node, Address group, FilterMode mode, IReadOnlyCollection<Address> sources, CancellationToken cancellation);

    /// <summary>Starts a stream of numbered datagrams from a node until the result is disposed.</summary>
    /// <param name="node">The sender: a host node.</param>
    /// <param name="group">The destination group.</param>
    /// <param name="source">The source address; null for the node's own.</param>
    /// <param name="every">The time between datagrams.</param>
    /// <param name="cancellation">Stops the start, not the stream.</param>
    Task<IAsyncDisposable> Send(string node, Address group, Address? source, TimeSpan every, CancellationToken cancellation);

    /// <summary>Waits until the condition holds; it is asked again whenever a frame was captured or a router's state has changed.</summary>
    /// <returns>False when it did not come to hold in time.</returns>
    Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Lets time pass until the given instant of <see cref="Now"/>'s clock.</summary>
    Task PassUntil(Instant instant, CancellationToken cancellation);
}
