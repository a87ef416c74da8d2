using System.Diagnostics;
using System.Runtime.InteropServices;
using MulticastLab.Daemon.Control;
using MulticastLab.Tests.Linux.Support;

namespace MulticastLab.Tests.HostAgent;

/// <summary>A hostagent process in a network namespace, ready for commands; killed when the test ends.</summary>
internal sealed partial class AgentProcess : IDisposable
{
    private const int Terminate = 15; // SIGTERM

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hostagent-test-");
    private readonly Process process;
    private readonly Task<string> rest;

    /// <summary>Runs <c>hostagent run</c>, on eth0 unless the options say otherwise, and waits until it is ready.</summary>
    public AgentProcess(PrivateNetwork network, params string[] options)
    {
        string[] on = options.Contains("--interface") ? [] : ["--interface", "eth0"];
        process = network.Start(Program, ["run", "--control", Control, .. on, .. options]);
        (Notices, rest) = WaitFor(process, "hostagent: ready");
    }

    /// <summary>The executable.</summary>
    public static string Program => ShippedPrograms.PathOf("hostagent");

    /// <summary>The control socket's path.</summary>
    public string Control => Path.Combine(folder.FullName, "control");

    /// <summary>What it said before it was ready.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Runs a command of the command line against it, and returns what it prints; the exit code must be 0.</summary>
    public string Command(string line)
    {
        var (exit, output, error) = CommandLineRun.Of([.. line.Split(' '), "--control", Control]);
        return exit == 0 ? output : throw new InvalidOperationException($"hostagent {line}: exit code {exit}: {error}");
    }

    /// <summary>Connects to its control socket.</summary>
    public ControlClient Connect() => ControlClient.Connect(Control).GetAwaiter().GetResult();

    /// <summary>Sends SIGTERM and returns the exit code, and what it said since it was ready.</summary>
    public (int ExitCode, string Said) End()
    {
        Signal(process, Terminate);
        var said = rest.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    /// <summary>
    /// Ends a process by SIGTERM (SIGINT is ignored by all that a shell has put in the background), and returns the exit code and its
    /// standard output.
    /// </summary>
    public static (int ExitCode, string Output) TerminateAndRead(Process process)
    {
        Signal(process, Terminate);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>Reads a process's standard error up to a line; the rest is read on, so that the process is never held up.</summary>
    public static (IReadOnlyList<string> Before, Task<string> After) WaitFor(Process process, string line)
    {
        var before = new List<string>();
        while (process.StandardError.ReadLine() is { } read)
        {
            if (read == line)
                return (before, process.StandardError.ReadToEndAsync());
            before.Add(read);
        }

        throw new InvalidOperationException($"'{line}' was never said; instead: {string.Join("\n", before)}");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static void Signal(Process process, int signal)
    {
        if (Kill(process.Id, signal) != 0)
            throw new InvalidOperationException($"kill: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
