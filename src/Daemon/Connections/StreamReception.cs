using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Connections;

/// <summary>The result of reading a client's socket.</summary>
internal enum StreamReception
{
    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Nothing now.</summary>
    Nothing,

    /// <summary>The client has shut down its side for writing; it may still read.</summary>
    End,

    /// <summary>The connection is broken.</summary>
    Broken,
}

/// <summary>Receiving from a client's socket.</summary>
internal static class StreamSocket
{
    /// <summary>Takes what has come, without waiting.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="free">Room for it; must not be empty.</param>
    /// <param name="count">How many bytes have come.</param>
    public static unsafe StreamReception Receive(this FileDescriptor socket, Span<byte> free, out int count)
    {
        fixed (byte* first = free)
            count = (int)Libc.Receive(socket, first, (nuint)free.Length, SocketConstants.DontWait);
        if (count > 0)
            return StreamReception.Bytes;
        if (count == 0)
            return StreamReception.End;
        count = 0;
        return Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted ? StreamReception.Nothing : StreamReception.Broken;
    }
}
