using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>A lab on real packets that is up. Disposing it takes it down, unless it was detached or belongs to another process.</summary>
public sealed class RealLab : IRunningLab
{
    /// <summary>The <see cref="Latency"/> of a machine that is not idle.</summary>
    internal static readonly TimeSpan UsualLatency = TimeSpan.FromMilliseconds(200);

    // Long: a dying process waits for the kernel's network lock, which others may hold again and again on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan EndShowsWithin = TimeSpan.FromMilliseconds(200);

    // A device does not say that its state has changed.
    private static readonly TimeSpan DevicePollInterval = TimeSpan.FromMilliseconds(100);

    private readonly NodeHolder fabric;
    private readonly Dictionary<string, RunningNode> nodes;
    private readonly LabTraffic traffic;
    private readonly FileWatch logWatch;
    private LabRecord record;
    private bool owned;
    private bool disposed;

    internal RealLab(LabRecord record, NodeHolder fabric, IReadOnlyList<NodeHolder> holders, PacketSocket capture, bool owned)
    {
        this.record = record;
        this.fabric = fabric;
        this.owned = owned;
        var ports = Fabric.PortsOf(record.Topology);
        traffic = new LabTraffic(record.Topology, capture, (in packet) => OriginOf(ports, packet.InterfaceIndex), OpenTesterPort, Latency)
        {
            PollInterval = record.Topology.Nodes.Any(node => node.Device is not null) ? DevicePollInterval : Timeout.InfiniteTimeSpan,
        };
        logWatch = new FileWatch(Path.Combine(record.Directory, "logs"));
        traffic.Loop.Watch(
            logWatch.Descriptor,
            () =>
            {
                logWatch.Clear();
                traffic.Changed.Fire();
            });
        nodes = holders
            .Zip(record.Topology.Nodes)
            .ToDictionary(
                pair => pair.First.Name,
                pair => new RunningNode(
                    pair.Second, pair.First, record, traffic.Loop, traffic.Changed, traffic.Fail, () => traffic.Frames));
        traffic.Begin();
    }

    /// <inheritdoc/>
    public string Id => record.Id;

    /// <inheritdoc/>
    public Topology Topology => record.Topology;

    /// <summary>What the registry knows of it.</summary>
    public LabRecord Record => record;

    /// <inheritdoc/>
    public Instant Now => KernelClock.RealTime;

    /// <inheritdoc/>
    /// <remarks>An allowance for a busy machine, on which a daemon whose timer is due may have to wait for a processor.</remarks>
    public TimeSpan Latency { get; init; } = UsualLatency;

    /// <inheritdoc/>
    public IReadOnlyList<LabFrame> Frames => traffic.Frames;

    /// <inheritdoc/>
    public long FramesLost => traffic.FramesLost;

    /// <inheritdoc/>
    public IReadOnlyList<Disturbance> Disturbances => traffic.Disturbances;

    /// <inheritdoc/>
    /// <exception cref="LabSetupException">The startup has failed: the message has file, line and the node's log.</exception>
    public Task Start(string node, CancellationToken cancellation) => NodeOf(node).Start(how: null, cancellation);

    /// <inheritdoc/>
    /// <exception cref="LabSetupException">The startup has failed: the message has file, line and the node's log.</exception>
    public Task StartDevice(string node, DeviceStart how, CancellationToken cancellation) =>
        NodeOf(node) is { Node.Device: not null } device
            ? device.Start(how, cancellation)
            : throw new ArgumentException($"{node} is no device under test.", nameof(node));

    /// <inheritdoc/>
    public Task Kill(string node, CancellationToken cancellation) => NodeOf(node).Kill(cancellation);

    /// <inheritdoc/>
    public Task SetLink(string node, string interfaceName, bool up, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var found = NodeOf(node);
        if (found.Node.Interfaces.All(each => each.Interface != interfaceName))
            throw new ArgumentException($"{node} has no interface {interfaceName}.", nameof(interfaceName));
        found.Execute(new SetLinkUp(interfaceName, up));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Prefix> Addresses(string node, string interfaceName) =>
        [.. (NodeOf(node).Links().FirstOrDefault(each => each.Name == interfaceName)?.Addresses ?? []).Select(each => each.Own)];

    /// <inheritdoc/>
    /// <remarks>The command is run by <c>/bin/sh</c>, with the environment of the node's startup.</remarks>
    public Task<CommandResult> Execute(string node, string command, CancellationToken cancellation) =>
        NodeOf(node).Execute(command, cancellation);

    /// <inheritdoc/>
    public Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation) =>
        traffic.Transmit(lan, frame, at, cancellation);

    /// <inheritdoc/>
    public void Withdraw() => traffic.Withdraw();

    /// <inheritdoc/>
    /// <exception cref="NodeRefusedException">The router does not answer.</exception>
    public Task<RouterState> RouterState(string node, CancellationToken cancellation) =>
        Ask(node, asked => asked.RouterState(cancellation));

