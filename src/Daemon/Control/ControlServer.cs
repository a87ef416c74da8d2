using System.Text;
using MulticastLab.Daemon.Connections;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Control;

/// <summary>
/// A daemon's control socket: a Unix stream socket of file mode 0600 on which clients send one line of JSON per command,
/// <c>{"command":"show",…}</c>, and get one line back. One thread of its own serves all clients; commands run where the daemon says.
/// </summary>
/// <remarks>
/// A file <c>PATH.lock</c>, locked while the daemon lives, distinguishes a live daemon's socket from one that a dead daemon left. Clients
/// of users other than root and the daemon's own are refused, whatever the folder's permissions.
/// </remarks>
public sealed class ControlServer : IDisposable
{
    /// <summary>How many clients are served at once; those beyond the limit are told so, and may come again.</summary>
    public const int MostClients = 256;

    private static readonly byte[] TooMany = Encoding.UTF8.GetBytes(
        $$"""{"ok":false,"error":"more than {{MostClients}} clients at once","exit":1}""" + "\n");

    private readonly DaemonLock daemonLock;
    private readonly FileDescriptor listener;
    private readonly EventLoop loop = new();
    private readonly ConnectionSet connections;
    private readonly Acceptor acceptor;
    private readonly Thread thread;
    private readonly Action<Action> post;
    private readonly Action<ControlCall> handle;
    private long refused;
    private long cutOff;
    private bool disposed;

    private ControlServer(string path, DaemonLock daemonLock, FileDescriptor listener, Action<Action> post, Action<ControlCall> handle)
    {
        Path = path;
        this.daemonLock = daemonLock;
        this.listener = listener;
        this.post = post;
        this.handle = handle;
        connections = new ConnectionSet(loop, MostClients, TooMany);
        acceptor = new Acceptor(listener, loop, Take);
        thread = new Thread(loop.Run, 256 * 1024) { IsBackground = true, Name = "control" };
        thread.Start();
    }

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>
    /// The loop of the control thread, for whatever else is to be served outside the daemon's own loop. It ends with <see cref="Dispose"/>.
    /// </summary>
    public EventLoop Loop => loop;

    /// <summary>What it has done so far. On the control thread.</summary>
    public ControlFigures Figures => new(connections.Count, refused, cutOff);

    /// <summary>Listens on <paramref name="path"/>; a dead daemon's socket there is replaced.</summary>
    /// <param name="path">The socket's path; its folder must exist.</param>
    /// <param name="post">How to post work to the daemon's own thread, e.g. <see cref="EventLoop.Post"/>.</param>
    /// <param name="handle">Called by way of <paramref name="post"/> for every command; answers the call, now or later.</param>
    /// <exception cref="ControlException">A live daemon has this path, or there is a file that is no socket.</exception>
    /// <exception cref="LinuxException">The path cannot be made.</exception>
    public static ControlServer Start(string path, Action<Action> post, Action<ControlCall> handle)
    {
        var daemonLock = DaemonLock.Take(path);
        try
        {
            return new ControlServer(path, daemonLock, ControlListener.Open(path), post, handle);
        }
        catch
        {
            daemonLock.Dispose();
            throw;
        }
    }

    /// <summary>Closes all connections, after what was answered is handed to the kernel, and removes the socket.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        loop.Post(() =>
        {
            connections.Dispose();
            acceptor.Dispose();
        });
        loop.Stop();
        thread.Join();
        loop.Dispose();
        File.Delete(Path);
        listener.Dispose();
        daemonLock.Dispose();
    }

    private void Take(FileDescriptor client)
    {
        if (!IsWelcome(client))
        {
            refused++;
            client.Dispose();
        }
        else if (connections.IsFull)
        {
            refused++;
            connections.TurnAway(client);
        }
        else
        {
            connections.Add(new ControlConnection(client, loop, Submit, connections.DeadlineIs, Forget));
        }
    }

    private static unsafe bool IsWelcome(FileDescriptor client)
    {
        var credentials = stackalloc uint[3]; // struct ucred: pid, uid, gid
        var length = 3U * sizeof(uint);
        return Libc.GetSocketOption(client, SocketConstants.LevelSocket, SocketConstants.PeerCredentials, credentials, &length) == 0
            && (credentials[1] == 0 || credentials[1] == Libc.EffectiveUser());
    }

    private void Submit(ControlCall call) => post(() =>
    {
        try
        {
            handle(call);
        }
        catch (ControlException refused)
        {
            call.Fail(refused.Message, refused.ExitCode);
        }
        catch (Exception broken) when (!call.IsAnswered)
        {
            // A command that fails must not end the daemon; the client gets the full error.
            call.Fail($"internal error: {broken}");
        }
    });

    private void Forget(ControlConnection connection)
    {
        connections.Remove(connection);
        if (connection.WasCutOff)
            cutOff++;
    }
}
