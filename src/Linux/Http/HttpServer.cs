using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Http;

/// <summary>
/// A small HTTP/1.1 server for pages that are read (GET, HEAD) on an <see cref="EventLoop"/> that others use too. It has few clients and
/// trusts none: bounded heads, bounded time, a bounded number of connections, each closed after its answer.
/// </summary>
public sealed class HttpServer : IDisposable
{
    /// <summary>How many connections are served at once; those beyond get 503.</summary>
    public const int MostConnections = 32;

    private static readonly byte[] TooMany = HttpAnswer.Refusal(503, $"at most {MostConnections} connections at once").ToBytes();

    private readonly FileDescriptor listener;
    private readonly EventLoop loop;
    private readonly Action<HttpCall> handle;
    private readonly HashSet<HttpConnection> connections = [];
    private LoopTimer? timer;
    private Instant acceptAgain = Instant.Never;

    private HttpServer(FileDescriptor listener, EventLoop loop, Action<HttpCall> handle)
    {
        this.listener = listener;
        this.loop = loop;
        this.handle = handle;
    }

    /// <summary>Listens, in the network namespace of the calling thread.</summary>
    /// <param name="endPoint">An address of this machine, and a port.</param>
    /// <param name="loop">The loop that serves; it may be running.</param>
    /// <param name="handle">Called on the loop's thread for every request; answers it, now or later.</param>
    /// <exception cref="LinuxException">The address is not here, or the port is taken.</exception>
    public static HttpServer Start(IPEndPoint endPoint, EventLoop loop, Action<HttpCall> handle)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(loop);
        var server = new HttpServer(Listen(endPoint), loop, handle);
        loop.Post(() =>
        {
            server.timer = loop.AddTimer(server.KeepTime);
            loop.Watch(server.listener, server.Accept);
        });
        return server;
    }

    /// <summary>Closes all connections. The loop must still be there, running or about to end.</summary>
    public void Dispose() => loop.Post(() =>
    {
        foreach (var each in connections.ToArray())
            each.Close();
        timer?.Dispose();
        loop.Unwatch(listener);
        listener.Dispose();
    });

    private static unsafe FileDescriptor Listen(IPEndPoint endPoint)
    {
        var family = endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? SocketConstants.FamilyInet6 : SocketConstants.FamilyInet;
        var socket = SocketExtensions.OpenSocket(family, SocketConstants.TypeStream | SocketConstants.NonBlocking, 0, "socket(SOCK_STREAM)");
        try
        {
            // Connections of the process before, closed by it, wait out their time and must not hold the port.
            socket.SetOption(SocketConstants.LevelSocket, SocketConstants.ReuseAddress, 1, "setsockopt(SO_REUSEADDR)");
            var address = endPoint.Serialize();
            fixed (byte* first = address.Buffer.Span)
                LinuxException.ThrowIfFailed(Libc.Bind(socket, first, (uint)address.Size), "bind", endPoint.ToString());
            LinuxException.ThrowIfFailed(Libc.Listen(socket, MostConnections), "listen", endPoint.ToString());
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private unsafe void Accept()
    {
        var client = Libc.Accept(listener, null, null, SocketConstants.NonBlocking | SocketConstants.CloseOnExec);
        if (client.IsInvalid)
        {
            // Out of descriptors, for example: asked again a second later, the listener does not keep the thread busy.
            if (Marshal.GetLastPInvokeError() is Errno.TryAgain or Errno.Interrupted or Errno.ConnectionAborted)
                return;
            acceptAgain = KernelClock.Monotonic + TimeSpan.FromSeconds(1);
            loop.SetInterest(listener, Readiness.None);
            Wake(acceptAgain);
            return;
        }

        if (connections.Count >= MostConnections)
        {
            using (client)
            fixed (byte* first = TooMany)
            {
                _ = Libc.Send(client, first, (nuint)TooMany.Length, SocketConstants.DontWait | SocketConstants.NoSignal);
            }

            return;
        }

        var connection = new HttpConnection(client, loop, handle, gone => connections.Remove(gone));
        connections.Add(connection);
        Wake(connection.Deadline);
    }

    private void Wake(Instant at)
    {
        if (at < timer!.DueAt)
            timer.Set(at);
    }

    private void KeepTime()
    {
        var now = KernelClock.Monotonic;
        if (acceptAgain <= now)
        {
            acceptAgain = Instant.Never;
            loop.SetInterest(listener, Readiness.Read);
        }

        var due = acceptAgain;
        foreach (var each in connections.ToArray())
        {
            if (each.Deadline <= now)
                each.Close();
            else if (each.Deadline < due)
                due = each.Deadline;
        }

        timer!.Set(due);
    }
}
