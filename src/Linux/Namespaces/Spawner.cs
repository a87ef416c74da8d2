using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Namespaces;

/// <summary>What to run, and with which streams.</summary>
public sealed record SpawnRequest
{
    /// <summary>The program's path, as seen by the calling thread.</summary>
    public required string Path { get; init; }

    /// <summary>The arguments, without the program's name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Standard input; null leaves the caller's.</summary>
    public FileDescriptor? Input { get; init; }

    /// <summary>Standard output; null leaves the caller's.</summary>
    public FileDescriptor? Output { get; init; }

    /// <summary>Standard error; null leaves the caller's.</summary>
    public FileDescriptor? Error { get; init; }

    /// <summary>Whether the process leads a session of its own, out of reach of the terminal's signals.</summary>
    public bool NewSession { get; init; }
}

/// <summary>
/// Starts processes from the calling thread, in that thread's namespaces. <see cref="System.Diagnostics.Process"/> will not do: it creates
/// threads and touches the terminal.
/// </summary>
public static unsafe class Spawner
{
    // Larger than the C library's types: posix_spawn_file_actions_t has 80 bytes, posix_spawnattr_t 336, sigset_t 128.
    private const int ActionsSize = 256;
    private const int AttributesSize = 512;
    private const int SignalSetSize = 128;
    private const short SetSignalMask = 0x08;
    private const short SetDefaultSignals = 0x04;
    private const short SetSession = 0x80;

    /// <summary>Starts a process; the caller has to <see cref="ProcessReference.Reap"/> it.</summary>
    /// <exception cref="LinuxException">It cannot be started, e.g. there is no such program.</exception>
    public static ProcessReference Start(SpawnRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var actions = stackalloc byte[ActionsSize];
        var attributes = stackalloc byte[AttributesSize];
        var signals = stackalloc byte[SignalSetSize];
        using var arguments = new NativeStrings([request.Path, .. request.Arguments]);
        using var environment = new NativeStrings([.. request.Environment.Select(each => $"{each.Key}={each.Value}")]);
        Check(Libc.InitializeFileActions(actions), request);
        Check(Libc.InitializeAttributes(attributes), request);
        try
        {
            Add(actions, request.Input, 0, request);
            Add(actions, request.Output, 1, request);
            Add(actions, request.Error, 2, request);
            // The runtime ignores SIGPIPE and may block signals; children start as a shell would start them.
            _ = Libc.EmptySignalSet(signals);
            Check(Libc.SetSignalMask(attributes, signals), request);
            _ = Libc.FillSignalSet(signals);
            Check(Libc.SetDefaultSignals(attributes, signals), request);
            Check(
                Libc.SetSpawnFlags(attributes, (short)(SetSignalMask | SetDefaultSignals | (request.NewSession ? SetSession : 0))),
                request);
            Check(Libc.Spawn(out var id, request.Path, actions, attributes, arguments.Pointer, environment.Pointer), request);
            return ProcessReference.OfChild(id);
        }
        finally
        {
            _ = Libc.DestroyFileActions(actions);
            _ = Libc.DestroyAttributes(attributes);
        }
    }

    /// <summary>Replaces this process by another program (execve). Returns only by an exception.</summary>
    /// <exception cref="LinuxException">There is no such program.</exception>
    public static void Replace(string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ArgumentNullException.ThrowIfNull(path);
        using var values = new NativeStrings([path, .. arguments]);
        using var variables = new NativeStrings([.. environment.Select(each => $"{each.Key}={each.Value}")]);
        LinuxException.ThrowIfFailed(Libc.Execute(path, values.Pointer, variables.Pointer), "execve", path);
    }

    private static void Add(byte* actions, FileDescriptor? stream, int number, SpawnRequest request)
    {
        if (stream is not null)
            Check(Libc.AddDuplicate(actions, stream.Number, number), request);
    }

    private static void Check(int error, SpawnRequest request)
    {
        if (error != 0)
            throw new LinuxException("posix_spawn", error, request.Path);
    }
}

/// <summary>A null-terminated array of C strings.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly int count;

    internal NativeStrings(IReadOnlyList<string> values)
    {
        count = values.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < count; i++)
            Pointer[i] = (byte*)Marshal.StringToCoTaskMemUTF8(values[i]);
    }

    internal byte** Pointer { get; }

    public void Dispose()
    {
        for (var i = 0; i < count; i++)
            Marshal.FreeCoTaskMem((nint)Pointer[i]);
        NativeMemory.Free(Pointer);
    }
}
