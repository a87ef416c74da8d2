using System.Globalization;
using MulticastLab.Lab.Devices;
using MulticastLab.Lab.Scenarios.Frames;
using MulticastLab.Lab.Topologies;
using MulticastLab.Linux.Links;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;
using MulticastLab.Membership.State;
using MulticastLab.Packets;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>The device under test that runs on a node, from its start to its end.</summary>
internal sealed class NodeDevice
{
    // Output stays the shell's; the device goes on when the shell has printed its process id, which is that of the node's PID namespace.
    private const string StartScript =
        """rm -rf "$DEVICE_RUN" && mkdir -p "$DEVICE_RUN" && cd "$DEVICE_DIR" || exit 1; /bin/sh -c "$1" >&2 & echo "$!" """;
    private const string CommandScript = """cd "$DEVICE_DIR" && exec /bin/sh -c "$1" """;

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly Device device;
    private readonly Node node;
    private readonly NodeHolder holder;
    private readonly LabRecord record;
    private readonly NodeLog log;
    private readonly Pulse changed;
    private readonly Func<IReadOnlyList<LabFrame>> frames;
    private readonly Func<IReadOnlyList<Link>> links;

    // What it was asked for when it was started, instead of what the lab was made with.
    private IReadOnlyDictionary<string, string> asked = new Dictionary<string, string>();
    private IReadOnlyList<string> unset = [];

    /// <param name="device">What it is.</param>
    /// <param name="node">Where it runs.</param>
    /// <param name="holder">What holds the node.</param>
    /// <param name="record">The lab.</param>
    /// <param name="log">Where it writes to.</param>
    /// <param name="changed">What is fired when something has happened.</param>
    /// <param name="frames">The frames that were captured so far.</param>
    /// <param name="links">The node's links as they are now.</param>
    internal NodeDevice(
        Device device, Node node, NodeHolder holder, LabRecord record, NodeLog log, Pulse changed, Func<IReadOnlyList<LabFrame>> frames,
        Func<IReadOnlyList<Link>> links)
    {
        this.device = device;
        this.node = node;
        this.holder = holder;
        this.record = record;
        this.log = log;
        this.changed = changed;
        this.frames = frames;
        this.links = links;
    }

    /// <summary>The device's name.</summary>
    internal string Name => device.Name;

    // Where another process learns which of the node's processes is the device.
    private string ProcessFile => Path.Combine(record.Directory, "devices", node.Name);

    // Read anew each time: somebody may change the address.
    private Dictionary<string, string> Variables
    {
        get
        {
            var variables = new Dictionary<string, string>(record.Environment[node.Name]) { [DeviceVariables.Address] = FirstAddress() };
            // Our own programs would find the lab's timers there.
            foreach (var name in unset.Count == 0 ? [] : unset.Append(DaemonOptions.RouterVariable).Append(DaemonOptions.HostAgentVariable))
                variables.Remove(name);
            foreach (var (name, value) in asked)
                variables[name] = value;
            return variables;
        }
    }

