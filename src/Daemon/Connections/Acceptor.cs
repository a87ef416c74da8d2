using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Connections;

/// <summary>
/// Accepts the clients of a listening socket as they come. When the kernel gives none although one waits (out of descriptors, for example)
/// it pauses: the listener stays readable, and must not keep the loop busy until there is room again.
/// </summary>
/// <threadsafety>Lives on the loop's thread.</threadsafety>
internal sealed class Acceptor : IDisposable
{
    /// <summary>How long it pauses.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly FileDescriptor listener;
    private readonly EventLoop loop;
    private readonly Func<FileDescriptor, FileDescriptor> accept;
    private readonly Action<FileDescriptor> accepted;
    private readonly LoopTimer pauseEnds;

    /// <summary>Starts accepting clients.</summary>
    /// <param name="listener">A listening socket, non-blocking; it stays its owner's.</param>
    /// <param name="loop">The loop.</param>
    /// <param name="accepted">Takes over a client's socket, which is non-blocking.</param>
    /// <exception cref="LinuxException">No descriptors left.</exception>
    public Acceptor(FileDescriptor listener, EventLoop loop, Action<FileDescriptor> accepted)
        : this(listener, loop, Accept, accepted)
    {
    }

    /// <summary>With a system call of the caller's in place of accept4(2).</summary>
    internal Acceptor(FileDescriptor listener, EventLoop loop, Func<FileDescriptor, FileDescriptor> accept, Action<FileDescriptor> accepted)
    {
        this.listener = listener;
        this.loop = loop;
        this.accept = accept;
        this.accepted = accepted;
        pauseEnds = loop.AddTimer(() => loop.SetInterest(listener, Readiness.Read));
        loop.Watch(listener, TakeOne);
    }

    /// <summary>Accepts no more clients. Those that wait are left to the listener's owner.</summary>
    public void Dispose()
    {
        loop.Unwatch(listener);
        pauseEnds.Dispose();
    }

    /// <summary>accept4(2).</summary>
    internal static unsafe FileDescriptor Accept(FileDescriptor listener) =>
        Libc.Accept(listener, null, null, SocketConstants.NonBlocking | SocketConstants.CloseOnExec);

    private void TakeOne()
    {
        var client = accept(listener);
        if (!client.IsInvalid)
        {
            accepted(client);
            return;
        }

        // The client has gone away again, or a signal came: the next one may be there already.
        if (Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted or Errno.ConnectionAborted)
            return;
        loop.SetInterest(listener, Readiness.None);
        pauseEnds.Set(KernelClock.Monotonic + Pause);
    }
}
