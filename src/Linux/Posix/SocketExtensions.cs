using System.Runtime.InteropServices;

namespace MulticastLab.Linux.Posix;

/// <summary>Socket options on bare descriptors.</summary>
internal static unsafe class SocketExtensions
{
    /// <summary>Opens a socket, closed on exec.</summary>
    public static FileDescriptor OpenSocket(int family, int type, int protocol, string call)
    {
        var socket = Libc.Socket(family, type | SocketConstants.CloseOnExec, protocol);
        return socket.IsInvalid ? throw LinuxException.Last(call) : socket;
    }

    /// <summary>Sets an option whose value is a plain structure or number.</summary>
    public static void SetOption<T>(this FileDescriptor socket, int level, int name, T value, string call, string about = "")
        where T : unmanaged =>
        LinuxException.ThrowIfFailed(Libc.SetSocketOption(socket, level, name, &value, (uint)sizeof(T)), call, about);

    /// <summary>Sets an option whose value is a run of bytes.</summary>
    public static void SetOption(this FileDescriptor socket, int level, int name, ReadOnlySpan<byte> value, string call, string about = "")
    {
        fixed (byte* start = value)
            LinuxException.ThrowIfFailed(Libc.SetSocketOption(socket, level, name, start, (uint)value.Length), call, about);
    }

    /// <summary>
    /// Makes the receive buffer this large: beyond <c>net.core.rmem_max</c> where CAP_NET_ADMIN allows it, otherwise as large as may be.
    /// </summary>
    /// <returns>The size now in force, as the kernel counts (twice what was asked for).</returns>
    public static int SetReceiveBuffer(this FileDescriptor socket, int bytes)
    {
        if (Libc.SetSocketOption(socket, SocketConstants.LevelSocket, SocketConstants.ReceiveBufferForce, &bytes, sizeof(int)) < 0)
        {
            // In a user namespace that does not own the network namespace's limits the kernel says EPERM; the plain option clips silently.
            if (Marshal.GetLastPInvokeError() != Errno.OperationNotPermitted)
                throw LinuxException.Last("setsockopt(SO_RCVBUFFORCE)");
            socket.SetOption(SocketConstants.LevelSocket, SocketConstants.ReceiveBuffer, bytes, "setsockopt(SO_RCVBUF)");
        }

        int granted;
        var length = (uint)sizeof(int);
        LinuxException.ThrowIfFailed(
            Libc.GetSocketOption(socket, SocketConstants.LevelSocket, SocketConstants.ReceiveBuffer, &granted, &length),
            "getsockopt(SO_RCVBUF)");
        return granted;
    }
}
