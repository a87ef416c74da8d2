using System.Text;
using MulticastLab.Linux.Namespaces;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Lab.Engines.Real;

/// <summary>Runs programs inside nodes.</summary>
public static class NodeCommand
{
    private const NamespaceKinds OfANode = NamespaceKinds.Mount | NamespaceKinds.Network | NamespaceKinds.Uts;

    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(5);

    /// <summary>Runs a command in a node of a running lab on this process's own standard streams and waits for its end.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="node">The node's name.</param>
    /// <param name="command">The program and its arguments; the program is looked for as a shell would.</param>
    /// <returns>The exit code, or 128 + the signal that ended it.</returns>
    /// <exception cref="LabSetupException">The node is not running.</exception>
    public static int Run(LabRecord lab, string node, IReadOnlyList<string> command)
    {
        ArgumentNullException.ThrowIfNull(lab);
        using var init = lab.FindNode(node) ?? throw new LabSetupException($"{lab.Id}: node {node} does not live.");
        // The shell finds the program through the node's PATH.
        using var process = Start(
            init, ["/bin/sh", "-c", "exec \"$@\"", "sh", .. command], WithTerminal(lab.Environment[node]), null, null, null);
        return WaitFor(process, Timeout.InfiniteTimeSpan)
            ?? throw new InvalidOperationException("A process that has ended has an exit code.");
    }

    /// <summary>Runs a program in a node, and waits for its end.</summary>
    /// <param name="init">The node's PID 1.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Its environment.</param>
    /// <param name="complaints">Where its standard error goes; null to include it in the result.</param>
    /// <param name="cancellation">Ends the program.</param>
    internal static async Task<CommandResult> Run(
        ProcessReference init, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, FileDescriptor? complaints,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var output = Pipe.Open();
        using var error = Pipe.Open();
        using var nothing = FileDescriptor.OpenReadOnly("/dev/null");
        using var process = Start(init, command, environment, nothing, output.Writer, complaints ?? error.Writer);
        output.Writer.Dispose();
        error.Writer.Dispose();
        var (written, complained) = (
            Task.Run(() => ReadToEnd(output.Reader, process), CancellationToken.None),
            Task.Run(() => ReadToEnd(error.Reader, process), CancellationToken.None));
        await using (cancellation.Register(process.Kill).ConfigureAwait(false))
            await Task.WhenAll(written, complained).ConfigureAwait(false);
        var code = await Task.Run(() => WaitFor(process, Timeout.InfiniteTimeSpan), CancellationToken.None).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return new CommandResult(
            code ?? throw new InvalidOperationException("A process that has ended has an exit code."), await written.ConfigureAwait(false),
            await complained.ConfigureAwait(false));
    }

    internal static ProcessReference Start(
        ProcessReference init, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment,
        FileDescriptor? input, FileDescriptor? output, FileDescriptor? error)
    {
        var process = NamespaceThread.RunIn(init, OfANode, () => Spawner.Start(new SpawnRequest
        {
            Path = command[0],
            Arguments = [.. command.Skip(1)],
            Environment = environment,
            Input = input,
            Output = output,
            Error = error,
            NewSession = output is not null,
        }));
        // The nodes do little work, but a lab is all about their timers: the machine's other work should disturb them as little as
        // possible.
        if (output is not null)
            process.Favour();
        return process;
    }

    /// <summary>Runs the nodes' shutdown files, side by side, on those nodes that are running.</summary>
    internal static void RunShutdown(LabRecord lab)
    {
        var running = new List<ProcessReference>();
        foreach (var node in lab.Topology.Nodes)
        {
            string?[] files = [node.ShutdownFile, lab.Topology.SharedShutdownFile];
            if (files.All(each => each is null) || lab.FindNode(node.Name) is not { } init)
                continue;
            using (init)
            using (var log = FileDescriptor.OpenAppending(lab.LogFile(node.Name)))
            using (var nothing = FileDescriptor.OpenReadOnly("/dev/null"))
            {
                var script = string.Join("; ", files.OfType<string>().Select(StartupScript.RunLine));
                running.Add(Start(init, ["/bin/sh", "-c", script], lab.Environment[node.Name], nothing, log, log));
            }
        }

        foreach (var process in running)
        {
            using (process)
                WaitFor(process, ShutdownPatience);
        }
    }

    private static string ReadToEnd(FileDescriptor pipe, ProcessReference process)
    {
        // A process left behind may keep the pipe open; what it writes later is not output of the command.
        var bytes = new MemoryStream();
        var buffer = new byte[4096];
        while (DescriptorExtensions.WaitUntilEitherReadable(pipe, process.Descriptor))
        {
            var count = pipe.Read(buffer);
            if (count == 0)
                break;
            bytes.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static int? WaitFor(ProcessReference process, TimeSpan patience) =>
        process.WaitForEnd(patience == Timeout.InfiniteTimeSpan ? TimeSpan.FromDays(20) : patience) ? process.Reap() : null;

    private static Dictionary<string, string> WithTerminal(IReadOnlyDictionary<string, string> environment)
    {
        var result = new Dictionary<string, string>(environment);
        foreach (var name in (ReadOnlySpan<string>)["TERM", "COLORTERM", "NO_COLOR"])
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
                result[name] = value;
        }

        return result;
    }
}
