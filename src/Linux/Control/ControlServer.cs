using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Control;

/// <summary>
/// A daemon's control socket: a Unix stream socket of file mode 0600 on which clients say one line of JSON per command,
/// <c>{"command":"show",…}</c>, and get one line back. One thread of its own serves all clients; commands run where the daemon says.
/// </summary>
/// <remarks>
/// A file <c>PATH.lock</c>, locked while the daemon lives, tells a live daemon's socket from one that a dead daemon left. Clients of
/// another user than root and the daemon's own are refused, whatever the folder's permissions.
/// </remarks>
public sealed class ControlServer : IDisposable
{
    private const uint OwnerReadWrite = 0x180; // 0600
    private const int CreateReadWrite = 0x2 | 0x40 | 0x80000; // O_RDWR | O_CREAT | O_CLOEXEC
    private const int NoWait = 0x800 | 0x80000; // O_RDONLY | O_NONBLOCK | O_CLOEXEC
    private const int ExclusiveNoWait = 2 | 4; // LOCK_EX | LOCK_NB

    /// <summary>How many clients are served at once; those beyond are told so, and may come again.</summary>
    public const int MostClients = 256;

    // A client that finds this queue full is refused by the kernel without a word.
    private const int MostWaiting = 1024;

    private static readonly byte[] TooMany = Encoding.UTF8.GetBytes($$"""{"ok":false,"error":"more than {{MostClients}} clients at once","exit":1}""" + "\n");

    private readonly FileDescriptor lockFile;
    private readonly FileDescriptor listener;
    private readonly EventLoop loop;
    private readonly LoopTimer timer;
    private readonly Thread thread;
    private readonly Action<Action> post;
    private readonly Action<ControlCall> handle;
    private readonly HashSet<ControlConnection> connections = [];
    private Instant acceptAgain = Instant.Never;
    private long refused;
    private long cutOff;
    private bool disposed;

    private ControlServer(string path, FileDescriptor lockFile, FileDescriptor listener, Action<Action> post, Action<ControlCall> handle)
    {
        Path = path;
        this.lockFile = lockFile;
        this.listener = listener;
        this.post = post;
        this.handle = handle;
        loop = new EventLoop();
        timer = loop.AddTimer(KeepTime);
        loop.Watch(listener, Readiness.Read, _ => Accept());
        thread = new Thread(loop.Run, 256 * 1024) { IsBackground = true, Name = "control" };
        thread.Start();
    }

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>The loop of the control thread, for what else is to be served beside the daemon's own loop. It ends with <see cref="Dispose"/>.</summary>
    public EventLoop Loop => loop;

    /// <summary>What it has done so far. On the control thread.</summary>
    public ControlFigures Figures => new(connections.Count, refused, cutOff);

