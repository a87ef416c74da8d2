using System.Text;
using System.Text.RegularExpressions;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Control;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Netlink;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership;
using MulticastLab.Membership.Host;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Namespaces;

/// <summary>One node of a lab that is up: its startup, its daemons and their control sockets.</summary>
internal sealed partial class RunningNode : IAsyncDisposable
{
    private const string RouterName = "router";
    private const string HostAgentName = "hostagent";
    private const int LogTailLines = 20;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(60);

    private readonly LabRecord record;
    private readonly EventLoop loop;
    private readonly Pulse changed;
    private readonly Action<Exception> fail;
    private readonly Lock links = new();
    private readonly List<EndWatch> daemons = [];
    private readonly List<(Task Task, CancellationTokenSource Stop)> followers = [];

    internal RunningNode(Node node, NamespaceHolder holder, LabRecord record, EventLoop loop, Pulse changed, Action<Exception> fail)
    {
        Node = node;
        Holder = holder;
        this.record = record;
        this.loop = loop;
        this.changed = changed;
        this.fail = fail;
    }

    internal Node Node { get; }

    internal NamespaceHolder Holder { get; }

    // Without a startup file it is lab.conf that has options to run.
    private string StartupFile => Node.StartupFile ?? Path.Combine(record.Topology.Directory, "lab.conf");

    private string LogFile => record.LogFile(Node.Name);

