using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines;

/// <summary>
/// A lab that is up: the one surface that scenarios play on, in both worlds. Time in a simulated lab passes only inside these methods.
/// </summary>
public interface IRunningLab : IAsyncDisposable
{
    /// <summary>The lab's id: part of the names of everything it makes.</summary>
    string Id { get; }

    /// <summary>What was wired.</summary>
    Topology Topology { get; }

    /// <summary>The present time, on the clock of the frames' timestamps.</summary>
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

    /// <summary>
    /// When the machine itself kept the whole lab waiting, so far; with any, what came late says little about the devices.
    /// </summary>
    IReadOnlyList<Disturbance> Disturbances { get; }

    /// <summary>
    /// Runs the node's startup; returns when its daemons are ready. Starting again after <see cref="Kill"/> is a restart.
    /// </summary>
    Task Start(string node, CancellationToken cancellation);

    /// <summary>
    /// Runs the startup of a node that is a device under test, and starts the device with these settings; returns when it is ready.
    /// </summary>
    /// <exception cref="ArgumentException">The node is no device.</exception>
    Task StartDevice(string node, DeviceStart how, CancellationToken cancellation);

    /// <summary>Ends the node's daemons at once and without notice (SIGKILL); its links stay up.</summary>
    Task Kill(string node, CancellationToken cancellation);

    /// <summary>Takes a node's interface down or up.</summary>
    Task SetLink(string node, string interfaceName, bool up, CancellationToken cancellation);

    /// <summary>The IPv4 addresses of a node's interface; none when it has no such interface.</summary>
    IReadOnlyList<Prefix> Addresses(string node, string interfaceName);

    /// <summary>Runs a command of the shell in a node, and waits for its end.</summary>
    /// <param name="node">The node.</param>
    /// <param name="command">The command; in a simulated lab one that startup files may hold there, or one of the host agent's.</param>
    /// <param name="cancellation">Ends the command.</param>
    /// <returns>Its exit code and what it has written. A command that fails is a result and no exception.</returns>
    /// <exception cref="ArgumentException">There is no such node, or a simulated one does not know the command.</exception>
    Task<CommandResult> Execute(string node, string command, CancellationToken cancellation);

    /// <summary>
    /// Has the tester send a frame on a LAN at an instant, as it is. Every port of the LAN gets it; among <see cref="Frames"/> it is one of
    /// <see cref="LabFrame.Tester"/>.
    /// </summary>
    /// <param name="lan">The LAN.</param>
    /// <param name="frame">The frame from its Ethernet header on, 14 to 1514 bytes; not to be changed any more.</param>
    /// <param name="at">When, on the clock of <see cref="Now"/>; at once when that is past. Frames for the same instant go in the order of
    /// the calls.</param>
    /// <param name="cancellation">Takes the frame back: it is not sent when this is cancelled before it is due.</param>
    /// <returns>Returns when the frame is scheduled, not when it is sent.</returns>
    /// <exception cref="ArgumentException">There is no such LAN, or these bytes are no frame that a LAN carries.</exception>
    Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation);

    /// <summary>Takes back the frames that the tester was to send and has not sent yet.</summary>
    void Withdraw();

    /// <summary>A router's state dump.</summary>
    Task<RouterState> RouterState(string node, CancellationToken cancellation);

    /// <summary>A host's reception state.</summary>
    Task<IReadOnlyList<ReceptionState>> HostState(string node, CancellationToken cancellation);

    /// <summary>
    /// What the node's startup and daemons have written so far (both streams, since the first start); evidence, never asserted on.
    /// </summary>
    Task<string> Log(string node, CancellationToken cancellation);

    /// <summary>
    /// Sets what one socket of a host wants of a group (RFC 9776 §2), whatever it wanted before: INCLUDE without sources leaves, and is no
    /// fault where nothing was joined. The host merges its sockets (§3.2).
    /// </summary>
    /// <param name="node">The host.</param>
    /// <param name="socket">The socket's name: 1 to 32 letters, digits, hyphens, underscores and dots; see also
    /// <see cref="HostSockets.Default"/>.</param>
    /// <param name="group">The group.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="cancellation">Gives up waiting for the host.</param>
    /// <exception cref="NodeRefusedException">The host refuses it: nothing has changed.</exception>
    Task Listen(string node, string socket, Address group, SourceFilter filter, CancellationToken cancellation);

    /// <summary>Starts a stream of numbered datagrams from a node until the result is disposed.</summary>
    /// <param name="node">The sender: a host node.</param>
    /// <param name="group">The destination group.</param>
    /// <param name="source">The source address; null for the node's own.</param>
    /// <param name="every">The time between datagrams.</param>
    /// <param name="cancellation">Stops the start, not the stream.</param>
    Task<IAsyncDisposable> Send(string node, Address group, Address? source, TimeSpan every, CancellationToken cancellation);

    /// <summary>Waits until the condition holds; it is evaluated again whenever a frame was captured or a router's state has
    /// changed.</summary>
    /// <returns>False when it did not become true in time.</returns>
    Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation);

    /// <summary>Lets time pass until the given instant of <see cref="Now"/>'s clock.</summary>
    Task PassUntil(Instant instant, CancellationToken cancellation);

    /// <summary>Lets the lab outlive this process: disposing only closes what is open here.</summary>
    /// <exception cref="NotSupportedException">The engine's labs cannot stay: see <see cref="EngineCapabilities.LabsCanStay"/>.</exception>
    void Detach();
}
