using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Namespaces;

/// <summary>
/// Runs code on a thread of its own that may change its namespaces, root and working directory, and then ends: a thread never comes
/// back from a namespace into the pool.
/// </summary>
/// <remarks>
/// A thread made by the runtime inherits the namespaces of the thread that made it, and holds them. So the first thing that such a
/// thread has to do is to take another PID namespace for its children: from then on the kernel refuses it every new thread (EINVAL of
/// clone(2)). <see cref="Unshare"/> and <see cref="Enter"/> see to that.
/// The code must not start tasks or timers or use the thread pool: the runtime ends the process when it needs a thread and is refused one.
/// It would also need one for tiered compilation, at an unpredictable moment; a native program has none, and any other program that uses
/// this class must turn it off (<c>TieredCompilation</c> in its project file), or gets an exception from every method.
/// </remarks>
public static class NamespaceThread
{
    private const int CloneFileSystemAttributes = 0x200; // CLONE_FS: root and working directory of one's own

    /// <summary>Whether the program's runtime is set up so that a thread can be refused new threads.</summary>
    public static bool IsUsable { get; } =
        !RuntimeFeature.IsDynamicCodeCompiled
        || Environment.GetEnvironmentVariable("DOTNET_TieredCompilation") == "0"
        || (AppContext.TryGetSwitch("System.Runtime.TieredCompilation", out var tiered) && !tiered);

    /// <summary>Runs the code to its end on a thread of its own.</summary>
    /// <exception cref="InvalidOperationException">Tiered compilation is on.</exception>
    /// <exception cref="Exception">What the code threw.</exception>
    public static T Run<T>(Func<T> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        if (!IsUsable)
            throw new InvalidOperationException(
                "A program that enters namespaces needs <TieredCompilation>false</TieredCompilation> in its project file.");
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = code();
            }
#pragma warning disable CA1031 // It is the caller's exception: it is thrown there.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = "namespace" };
        thread.UnsafeStart();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>Runs the code on a thread of its own in namespaces of a process.</summary>
    /// <exception cref="LinuxException">The kernel refuses, or the process has ended.</exception>
    public static T RunIn<T>(ProcessReference process, NamespaceKinds kinds, Func<T> code) => Run(() =>
    {
        Enter(process, kinds);
        return code();
    });

    /// <summary>Gives the calling thread new namespaces of these kinds, and its children a new PID namespace.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static void Unshare(NamespaceKinds kinds)
    {
        LinuxException.ThrowIfFailed(Libc.Unshare(CloneFileSystemAttributes | (int)NamespaceKinds.ProcessId), "unshare(CLONE_NEWPID)");
        LinuxException.ThrowIfFailed(Libc.Unshare((int)(kinds & ~NamespaceKinds.ProcessId)), $"unshare({kinds})");
    }

    /// <summary>Puts the calling thread into namespaces of a process, its children into the process's PID namespace.</summary>
    /// <exception cref="LinuxException">The kernel refuses, or the process has ended.</exception>
    public static void Enter(ProcessReference process, NamespaceKinds kinds)
    {
        ArgumentNullException.ThrowIfNull(process);
        LinuxException.ThrowIfFailed(Libc.Unshare(CloneFileSystemAttributes), "unshare(CLONE_FS)");
        LinuxException.ThrowIfFailed(
            Libc.SetNamespace(process.Descriptor, (int)(kinds | NamespaceKinds.ProcessId)), $"setns({kinds})", $"process {process.Id}");
    }

    /// <summary>Gives the calling thread's UTS namespace its host name.</summary>
    /// <exception cref="LinuxException">The kernel refuses.</exception>
    public static void SetHostName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        LinuxException.ThrowIfFailed(Libc.SetHostName(name, name.Length), "sethostname", name);
    }
}
