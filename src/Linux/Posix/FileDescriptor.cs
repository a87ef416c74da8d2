using Microsoft.Win32.SafeHandles;

namespace MulticastLab.Linux.Posix;

/// <summary>An open file descriptor, closed when disposed.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;

    /// <summary>For the marshaller.</summary>
    public FileDescriptor()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Takes ownership of an open descriptor.</summary>
    public FileDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>Opens a file for reading; children do not inherit it.</summary>
    /// <exception cref="LinuxException">There is none, or it may not be read.</exception>
    public static FileDescriptor OpenReadOnly(string path) => Open(path, 0);

    /// <summary>Opens a file, made if missing, for writing at its end; children do not inherit it.</summary>
    /// <exception cref="LinuxException">It may not be written.</exception>
    public static FileDescriptor OpenAppending(string path) => Open(path, WriteOnly | Create | Append);

    /// <summary>The number, for <c>/proc/self/fd</c> and epoll; valid while this object lives.</summary>
    public int Number => (int)handle;

    /// <summary>Whether a call has failed to open it.</summary>
    // The C calls return a 32-bit int, and what the marshaller finds above those bits is undefined: -1 comes as 4294967295.
    public override bool IsInvalid => (int)handle < 0;

    private static FileDescriptor Open(string path, int flags)
    {
        const uint OwnerReadsAndWrites = 0x180; // octal 600
        var descriptor = Libc.Open(path, flags | CloseOnExec, OwnerReadsAndWrites);
        return descriptor.IsInvalid ? throw LinuxException.Last("open", path) : descriptor;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
