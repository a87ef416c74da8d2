using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>One node of a lab that is up: its daemons, from their start to their end, and the programs that are run in it.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(60);

    private readonly LabRecord record;
    private readonly EventLoop loop;
    private readonly Pulse changed;
    private readonly Action<Exception> fail;
    private readonly Lock links = new();
    private readonly List<EndWatch> daemons = [];
    private readonly List<EventFollower> followers = [];
    private readonly NodeDevice? device;

    /// <param name="node">What it is.</param>
    /// <param name="holder">What holds it.</param>
    /// <param name="record">The lab.</param>
    /// <param name="loop">The lab's loop.</param>
    /// <param name="changed">What is fired when something has happened.</param>
    /// <param name="fail">Told when something has died.</param>
    /// <param name="frames">The frames that were captured so far.</param>
    internal RunningNode(
        Node node, NodeHolder holder, LabRecord record, EventLoop loop, Pulse changed, Action<Exception> fail,
        Func<IReadOnlyList<LabFrame>> frames)
    {
        Node = node;
        Holder = holder;
        this.record = record;
        this.loop = loop;
        this.changed = changed;
        this.fail = fail;
        Log = new NodeLog(record.LogFile(node.Name));
        Control = new NodeControl(holder);
        if (node.Device is { } reference)
            device = new NodeDevice(DeviceReader.Read(reference.Folder), node, holder, record, Log, changed, frames, Links);
    }

    internal Node Node { get; }

    internal NodeHolder Holder { get; }

    /// <summary>What it has written.</summary>
    internal NodeLog Log { get; }

    /// <summary>What its daemons can be asked.</summary>
    internal NodeControl Control { get; }

    /// <summary>Runs the startup and waits until every daemon that it starts says that it is ready.</summary>
    /// <param name="how">How a device under test is started; null for the way that the lab was made with.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task Start(DeviceStart? how, CancellationToken cancellation)
    {
        var startup = new NodeStartup(Node, Holder, record, Log, loop, changed);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(StartPatience);
        try
        {
            await Start(startup, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw startup.NotReady(StartPatience);
        }

        if (device is not null)
            Watch(await device.Start(how, loop, cancellation).ConfigureAwait(false), () => Log.TailFrom(0));
    }

    /// <summary>The router's state dump.</summary>
    internal Task<RouterState> RouterState(CancellationToken cancellation) =>
        device is null ? Control.RouterState(cancellation) : device.State(cancellation);

    /// <summary>Completes when the end of one of its daemons has been reported, or when none has ended in time.</summary>
    internal async Task DaemonsEnd(TimeSpan patience)
    {
        if (daemons.Count == 0)
            return;
        await ((Task)Task.WhenAny(daemons.Select(each => each.Ended)).WaitAsync(patience))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The loop reports an end in the same turn in which it notices it.
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(turn.SetResult);
        await turn.Task.ConfigureAwait(false);
    }

    /// <summary>Sets what a socket of the host wants of a group.</summary>
    internal Task Listen(string socket, Address group, SourceFilter filter, CancellationToken cancellation) =>
        device?.Listen(socket, group, filter, cancellation) ?? Control.Listen(socket, group, filter, cancellation);

    /// <summary>The version that the device reports; null when the node is no device, or it reports none.</summary>
    internal Task<string?> DeviceVersion(CancellationToken cancellation) => device?.Version(cancellation) ?? Task.FromResult<string?>(null);

    /// <summary>Ends every process of the node but its PID 1.</summary>
    internal async Task Kill(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var daemon in daemons)
            daemon.EndExpected = true;
        var processes = ProcessList.Of(Holder.Process);
        try
        {
            // kill -1 from inside spares PID 1 and the caller; it is one call of the kernel, so no process can escape it by forking.
            using var killer = NodeCommand.Start(
                Holder.Process, ["/bin/sh", "-c", "kill -KILL -1 2>/dev/null; :"], record.Environment[Node.Name], null, null, null);
            await Task.Run(
                    () =>
                    {
                        // It is reaped before anything can fail: only then does the kernel end the node's PID namespace.
                        killer.WaitForEnd(KillPatience);
                        killer.Reap();
                        foreach (var (process, _) in processes)
                        {
                            if (!process.WaitForEnd(KillPatience))
                                throw new InvalidOperationException(
                                    $"{Node.Name}: process {process.Id} does not end within {KillPatience.TotalSeconds:0} s.");
                        }
                    },
                    CancellationToken.None)
                .ConfigureAwait(false);
        }
        finally
        {
            foreach (var each in processes)
                each.Process.Dispose();
        }

        if (device is not null)
        {
            device.Forget();
            DeleteLinksOfDevice();
        }

        await Forget().ConfigureAwait(false);
    }

    internal void Execute(LinkRequest request)
    {
        lock (links)
            Holder.Links.Execute([request]);
    }

    internal IReadOnlyList<Link> Links()
    {
        lock (links)
            return Holder.Links.Links();
    }

    internal Task<CommandResult> Execute(string command, CancellationToken cancellation) =>
        NodeCommand.Run(Holder.Process, ["/bin/sh", "-c", command], record.Environment[Node.Name], null, cancellation);

    /// <summary>Has the host agent send until the result is disposed.</summary>
    internal async Task<IAsyncDisposable> Send(Address group, Address? source, TimeSpan every, CancellationToken cancellation) =>
        new SentStream(this, await Control.Send(group, source, every, cancellation).ConfigureAwait(false));

    /// <summary>Follows the router's events, when it is there: for a lab that another process has made.</summary>
    internal async Task Adopt(CancellationToken cancellation)
    {
        if (device?.Adopt(loop, changed.Fire) is { } watch)
            Watch(watch, () => Log.TailFrom(0));
        if (Node is { Kind: NodeKind.Router, Device: null } && Control.HasRouter)
            await FollowEvents(cancellation).ConfigureAwait(false);
    }

    /// <summary>Stops watching the daemons; they keep running.</summary>
    public async ValueTask DisposeAsync() => await Forget().ConfigureAwait(false);

    // Some devices are the kernel's, as its bridge is. With its power a device loses that too: it must not query on until it starts again.
    private void DeleteLinksOfDevice()
    {
        foreach (var link in Links().Where(each => !Node.Interfaces.Any(own => own.Interface == each.Name)))
        {
            try
            {
                Execute(new DeleteLink(link.Name));
            }
            catch (NetlinkException refused) when (refused.Error is Errno.NotSupported or Errno.NoSuchDevice)
            {
                // The loopback and what the kernel makes in every namespace stays; what was one of a pair has gone with the other.
            }
        }
    }

    private async Task Start(NodeStartup startup, CancellationToken cancellation)
    {
        var started = await startup.Run(cancellation).ConfigureAwait(false);
        foreach (var daemon in started)
            Watch(daemon, startup.LastWords);

        if (Node is { Kind: NodeKind.Router, Device: null } && started.Count > 0)
            await FollowEvents(cancellation).ConfigureAwait(false);
    }

    private void Watch(EndWatch daemon, Func<string> lastWords)
    {
        daemons.Add(daemon);
        daemon.OnEnd = ReportDeath;
        // It may have died between its last output and this line.
        if (daemon.Ended.IsCompleted)
            ReportDeath();

        void ReportDeath()
        {
            if (!daemon.EndExpected)
                fail(new DeviceDiedException(Node.Name, daemon.Daemon!, lastWords()));
        }
    }

    private async Task FollowEvents(CancellationToken cancellation) =>
        followers.Add(new EventFollower(await Control.RouterEvents(cancellation).ConfigureAwait(false), changed));

    private async Task Forget()
    {
        foreach (var daemon in daemons)
            daemon.Dispose();
        daemons.Clear();
        foreach (var follower in followers)
            await follower.DisposeAsync().ConfigureAwait(false);
        followers.Clear();
    }

    private sealed class SentStream(RunningNode sender, string stream) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // The stream has ended with the daemon.
            if (sender.daemons.Count == 0 || sender.daemons.All(each => each.Ended.IsCompleted))
                return;
            await sender.Control.StopSending(stream).ConfigureAwait(false);
        }
    }
}
