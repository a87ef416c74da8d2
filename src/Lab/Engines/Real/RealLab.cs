using System.Globalization;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.PacketSockets;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>A lab on real packets that is up. Disposing it takes it down, unless it was detached or belongs to another process.</summary>
public sealed class RealLab : IRunningLab
{
    // Long: a dying process waits for the kernel's network lock, which others may hold again and again on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan EndShowsWithin = TimeSpan.FromMilliseconds(200);

    // A device does not say that its state has changed.
    private static readonly TimeSpan DevicePollInterval = TimeSpan.FromMilliseconds(100);

    private readonly NodeHolder fabric;
    private readonly Dictionary<string, RunningNode> nodes;
    private readonly EventLoop loop = new();
    private readonly Thread thread;
    private readonly LabCapture capture;
    private readonly TesterPorts tester;
    private readonly FileWatch logWatch;
    private readonly MachineWatch machine;
    private readonly Pulse changed = new();
    private readonly TimeSpan pollInterval;
    private LabRecord record;
    private bool owned;
    private bool disposed;
    private Exception? fault;

    internal RealLab(LabRecord record, NodeHolder fabric, IReadOnlyList<NodeHolder> holders, PacketSocket capture, bool owned)
    {
        this.record = record;
        this.fabric = fabric;
        this.owned = owned;
        var ports = Fabric.PortsOf(record.Topology);
        this.capture = new LabCapture(capture, index => Fabric.PortOf(ports, record.Topology, index), loop, changed.Fire);
        tester = new TesterPorts(fabric, record.Topology, loop);
        logWatch = new FileWatch(Path.Combine(record.Directory, "logs"));
        loop.Watch(
            logWatch.Descriptor,
            () =>
            {
                logWatch.Clear();
                changed.Fire();
            });
        nodes = holders
            .Zip(record.Topology.Nodes)
            .ToDictionary(
                pair => pair.First.Name,
                pair => new RunningNode(pair.Second, pair.First, record, loop, changed, Fail, () => this.capture.Frames));
        pollInterval = record.Topology.Nodes.Any(node => node.Device is not null) ? DevicePollInterval : Timeout.InfiniteTimeSpan;
        machine = MachineWatch.Start(Latency / 2);
        thread = new Thread(Serve) { IsBackground = true, Name = $"lab {record.Id}" };
        thread.Start();
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
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public IReadOnlyList<LabFrame> Frames => capture.Frames;

    /// <inheritdoc/>
    public long FramesLost => capture.CountLost();

    /// <inheritdoc/>
    public IReadOnlyList<Disturbance> Disturbances => machine.Seen;

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
    public async Task Transmit(string lan, ReadOnlyMemory<byte> frame, Instant at, CancellationToken cancellation)
    {
        LanFrame.Check(Topology, lan, frame);
        ThrowFault();
        // The first frame on a LAN makes a port there.
        await Task.Run(() => tester.Transmit(lan, frame, at, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Withdraw() => tester.Withdraw();

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
    public async Task<bool> Until(Func<CancellationToken, Task<bool>> condition, TimeSpan timeout, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var deadline = KernelClock.Monotonic + timeout;
        while (true)
        {
            var next = changed.Next;
            ThrowFault();
            if (await condition(cancellation).ConfigureAwait(false))
                return true;
            var left = deadline - KernelClock.Monotonic;
            if (left <= TimeSpan.Zero)
                return false;
            await next.WaitAsync(pollInterval < left && pollInterval > TimeSpan.Zero ? pollInterval : left, cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    /// <remarks>Every frame with a timestamp up to the instant is in <see cref="Frames"/> then.</remarks>
    /// <exception cref="DeviceDiedException">A daemon has died meanwhile.</exception>
    public async Task PassUntil(Instant instant, CancellationToken cancellation)
    {
        while (Now < instant)
        {
            var next = changed.Next;
            ThrowFault();
            // A change may be a daemon's death; a timer may fire early by its resolution.
            var left = instant - Now + TimeSpan.FromMilliseconds(1);
            if (left > TimeSpan.Zero)
                await Task.WhenAny(Task.Delay(left, TimeProvider.System, cancellation), next).Unwrap().ConfigureAwait(false);
        }

        ThrowFault();
        capture.Flush();
    }

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
            loop.Stop();
            await Task.Run(thread.Join).ConfigureAwait(false);
            machine.Dispose();
            capture.Dispose();
            tester.Dispose();
            logWatch.Dispose();
            loop.Dispose();
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

    private void Serve()
    {
        try
        {
            loop.Run();
        }
#pragma warning disable CA1031 // It is reported to whoever uses the lab next.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        Interlocked.CompareExchange(ref fault, exception, null);
        changed.Fire();
    }

    // What does not answer may be dead: its sockets close a moment before its end is seen, and that it has died is more informative.
    private async Task<T> Ask<T>(string name, Func<RunningNode, Task<T>> ask)
    {
        ThrowFault();
        var node = NodeOf(name);
        try
        {
            return await ask(node).ConfigureAwait(false);
        }
        catch (NodeRefusedException)
        {
            await node.DaemonsEnd(EndShowsWithin).ConfigureAwait(false);
            ThrowFault();
            throw;
        }
    }

    private void ThrowFault()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (Volatile.Read(ref fault) is not { } found)
            return;
        throw found is DeviceDiedException died
            ? new DeviceDiedException(died)
            : new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"The lab's own thread has failed: {found.Message}"), found);
    }

    private RunningNode NodeOf(string name) =>
        nodes.GetValueOrDefault(name) ?? throw new ArgumentException($"{Topology.Name} has no node {name}.", nameof(name));
}
