using Microsoft.Win32.SafeHandles;

namespace MulticastLab.Linux.Posix;

/// <summary>An open file descriptor, closed when disposed.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>For the marshaller.</summary>
    public FileDescriptor()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Takes ownership of an open descriptor.</summary>
    public FileDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number, for <c>/proc/self/fd</c> and epoll; valid while this object lives.</summary>
    public int Number => (int)handle;

    /// <summary>Whether a call has failed to open it.</summary>
    // The C calls return a 32-bit int, and what the marshaller finds above those bits is undefined: -1 comes as 4294967295.
    public override bool IsInvalid => (int)handle < 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
