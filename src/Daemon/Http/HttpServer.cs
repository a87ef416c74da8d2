using System.Net;
using System.Net.Sockets;
using MulticastLab.Daemon.Connections;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Http;

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
    private ConnectionSet? connections;
    private Acceptor? acceptor;

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
    /// <exception cref="LinuxException">The address is not one of this machine, or the port is in use.</exception>
    public static HttpServer Start(IPEndPoint endPoint, EventLoop loop, Action<HttpCall> handle)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(loop);
        var server = new HttpServer(Listen(endPoint), loop, handle);
        loop.Post(() =>
        {
            server.connections = new ConnectionSet(loop, MostConnections, TooMany);
            server.acceptor = new Acceptor(server.listener, loop, server.Take);
        });
        return server;
    }

    /// <summary>Closes all connections. The loop must still be there, running or about to end.</summary>
    public void Dispose() => loop.Post(() =>
    {
        connections?.Dispose();
        acceptor?.Dispose();
        listener.Dispose();
    });

    private static unsafe FileDescriptor Listen(IPEndPoint endPoint)
    {
        var family = endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? SocketConstants.FamilyInet6 : SocketConstants.FamilyInet;
        var socket = SocketExtensions.OpenSocket(
            family, SocketConstants.TypeStream | SocketConstants.NonBlocking, 0, "socket(SOCK_STREAM)");
        try
        {
            // Connections of the previous process, closed by it, are in TIME_WAIT and must not block the port.
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

    private void Take(FileDescriptor client)
    {
        if (connections!.IsFull)
            connections.TurnAway(client);
        else
            connections.Add(new HttpConnection(client, loop, handle, connections.Remove));
    }
}
