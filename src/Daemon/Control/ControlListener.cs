using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Control;

/// <summary>The socket file that a daemon listens on, accessible to its owner alone.</summary>
internal static unsafe class ControlListener
{
    private const uint OwnerReadWrite = 0x180; // 0600
    private const int NoWait = 0x800 | 0x80000; // O_RDONLY | O_NONBLOCK | O_CLOEXEC

    // A client that finds this queue full is silently refused by the kernel.
    private const int MostWaiting = 1024;

    /// <summary>Listens; a dead daemon's socket there is replaced.</summary>
    /// <param name="path">The socket's path, whose lock is held.</param>
    /// <exception cref="ControlException">Another program listens there, or there is a file that is no socket.</exception>
    /// <exception cref="LinuxException">The path cannot be made.</exception>
    public static FileDescriptor Open(string path)
    {
        using var address = new UnixAddress(path);
        var bytes = address.ToBytes();
        RemoveStale(path, bytes);
        var listener = SocketExtensions.OpenSocket(
            SocketConstants.FamilyUnix, SocketConstants.TypeStream | SocketConstants.NonBlocking, 0, "socket(AF_UNIX)");
        try
        {
            // Linux makes the file with the socket's own mode, so it is 0600 from the moment it exists, whatever the umask.
            LinuxException.ThrowIfFailed(Libc.ChangeMode(listener, OwnerReadWrite), "fchmod(AF_UNIX)");
            fixed (byte* first = bytes)
                LinuxException.ThrowIfFailed(Libc.Bind(listener, first, (uint)bytes.Length), "bind(AF_UNIX)", path);
            LinuxException.ThrowIfFailed(Libc.Listen(listener, MostWaiting), "listen", path);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private static void RemoveStale(string path, byte[] address)
    {
        using (var opened = Libc.Open(path, NoWait, 0))
        {
            // Opening it shows what it is: a socket cannot be opened.
            var errno = opened.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            if (errno == Errno.NoSuchFile)
                return;
            if (errno != Errno.NoSuchDeviceOrAddress)
                throw ControlException.Usage($"{path} exists and is not a socket; name another path with --control");
        }

        using var probe = SocketExtensions.OpenSocket(
            SocketConstants.FamilyUnix, SocketConstants.TypeStream | SocketConstants.NonBlocking, 0, "socket(AF_UNIX)");
        fixed (byte* first = address)
        {
            if (Libc.Connect(probe, first, (uint)address.Length) == 0 || Marshal.GetLastPInvokeError() == Errno.TryAgain)
                throw ControlException.Failed($"another program listens on {path}; name another path with --control");
        }

        File.Delete(path);
    }
}
