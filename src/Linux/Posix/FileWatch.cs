namespace MulticastLab.Linux.Posix;

/// <summary>Reports that a file of a directory was written to (inotify(7)).</summary>
public sealed class FileWatch : IDisposable
{
    private const int Flags = 0x80800; // IN_CLOEXEC | IN_NONBLOCK
    private const uint Modified = 0x2; // IN_MODIFY

    private readonly byte[] events = new byte[4096];

    /// <summary>Watches a directory.</summary>
    /// <exception cref="LinuxException">There is none, or the user has too many watches (fs.inotify.max_user_instances).</exception>
    public FileWatch(string directory)
    {
        Descriptor = Libc.OpenFileWatch(Flags);
        if (Descriptor.IsInvalid)
            throw LinuxException.Last("inotify_init1");
        if (Libc.AddFileWatch(Descriptor, directory, Modified) >= 0)
            return;
        var failure = LinuxException.Last("inotify_add_watch", directory);
        Descriptor.Dispose();
        throw failure;
    }

    /// <summary>Readable when a file was written to.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Takes note of what has happened so far, so that <see cref="Descriptor"/> reports what happens next.</summary>
    // What is left, when there was more than fits, is reported again: the loop is level-triggered.
    public void Clear() => _ = Descriptor.Read(events);

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
