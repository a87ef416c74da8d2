using Microsoft.Win32.SafeHandles;

namespace MulticastLab.Linux.Posix;

/// <summary>An open file descriptor, closed when disposed.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Append = 0x400;
    private const int CloseOnExec = 0x80000;
    private const int GetDescriptorFlags = 1; // F_GETFD
    private const int ClosedOnExec = 1; // FD_CLOEXEC

    /// <summary>For the marshaller.</summary>
    public FileDescriptor()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Takes ownership of an open descriptor.</summary>
    public FileDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    private FileDescriptor(int descriptor, bool owned)
        : base(owned) => SetHandle(descriptor);

    /// <summary>Standard input, which stays open when this is disposed.</summary>
    public static FileDescriptor StandardInput() => new(0, owned: false);

    /// <summary>Standard error, which stays open when this is disposed; null when the process was started without one.</summary>
    public static FileDescriptor? StandardError()
    {
        // If it was closed, whatever this process has opened since may have its number. But what is inherited is never closed on exec, and
        // what a program opens for itself is.
        const int Number = 2;
        var flags = Libc.Control(Number, GetDescriptorFlags);
        return flags < 0 || (flags & ClosedOnExec) != 0 ? null : new FileDescriptor(Number, owned: false);
    }

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
