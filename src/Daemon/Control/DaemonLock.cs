using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Control;

/// <summary>
/// A file beside a daemon's control socket, locked while the daemon lives: it distinguishes a live daemon's socket from one that a dead
/// daemon left.
/// </summary>
internal sealed class DaemonLock : IDisposable
{
    private const uint OwnerReadWrite = 0x180; // 0600
    private const int CreateReadWrite = 0x2 | 0x40 | 0x80000; // O_RDWR | O_CREAT | O_CLOEXEC
    private const int ExclusiveNoWait = 2 | 4; // LOCK_EX | LOCK_NB

    private readonly string path;
    private readonly FileDescriptor file;

    private DaemonLock(string path, FileDescriptor file)
    {
        this.path = path;
        this.file = file;
    }

    /// <summary>Takes the lock of a control socket.</summary>
    /// <param name="socketPath">The socket's path.</param>
    /// <exception cref="ControlException">A running daemon has it.</exception>
    /// <exception cref="LinuxException">The file cannot be made.</exception>
    public static DaemonLock Take(string socketPath)
    {
        var path = socketPath + ".lock";
        while (true)
        {
            var file = Libc.Open(path, CreateReadWrite, OwnerReadWrite);
            if (file.IsInvalid)
                throw LinuxException.Last("open", path);
            if (Libc.Lock(file, ExclusiveNoWait) != 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                using var held = file;
                throw errno == Errno.TryAgain
                    ? ControlException.Failed(
                        $"{socketPath} belongs to a running daemon{Holder(held)}; end it, or name another path with --control")
                    : new LinuxException("flock", errno, path);
            }

            // The previous daemon may have removed the file between the two calls: then this lock is on a file without a name.
            if (!IsUnlinked(file))
            {
                WriteHolder(file);
                return new DaemonLock(path, file);
            }

            file.Dispose();
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        // Removed while still locked: the next daemon either sees it gone or finds out that it is.
        File.Delete(path);
        file.Dispose();
    }

    private static bool IsUnlinked(FileDescriptor file) =>
        new FileInfo($"/proc/self/fd/{file.Number}").LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) ?? false;

    private static unsafe void WriteHolder(FileDescriptor file)
    {
        var text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId,-10}\n"));
        fixed (byte* first = text)
            _ = Libc.Write(file, first, (nuint)text.Length);
    }

    private static unsafe string Holder(FileDescriptor file)
    {
        // Read from this very descriptor: the base library would ask for a lock of its own, and be refused it.
        Span<byte> text = stackalloc byte[16];
        fixed (byte* first = text)
        {
            var length = Libc.Read(file, first, (nuint)text.Length);
            return length > 0 ? $" (process {Encoding.ASCII.GetString(text[..(int)length]).Trim()})" : "";
        }
    }
}
