using System.Text.RegularExpressions;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>Runs a node's startup, and waits until every daemon that it starts says that it is ready.</summary>
internal sealed partial class NodeStartup(Node node, NodeHolder holder, LabRecord record, NodeLog log, EventLoop loop, Pulse changed)
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(60);

    private long logStart;

    // Without a startup file the exec options of lab.conf are run.
    private string StartupFile => node.StartupFile ?? Path.Combine(record.Topology.Directory, "lab.conf");

    /// <summary>Runs it.</summary>
    /// <returns>The daemons that run now; none when the node has no startup.</returns>
    /// <exception cref="LabSetupException">It has failed, or a daemon has: the message has file, line and the node's log.</exception>
    internal async Task<IReadOnlyList<EndWatch>> Run(CancellationToken cancellation)
    {
        if (StartupScript.CommandFor(record.Topology, node) is not { } command)
            return [];
        // Daemons that ran before have written there too.
        logStart = log.Length;
        await RunStartup(command, cancellation).ConfigureAwait(false);
        return await WaitUntilReady(cancellation).ConfigureAwait(false);
    }

    /// <summary>The message when it was cancelled because it took too long.</summary>
    internal LabSetupException NotReady(TimeSpan after) =>
        new(
            $"{StartupFile}: {node.Name} is not ready after {after.TotalSeconds:0} s (a daemon has to be started with & at the end of its "
                + $"line):\n{LastWords()}");

    /// <summary>The last lines that were written since the startup began.</summary>
    internal string LastWords() => log.TailFrom(logStart);

    private async Task RunStartup(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        using var output = FileDescriptor.OpenAppending(log.File);
        using var nothing = FileDescriptor.OpenReadOnly("/dev/null");
        var shell = NodeCommand.Start(holder.Process, command, record.Environment[node.Name], nothing, output, output);
        using var end = new EndWatch(shell, loop);
        try
        {
            await end.Ended.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The kernel ends a PID namespace only when every process in it has been reaped, and this one is our own child.
            shell.Kill();
            shell.WaitForEnd(KillPatience);
            shell.Reap();
            throw;
        }

        if (shell.Reap() is var code && code == 0)
            return;
        var text = log.ReadFrom(logStart);
        var place = StartupScript.Place(record.Topology, text) ?? StartupFile;
        throw new LabSetupException($"{place}: the startup of {node.Name} has failed (exit code {code}):\n{NodeLog.Tail(text)}");
    }

    /// <summary>
    /// Until each daemon among the node's processes has said that it is ready, and the one that the node's kind stands for is among them.
    /// </summary>
    private async Task<IReadOnlyList<EndWatch>> WaitUntilReady(CancellationToken cancellation)
    {
        var expected = node.Device is not null
            ? null
            : node.Kind switch
            {
                NodeKind.Router => NodeDaemon.Router,
                NodeKind.Host => NodeDaemon.HostAgent,
                NodeKind.Plain or NodeKind.Switch => null,
            };
        var watches = new List<EndWatch>();
        try
        {
            while (true)
            {
                var next = changed.Next;
                foreach (var watch in watches)
                    watch.Dispose();
                watches =
                [
                    .. ProcessList
                        .Of(holder.Process)
                        .Select(each => new EndWatch(each.Process, loop, changed.Fire) { Daemon = NodeDaemon.NameOf(each.CommandLine) }),
                ];
                var ready = ReadyLine().Matches(log.ReadFrom(logStart)).CountBy(match => match.Groups[1].Value).ToDictionary();
                var running = watches.Where(each => each.Daemon is not null).CountBy(each => each.Daemon!).ToDictionary();
                if (expected is not null && watches.Count == 0)
                    throw new LabSetupException($"{StartupFile}: {node.Name} has no running {expected} after its startup:\n{LastWords()}");

                if (
                    running.All(each => ready.GetValueOrDefault(each.Key) >= each.Value)
                    && (expected is null || running.ContainsKey(expected)))
                    break;
                await next.WaitAsync(cancellation).ConfigureAwait(false);
            }

            var daemons = watches.Where(each => each.Daemon is not null).ToList();
            watches.RemoveAll(daemons.Contains);
            return daemons;
        }
        finally
        {
            watches.ForEach(each => each.Dispose());
        }
    }

    [GeneratedRegex(@"^(router|hostagent): ready", RegexOptions.Multiline)]
    private static partial Regex ReadyLine();
}
