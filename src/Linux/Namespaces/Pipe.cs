using MulticastLab.Linux.Posix;

namespace MulticastLab.Linux.Namespaces;

/// <summary>A pipe whose ends no child inherits unless it is given one.</summary>
public sealed class Pipe : IDisposable
{
    private const int CloseOnExec = 0x80000;

    private Pipe(FileDescriptor reader, FileDescriptor writer)
    {
        Reader = reader;
        Writer = writer;
    }

    /// <summary>The end to read from.</summary>
    public FileDescriptor Reader { get; }

    /// <summary>The end to write to.</summary>
    public FileDescriptor Writer { get; }

    /// <summary>Makes a pipe.</summary>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public static unsafe Pipe Open()
    {
        var ends = stackalloc int[2];
        LinuxException.ThrowIfFailed(Libc.Pipe(ends, CloseOnExec), "pipe2");
        return new Pipe(new FileDescriptor(ends[0]), new FileDescriptor(ends[1]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