    /// <summary>Listens on <paramref name="path"/>; a dead daemon's socket there is replaced.</summary>
    /// <param name="path">The socket's path; its folder must exist.</param>
    /// <param name="post">How to get work onto the daemon's own thread, e.g. <see cref="EventLoop.Post"/>.</param>
    /// <param name="handle">Called by way of <paramref name="post"/> for every command; answers the call, now or later.</param>
    /// <exception cref="ControlException">A live daemon has this path, or there is a file that is no socket.</exception>
    /// <exception cref="LinuxException">The path cannot be made.</exception>
    public static ControlServer Start(string path, Action<Action> post, Action<ControlCall> handle)
    {
        var lockFile = TakeLock(path);
        try
        {
            return new ControlServer(path, lockFile, Listen(path), post, handle);
        }
        catch
        {
            File.Delete(LockPath(path));
            lockFile.Dispose();
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
            foreach (var each in connections.ToArray())
                each.Close();
            loop.Unwatch(listener);
        });
        loop.Stop();
        thread.Join();
        timer.Dispose();
        loop.Dispose();
        File.Delete(Path);
        listener.Dispose();
        // Removed while still locked: whoever comes next either sees it gone or finds out that it is.
        File.Delete(LockPath(Path));
        lockFile.Dispose();
    }

    private static string LockPath(string path) => path + ".lock";

    private static FileDescriptor TakeLock(string path)
    {
        var lockPath = LockPath(path);
        while (true)
        {
            var file = Libc.Open(lockPath, CreateReadWrite, OwnerReadWrite);
            if (file.IsInvalid)
                throw LinuxException.Last("open", lockPath);
            if (Libc.Lock(file, ExclusiveNoWait) != 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                using var held = file;
                throw errno == Errno.TryAgain
                    ? new ControlException($"{path} belongs to a running daemon{Holder(held)}; end it, or name another path with --control", 1)
                    : new LinuxException("flock", errno, lockPath);
            }

            // The daemon before may have removed the file between the two calls: then this lock is one of a file without a name.
            if (!IsUnlinked(file))
            {
                WriteHolder(file);
                return file;
            }

            file.Dispose();
        }
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

    private static unsafe FileDescriptor Listen(string path)
    {
        using var address = new UnixAddress(path);
        var bytes = address.ToBytes();
        RemoveStale(path, bytes);
        var listener = SocketExtensions.OpenSocket(SocketConstants.FamilyUnix, SocketConstants.TypeStream | SocketConstants.NonBlocking, 0, "socket(AF_UNIX)");
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

    private static unsafe void RemoveStale(string path, byte[] address)
    {
        using (var opened = Libc.Open(path, NoWait, 0))
        {
            // Opening tells what it is: a socket cannot be opened.
            var errno = opened.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
            if (errno == Errno.NoSuchFile)
                return;
            if (errno != Errno.NoSuchDeviceOrAddress)
                throw new ControlException($"{path} exists and is not a socket; name another path with --control", 2);
        }

        using var probe = SocketExtensions.OpenSocket(SocketConstants.FamilyUnix, SocketConstants.TypeStream | SocketConstants.NonBlocking, 0, "socket(AF_UNIX)");
        fixed (byte* first = address)
        {
            if (Libc.Connect(probe, first, (uint)address.Length) == 0 || Marshal.GetLastPInvokeError() == Errno.TryAgain)
                throw new ControlException($"another program listens on {path}; name another path with --control", 1);
        }

        File.Delete(path);
    }

    private unsafe void Accept()
    {
        var client = Libc.Accept(listener, null, null, SocketConstants.NonBlocking | SocketConstants.CloseOnExec);
        if (client.IsInvalid)
        {
            // Out of descriptors, for example. The listener stays readable; asked again a second later, it does not keep the thread busy.
            if (Marshal.GetLastPInvokeError() is not (Errno.TryAgain or Errno.Interrupted or Errno.ConnectionAborted))
                PauseAccepting();
        }
        else if (!IsWelcome(client))
        {
            refused++;
            client.Dispose();
        }
        else if (connections.Count >= MostClients)
        {
            refused++;
            Refuse(client);
        }
        else
        {
            connections.Add(new ControlConnection(client, loop, Submit, Wake, Forget));
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
            // One command that goes wrong must not end the daemon; the client gets the whole story.
            call.Fail($"internal error: {broken}");
        }
    });

    private static unsafe void Refuse(FileDescriptor client)
    {
        using (client)
        fixed (byte* first = TooMany)
        {
            _ = Libc.Send(client, first, (nuint)TooMany.Length, SocketConstants.DontWait | SocketConstants.NoSignal);
        }
    }

    private void Forget(ControlConnection connection)
    {
        connections.Remove(connection);
        if (connection.WasCutOff)
            cutOff++;
    }

    private void PauseAccepting()
    {
        acceptAgain = KernelClock.Monotonic + TimeSpan.FromSeconds(1);
        loop.SetInterest(listener, Readiness.None);
        Wake(acceptAgain);
    }

    private void Wake(Instant at)
    {
        if (at < timer.DueAt)
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
                each.CutOff();
            else if (each.Deadline < due)
                due = each.Deadline;
        }

        timer.Set(due);
    }
}

/// <summary>What a control socket has done so far.</summary>
/// <param name="Clients">Clients that are connected now.</param>
/// <param name="Refused">Clients that were refused: too many, or another user.</param>
/// <param name="CutOff">Clients that were cut off because they did not read.</param>
public sealed record ControlFigures(int Clients, long Refused, long CutOff);