    /// <summary>Runs the startup and waits until every daemon that it starts says that it is ready.</summary>
    internal async Task Start(CancellationToken cancellation)
    {
        var command = StartupScript.CommandFor(record.Topology, Node);
        if (command is null)
            return;
        var logStart = new FileInfo(LogFile).Length;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(StartPatience);
        try
        {
            await RunStartup(command, logStart, timeout.Token).ConfigureAwait(false);
            await WaitUntilReady(logStart, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new LabSetupException(
                $"{StartupFile}: {Node.Name} is not ready after {StartPatience.TotalSeconds:0} s (a daemon has to be started with & at the end of its line):\n"
                + Tail(ReadLogFrom(logStart)));
        }
    }

    /// <summary>Ends every process of the node but its PID 1.</summary>
    internal async Task Kill(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var daemon in daemons)
            daemon.EndExpected = true;
        var processes = ProcessList.Of(Holder.Process);
        try
        {
            // kill -1 from inside spares PID 1 and the caller; it is one call of the kernel, so nobody can fork away from it.
            using var killer = NodeCommand.Start(
                Holder.Process, ["/bin/sh", "-c", "kill -KILL -1 2>/dev/null; :"], record.Environment[Node.Name], null, null, null);
            await Task.Run(() =>
            {
                // It is buried before anything can fail: the kernel ends the node's PID namespace only then.
                killer.WaitForEnd(KillPatience);
                killer.Reap();
                foreach (var (process, _) in processes)
                {
                    if (!process.WaitForEnd(KillPatience))
                        throw new InvalidOperationException($"{Node.Name}: process {process.Id} does not end within {KillPatience.TotalSeconds:0} s.");
                }
            }, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            foreach (var each in processes)
                each.Process.Dispose();
        }

        await Forget().ConfigureAwait(false);
    }

    internal void Execute(LinkRequest request)
    {
        lock (links)
            Holder.Links.Execute([request]);
    }

    internal IReadOnlyDictionary<string, IReadOnlyList<LinkAddressState>> Addresses()
    {
        lock (links)
        {
            var addresses = Holder.Links.Addresses().ToLookup(each => each.Index);
            return Holder.Links.Links().ToDictionary(link => link.Name, IReadOnlyList<LinkAddressState> (link) => [.. addresses[link.Index]]);
        }
    }

    internal async Task<(int ExitCode, string Output)> Execute(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        using var output = Pipe.Open();
        using var nothing = FileDescriptor.OpenReadOnly("/dev/null");
        using var process = NodeCommand.Start(
            Holder.Process, ["/bin/sh", "-c", "exec \"$@\"", "sh", .. command], record.Environment[Node.Name], nothing, output.Writer, output.Writer);
        output.Writer.Dispose();
        var text = await Task.Run(() =>
        {
            // A process left behind may keep the pipe open; what it writes later is not the program's.
            var bytes = new MemoryStream();
            var buffer = new byte[4096];
            while (DescriptorExtensions.WaitUntilEitherReadable(output.Reader, process.Descriptor))
            {
                var count = output.Reader.Read(buffer);
                if (count == 0)
                    break;
                bytes.Write(buffer, 0, count);
            }

            process.WaitForEnd(TimeSpan.FromDays(20));
            return Encoding.UTF8.GetString(bytes.ToArray());
        }, cancellation).ConfigureAwait(false);
        return (process.Reap() ?? throw new InvalidOperationException("A process that has ended has an exit code."), text);
    }

    internal Task<string> ReadLog(CancellationToken cancellation) => File.ReadAllTextAsync(LogFile, cancellation);

    internal async Task<RouterState> RouterState(CancellationToken cancellation)
    {
        using var client = await Connect(RouterName, cancellation).ConfigureAwait(false);
        var result = await client.Ask("show", null, cancellation).ConfigureAwait(false);
        return RouterStateJson.Read(result.GetRawText());
    }

    internal async Task<IReadOnlyList<ReceptionState>> HostState(CancellationToken cancellation)
    {
        using var client = await Connect(HostAgentName, cancellation).ConfigureAwait(false);
        return HostAgentMessages.ReadReceptionStates(await client.Ask("show", null, cancellation).ConfigureAwait(false));
    }

    internal async Task Listen(Address group, FilterMode mode, IReadOnlyCollection<Address> sources, CancellationToken cancellation)
    {
        using var client = await Connect(HostAgentName, cancellation).ConfigureAwait(false);
        if (mode == FilterMode.Include && sources.Count == 0)
            await client.Ask("leave", writer => HostAgentMessages.WriteLeave(writer, group), cancellation).ConfigureAwait(false);
        else
            await client.Ask("join", writer => HostAgentMessages.WriteJoin(writer, group, mode, sources), cancellation).ConfigureAwait(false);
    }

    internal async Task<IAsyncDisposable> Send(Address group, Address? source, TimeSpan every, CancellationToken cancellation)
    {
        using var client = await Connect(HostAgentName, cancellation).ConfigureAwait(false);
        var answer = await client.Ask("send", writer => HostAgentMessages.WriteSend(writer, group, source, every), cancellation).ConfigureAwait(false);
        return new SentStream(this, HostAgentMessages.ReadStream(answer));
    }

    /// <summary>Follows the router's events, when it is there: for a lab that another process has made.</summary>
    internal async Task Adopt(CancellationToken cancellation)
    {
        if (Node.Kind == NodeKind.Router && File.Exists(SocketOf(RouterName)))
            await FollowEvents(cancellation).ConfigureAwait(false);
    }

    /// <summary>Stops looking after the daemons; they go on.</summary>
    public async ValueTask DisposeAsync() => await Forget().ConfigureAwait(false);

    private async Task RunStartup(IReadOnlyList<string> command, long logStart, CancellationToken cancellation)
    {
        using var log = FileDescriptor.OpenAppending(LogFile);
        using var nothing = FileDescriptor.OpenReadOnly("/dev/null");
        var shell = NodeCommand.Start(Holder.Process, command, record.Environment[Node.Name], nothing, log, log);
        using var end = new EndWatch(shell, loop);
        try
        {
            await end.Ended.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The kernel ends a PID namespace only when everybody in it is buried, and this one is nobody's child but ours.
            shell.Kill();
            shell.WaitForEnd(KillPatience);
            shell.Reap();
            throw;
        }

        if (shell.Reap() is var code && code == 0)
            return;
        var text = ReadLogFrom(logStart);
        var place = StartupScript.Place(record.Topology, text) ?? StartupFile;
        throw new LabSetupException($"{place}: the startup of {Node.Name} has failed (exit code {code}):\n{Tail(text)}");
    }

    /// <summary>Until each daemon among the node's processes has said that it is ready, and the one that the node's kind stands for is among them.</summary>
    private async Task WaitUntilReady(long logStart, CancellationToken cancellation)
    {
        var expected = Node.Kind switch { NodeKind.Router => RouterName, NodeKind.Host => HostAgentName, NodeKind.Plain or NodeKind.Switch => null };
        var watches = new List<EndWatch>();
        try
        {
            while (true)
            {
                var next = changed.Next;
                foreach (var watch in watches)
                    watch.Dispose();
                watches = [.. ProcessList.Of(Holder.Process).Select(each => new EndWatch(each.Process, loop, changed.Fire) { Daemon = DaemonName(each.CommandLine) })];
                var ready = ReadyLine().Matches(ReadLogFrom(logStart)).CountBy(match => match.Groups[1].Value).ToDictionary();
                var running = watches.Where(each => each.Daemon is not null).CountBy(each => each.Daemon!).ToDictionary();
                if (expected is not null && watches.Count == 0)
                {
                    throw new LabSetupException(
                        $"{StartupFile}: {Node.Name} has no running {expected} after its startup:\n{Tail(ReadLogFrom(logStart))}");
                }

                if (running.All(each => ready.GetValueOrDefault(each.Key) >= each.Value) && (expected is null || running.ContainsKey(expected)))
                    break;
                await next.WaitAsync(cancellation).ConfigureAwait(false);
            }

            foreach (var watch in watches.Where(each => each.Daemon is not null).ToList())
            {
                watches.Remove(watch);
                daemons.Add(watch);
                watch.OnEnd = () => ReportDeath(watch, logStart);
                // It may have died between its last word and this line.
                if (watch.Ended.IsCompleted)
                    ReportDeath(watch, logStart);
            }
        }
        finally
        {
            watches.ForEach(each => each.Dispose());
        }

        if (Node.Kind == NodeKind.Router)
            await FollowEvents(cancellation).ConfigureAwait(false);
    }

    private void ReportDeath(EndWatch daemon, long logStart)
    {
        if (!daemon.EndExpected)
            fail(new DeviceDiedException(Node.Name, daemon.Daemon!, Tail(ReadLogFrom(logStart))));
    }

    /// <summary>From now on each change of the router's state wakes those who wait.</summary>
    private async Task FollowEvents(CancellationToken cancellation)
    {
        var client = await Connect(RouterName, cancellation).ConfigureAwait(false);
        try
        {
            await client.Ask("events", null, cancellation).ConfigureAwait(false);
        }
        catch
        {
            client.Dispose();
            throw;
        }

        var stop = new CancellationTokenSource();
        followers.Add((Follow(client, stop.Token), stop));
    }

    private async Task Follow(ControlClient client, CancellationToken cancellation)
    {
        using (client)
        {
            try
            {
                await foreach (var _ in client.Lines(cancellation).ConfigureAwait(false))
                    changed.Fire();
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Nobody listens any more.
            }
        }
    }

    private async Task Forget()
    {
        foreach (var daemon in daemons)
            daemon.Dispose();
        daemons.Clear();
        foreach (var (task, stop) in followers)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await task.ConfigureAwait(false);
            stop.Dispose();
        }

        followers.Clear();
    }