    /// <inheritdoc/>
    /// <exception cref="NodeRefusedException">The host agent does not answer.</exception>
    public Task<IReadOnlyList<ReceptionState>> HostState(string node, CancellationToken cancellation) =>
        Ask(node, asked => asked.Control.HostState(cancellation));

    /// <summary>The version that the device of a node reports; null when the node is no device, or it reports none.</summary>
    /// <exception cref="NodeRefusedException">The device's command fails.</exception>
    public Task<string?> DeviceVersion(string node, CancellationToken cancellation) => NodeOf(node).DeviceVersion(cancellation);

    /// <inheritdoc/>
    public async Task<string> Log(string node, CancellationToken cancellation) =>
        await NodeOf(node).Log.Read(cancellation).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="NodeRefusedException">The host agent refuses.</exception>
    public Task Listen(string node, string socket, Address group, SourceFilter filter, CancellationToken cancellation) =>
        Ask(node, async asked =>
        {
            await asked.Listen(socket, group, filter, cancellation).ConfigureAwait(false);
            return true;
        });

    /// <inheritdoc/>
    /// <exception cref="NodeRefusedException">The host agent refuses.</exception>
    public Task<IAsyncDisposable> Send(string node, Address group, Address? source, TimeSpan every, CancellationToken cancellation) =>
        Ask(node, asked => asked.Send(group, source, every, cancellation));

    /// <inheritdoc/>
    /// <exception cref="DeviceDiedException">A daemon has died meanwhile.</exception>
    public Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation) =>
        traffic.Until(condition, timeout, cancellation);

    /// <inheritdoc/>
    /// <exception cref="DeviceDiedException">A daemon has died meanwhile.</exception>
    public Task PassUntil(Instant instant, CancellationToken cancellation) => traffic.PassUntil(instant, cancellation);

    /// <summary>Follows the daemons that run already: for a lab that another process has made.</summary>
    internal async Task Adopt(CancellationToken cancellation)
    {
        foreach (var node in nodes.Values)
            await node.Adopt(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks><see cref="LabRegistry.Down"/> ends it.</remarks>
    public void Detach()
    {
        if (!owned)
            return;
        // First in the registry: a runner that dies in between leaves a lab that can be found and taken down.
        record = record with { Detached = true };
        LabRegistry.Save(record);
        fabric.Detach();
        foreach (var node in nodes.Values)
            node.Holder.Detach();
        owned = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        try
        {
            if (owned)
                await Task.Run(() => NodeCommand.RunShutdown(record)).ConfigureAwait(false);
            foreach (var node in nodes.Values)
                await node.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await Task.Run(traffic.End).ConfigureAwait(false);
            traffic.Loop.Unwatch(logWatch.Descriptor);
            logWatch.Dispose();
            traffic.Dispose();
            await Task.Run(Close).ConfigureAwait(false);
        }
    }

    /// <summary>Ends holders and everything in their namespaces, and waits for that.</summary>
    internal static void End(IReadOnlyList<NodeHolder> holders)
    {
        foreach (var holder in holders)
            holder.End();
        foreach (var holder in holders)
        {
            if (!holder.Process.WaitForEnd(Patience))
                throw new LabSetupException($"{holder.Name}: process {holder.Process.Id} does not end within {Patience.TotalSeconds:0} s.");
            holder.Process.Reap();
            holder.Dispose();
        }
    }

    private void Close()
    {
        NodeHolder[] holders = [fabric, .. nodes.Values.Select(each => each.Holder)];
        if (owned)
        {
            End(holders);
            LabRegistry.Remove(record.Directory);
            return;
        }

        foreach (var holder in holders)
            holder.Dispose();
    }

    private PacketSocket OpenTesterPort(string lan)
    {
        var end = Fabric.AddTesterPort(fabric, Topology, lan);
        return NamespaceThread.RunIn(
            fabric.Process, NamespaceKinds.Network, () => PacketSocket.Open(end, new PacketSocketOptions { Protocol = 0 }));
    }

    private FrameOrigin OriginOf(IReadOnlyList<FabricPort> ports, int index)
    {
        var port = Fabric.PortOf(ports, Topology, index);
        return new FrameOrigin(port.Lan, port.Node, port.Interface);
    }

    // What does not answer may be dead: its sockets close a moment before its end is seen, and that it has died is more informative.
    private async Task<T> Ask<T>(string name, Func<RunningNode, Task<T>> ask)
    {
        traffic.ThrowFault();
        var node = NodeOf(name);
        try
        {
            return await ask(node).ConfigureAwait(false);
        }
        catch (NodeRefusedException)
        {
            await node.DaemonsEnd(EndShowsWithin).ConfigureAwait(false);
            traffic.ThrowFault();
            throw;
        }
    }

    private RunningNode NodeOf(string name) =>
        nodes.GetValueOrDefault(name) ?? throw new ArgumentException($"{Topology.Name} has no node {name}.", nameof(name));
}