    /// <summary>Starts the device, and waits until it is ready.</summary>
    /// <param name="how">How; null for the way that the lab was made with.</param>
    /// <param name="loop">What watches it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The watch for its end.</returns>
    /// <exception cref="DeviceDiedException">It has ended before it was ready.</exception>
    /// <exception cref="LabSetupException">It is not ready in time.</exception>
    internal async Task<EndWatch> Start(DeviceStart? how, EventLoop loop, CancellationToken cancellation)
    {
        asked = how is null ? new Dictionary<string, string>() : DeviceVariables.For(device, how);
        unset = how?.Unset ?? [];
        await WriteVersion(cancellation).ConfigureAwait(false);
        var (logStart, since) = (log.Length, KernelClock.RealTime);
        var process = await Launch(cancellation).ConfigureAwait(false)
            ?? throw new DeviceDiedException(node.Name, Name, log.TailFrom(logStart));
        Directory.CreateDirectory(Path.GetDirectoryName(ProcessFile)!);
        await File.WriteAllTextAsync(ProcessFile, ProcessRecord.Of(process).ToString(), cancellation).ConfigureAwait(false);
        var watch = new EndWatch(process, loop, changed.Fire) { Daemon = Name };
        try
        {
            if (device.Ready is { } readiness)
                await WaitUntilReady(readiness, watch, logStart, since, cancellation).ConfigureAwait(false);
            return watch;
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    /// <summary>The watch for the end of a device that another process has started.</summary>
    /// <returns>Null when it was never started.</returns>
    /// <exception cref="DeviceDiedException">It has ended.</exception>
    internal EndWatch? Adopt(EventLoop loop, Action onEnd)
    {
        if (!File.Exists(ProcessFile))
            return null;
        var process =
            ProcessRecord.Parse(File.ReadAllText(ProcessFile))?.Find() ?? throw new DeviceDiedException(node.Name, Name, log.TailFrom(0));
        return new EndWatch(process, loop, onEnd) { Daemon = Name };
    }

    /// <summary>The device was ended by its starter: its end is no failure.</summary>
    internal void Forget() => File.Delete(ProcessFile);

    /// <summary>Its state dump.</summary>
    /// <exception cref="NodeRefusedException">It has none, or cannot give it now.</exception>
    internal async Task<RouterState> State(CancellationToken cancellation)
    {
        var command =
            device.State ?? throw new NodeRefusedException($"{node.Name}: the device {Name} has no state that could be asked for");
        var text = await Ask("state", command, Variables, cancellation).ConfigureAwait(false);
        try
        {
            return DeviceDump.Read(text);
        }
        catch (FormatException malformed)
        {
            throw new NodeRefusedException(
                $"{node.Name}: the device {Name} gives an invalid state: {malformed.Message}", cause: malformed);
        }
    }

    /// <summary>Makes the filter of one of its sockets.</summary>
    /// <exception cref="NodeRefusedException">It cannot.</exception>
    internal Task Listen(string socket, Address group, SourceFilter filter, CancellationToken cancellation)
    {
        var command = device.Listen ?? throw new NodeRefusedException($"{node.Name}: the device {Name} cannot be told to listen");
        return Ask("listen", command, new Dictionary<string, string>(Variables)
        {
            ["GROUP"] = group.ToString(),
            ["MODE"] = filter.Mode == FilterMode.Include ? "include" : "exclude",
            ["SOURCES"] = string.Join(' ', filter.Sources),
            ["SOCKET"] = socket,
        }, cancellation);
    }

    /// <summary>The first line of what its version command says; null when it has none.</summary>
    /// <exception cref="NodeRefusedException">The command fails.</exception>
    internal async Task<string?> Version(CancellationToken cancellation) =>
        device.Version is { } command
            ? (await Ask("version", command, Variables, cancellation).ConfigureAwait(false)).Split('\n')[0].Trim()
            : null;

    private async Task WriteVersion(CancellationToken cancellation)
    {
        var version = await Version(cancellation).ConfigureAwait(false);
        await File.AppendAllTextAsync(log.File, $"device: {device.Title}{(version is null ? "" : $", {version}")}\n", cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Starts it as a child of the node's PID 1, so that it belongs to the node and not to this process.</summary>
    /// <returns>Null when it has ended already.</returns>
    private async Task<ProcessReference?> Launch(CancellationToken cancellation)
    {
        using var complaints = FileDescriptor.OpenAppending(log.File);
        var told = await NodeCommand
            .Run(holder.Process, ["/bin/sh", "-c", StartScript, "device", device.Start], Variables, complaints, cancellation)
            .ConfigureAwait(false);
        if (told.ExitCode != 0)
            throw new LabSetupException(
                $"{node.Name}: the device {Name} cannot be started: {DeviceVariables.RunFolder} or {device.Folder} is not of use in the "
                    + "node");
        var id = told.Output.Trim();
        ProcessReference? found = null;
        foreach (var each in ProcessList.Of(holder.Process))
        {
            if (found is null && InnerId(each.Process.Id) == id)
                found = each.Process;
            else
                each.Process.Dispose();
        }

        return found;
    }

    private async Task WaitUntilReady(
        DeviceReadiness readiness, EndWatch watch, long logStart, Instant since, CancellationToken cancellation)
    {
        var deadline = KernelClock.Monotonic + readiness.Within;
        while (true)
        {
            var next = changed.Next;
            if (watch.Ended.IsCompleted)
                throw new DeviceDiedException(node.Name, Name, log.TailFrom(logStart));
            if (await IsReady(readiness, logStart, since, cancellation).ConfigureAwait(false))
                return;
            if (KernelClock.Monotonic > deadline)
            {
                throw new LabSetupException(
                    $"{node.Name}: the device {Name} is not ready after "
                        + $"{readiness.Within.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s; "
                    + $"waited {readiness}:\n{log.TailFrom(logStart)}");
            }

            // A command's output changes without notice.
            await next.WaitAsync(PollInterval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> IsReady(DeviceReadiness readiness, long logStart, Instant since, CancellationToken cancellation) =>
        readiness switch
        {
            ReadyByCommand { Command: var command } => (await RunCommand(command, Variables, cancellation).ConfigureAwait(false)).ExitCode
                == 0,
            ReadyByOutput { Pattern: var pattern } => pattern.IsMatch(log.ReadFrom(logStart)),
            ReadyByQuery => frames()
                .Any(frame =>
                    frame.At >= since
                    && frame.Node == node.Name
                    && device.Protocols.Any(each => SeenFrame.Decode(frame, each).Query is { Kind: QueryKind.General })),
            _ => throw new InvalidOperationException($"A device is ready {readiness}."),
        };

    private async Task<string> Ask(string what, string command, Dictionary<string, string> variables, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(AnswerPatience);
        try
        {
            var result = await RunCommand(command, variables, patience.Token).ConfigureAwait(false);
            return result.ExitCode == 0
                ? result.Output
                : throw new NodeRefusedException(
                    $"{node.Name}: '{what}' of the device {Name} has failed (exit code {result.ExitCode}): {result.Error.Trim()}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NodeRefusedException(
                $"{node.Name}: '{what}' of the device {Name} has not ended within {AnswerPatience.TotalSeconds:0} s");
        }
    }

    private Task<CommandResult> RunCommand(string command, Dictionary<string, string> variables, CancellationToken cancellation) =>
        NodeCommand.Run(holder.Process, ["/bin/sh", "-c", CommandScript, "device", command], variables, null, cancellation);

    private string FirstAddress() =>
        node.Interfaces is [var first, ..] && links().FirstOrDefault(link => link.Name == first.Interface)?.PrimaryAddress is { } address
            ? address.ToString()
            : "";

    // The last of the ids in /proc/ID/status is that of the innermost PID namespace.
    private static string? InnerId(int process)
    {
        try
        {
            return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status"))
                .FirstOrDefault(line => line.StartsWith("NSpid:", StringComparison.Ordinal))?.Split('\t')[^1];
        }
        catch (IOException)
        {
            // Ended meanwhile.
            return null;
        }
    }
}