    private Task<ControlClient> Connect(string daemon, CancellationToken cancellation) => ControlClient.Connect(SocketOf(daemon), cancellation);

    // A socket that has a path can be connected to from any namespace that sees the path; /proc shows the node's.
    private string SocketOf(string daemon) => $"/proc/{Holder.Process.Id}/root/run/multicast-lab/{daemon}.sock";

    private string ReadLogFrom(long start)
    {
        using var file = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = start;
        return new StreamReader(file).ReadToEnd();
    }

    private static string Tail(string log) => string.Join('\n', log.TrimEnd().Split('\n').TakeLast(LogTailLines));

    /// <summary>Whether a process is one of our daemons: <c>router run …</c>, or <c>dotnet …/router.dll run …</c>.</summary>
    private static string? DaemonName(IReadOnlyList<string> commandLine)
    {
        var run = commandLine.Take(3).ToList().IndexOf("run");
        var name = run < 1 ? null : Path.GetFileNameWithoutExtension(commandLine[run - 1]);
        return name is RouterName or HostAgentName ? name : null;
    }

    [GeneratedRegex(@"^(router|hostagent): ready", RegexOptions.Multiline)]
    private static partial Regex ReadyLine();

    private sealed class SentStream(RunningNode sender, string stream) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            // With the daemon the stream has ended too.
            if (sender.daemons.Count == 0 || sender.daemons.All(each => each.Ended.IsCompleted))
                return;
            using var client = await sender.Connect(HostAgentName, CancellationToken.None).ConfigureAwait(false);
            await client.Ask("stop-sending", writer => HostAgentMessages.WriteStopSending(writer, stream)).ConfigureAwait(false);
        }
    }
}
