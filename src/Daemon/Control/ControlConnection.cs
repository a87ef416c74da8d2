using System.Buffers;
using System.Text.Json;
using MulticastLab.Daemon.Connections;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Control;

/// <summary>
/// One client of a <see cref="ControlServer"/>: lives on the control thread; what other threads may call posts to it.
/// </summary>
internal sealed class ControlConnection : IConnection
{
    /// <summary>How many bytes of lines may be queued for a reader of a stream before it is cut off.</summary>
    public const int LongestBacklog = 4 << 20;

    /// <summary>How long a client may leave its answer unread.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileDescriptor socket;
    private readonly EventLoop loop;
    private readonly Action<ControlCall> submit;
    private readonly Action<Instant> wake;
    private readonly Action<ControlConnection> closed;
    private readonly ArrayBufferWriter<byte> line = new(4096);
    private readonly RequestLines requests = new();
    private readonly Outgoing outgoing;
    private int posted;
    private ControlCall? pending;
    private Action? whenClosed;
    private bool streaming;
    private bool inputEnded;
    private bool finishing;
    private volatile bool isClosed;
    private volatile bool isOverrun;

    public ControlConnection(
        FileDescriptor socket, EventLoop loop, Action<ControlCall> submit, Action<Instant> wake, Action<ControlConnection> closed)
    {
        this.socket = socket;
        this.loop = loop;
        this.submit = submit;
        this.wake = wake;
        this.closed = closed;
        outgoing = new Outgoing(socket);
        loop.Watch(socket, Readiness.Read, OnReady);
    }

    /// <summary>Whether it is closed, or will be as soon as the control thread gets to it. From any thread.</summary>
    public bool IsClosed => isClosed || isOverrun;

    /// <summary>Whether it was closed because its client did not read.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>When this connection is to be closed unless its client reads.</summary>
    public Instant Deadline => outgoing.IsEmpty || isClosed ? Instant.Never : outgoing.ProgressAt + Patience;

    /// <summary>From any thread: the answer to the pending call.</summary>
    public void Answer(Action<Utf8JsonWriter> write, bool stays) => Post(() =>
    {
        if (isClosed)
            return;
        streaming = stays;
        pending = null;
        Send(write);
        if (!stays)
            TakeRequests();
        Settle();
    });

    /// <summary>From any thread: the answer to the pending call, made piece by piece while the client reads.</summary>
    public void Answer(IEnumerable<ReadOnlyMemory<byte>> made) => Post(() =>
    {
        if (isClosed)
            return;
        outgoing.Add(made);
        Flush();
        Settle();
    });

    /// <summary>From any thread: lines of a stream.</summary>
    public void SendLines(ReadOnlyMemory<byte> lines)
    {
        // What waits for this thread counts too: a sender must not be able to outrun it indefinitely.
        if (isOverrun)
            return;
        if (Interlocked.Add(ref posted, lines.Length) > LongestBacklog)
        {
            isOverrun = true;
            Post(CutOff);
            return;
        }

        Post(() =>
        {
            Interlocked.Add(ref posted, -lines.Length);
            Stream(() => Send(lines));
        });
    }

    /// <summary>From any thread: a line of a stream.</summary>
    public void SendLine(Action<Utf8JsonWriter> write) => Post(() => Stream(() => Send(write)));

    /// <summary>From any thread: close when everything is sent.</summary>
    public void Finish() => Post(() =>
    {
        finishing = true;
        Settle();
    });

    /// <summary>From any thread: what to call, on the control thread, when this connection is closed or if it is closed already.</summary>
    public void WhenClosed(Action notify)
    {
        var posted = Post(() =>
        {
            if (isClosed)
                notify();
            else
                whenClosed = notify;
        });
        if (!posted)
            notify();
    }

    /// <summary>Closes because the client does not read. On the control thread.</summary>
    public void CutOff()
    {
        if (isClosed)
            return;
        WasCutOff = true;
        Close();
    }

    /// <summary>Closes at once. On the control thread.</summary>
    public void Close()
    {
        if (isClosed)
            return;
        isClosed = true;
        outgoing.Abandon();
        loop.Unwatch(socket);
        socket.Dispose();
        closed(this);
        whenClosed?.Invoke();
    }

    private bool Post(Action work)
    {
        if (isClosed)
            return false;
        try
        {
            loop.Post(work);
            return true;
        }
        catch (ObjectDisposedException)
        {
            // The server has ended between the two lines, and this connection with it.
            return false;
        }
    }

    private void OnReady(Readiness readiness)
    {
        if ((readiness & Readiness.Read) != 0 && !inputEnded)
            Receive();
        if (!isClosed && (readiness & Readiness.Write) != 0)
            Flush();
        if (!isClosed && (readiness & (Readiness.HangUp | Readiness.Error)) != 0)
            Close();
        else
            Settle();
    }

    private void Receive()
    {
        switch (requests.ReceiveFrom(socket))
        {
            case StreamReception.Bytes:
                TakeRequests();
                break;
            case StreamReception.End:
                inputEnded = true;
                break;
            case StreamReception.Broken:
                Close();
                break;
            case StreamReception.Nothing:
                break;
        }
    }

    private void TakeRequests()
    {
        while (pending is null && !streaming && !finishing && requests.Take() is { } request)
            Take(request);
        if (requests.IsTooLong)
            Refuse($"a request has at most {RequestLines.Longest} bytes");
    }

    private void Take(byte[] request)
    {
        try
        {
            using var document = JsonDocument.Parse(request);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("command", out var command)
                || command.ValueKind != JsonValueKind.String)
            {
                Refuse("a request is a JSON object with a string \"command\"");
                return;
            }

            pending = new ControlCall(this, command.GetString()!, root.Clone());
        }
        catch (JsonException malformed)
        {
            Refuse($"a request is one line of JSON: {malformed.Message}");
            return;
        }

        submit(pending);
    }

    private void Refuse(string error)
    {
        // In the middle of an answer there is no room for another.
        if (outgoing.HasPieces)
        {
            Close();
            return;
        }

        Send(writer => ControlCall.WriteFailure(writer, error, ExitCode.Usage));
        finishing = true;
    }

    private void Stream(Action send)
    {
        if (isClosed || finishing)
            return;
        send();
        if (outgoing.Length > LongestBacklog)
            CutOff();
        else
            Settle();
    }

    private void Send(Action<Utf8JsonWriter> write)
    {
        line.ResetWrittenCount();
        try
        {
            using var writer = new Utf8JsonWriter(line);
            write(writer);
        }
        catch (Exception broken)
        {
            // The client must not wait forever for a line that cannot be produced, nor may the daemon die of it.
            line.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(line);
            ControlCall.WriteFailure(writer, $"internal error: {broken}", ExitCode.Failed);
            finishing = true;
        }

        line.Write("\n"u8);
        Send(line.WrittenSpan.ToArray());
    }

    private void Send(ReadOnlyMemory<byte> bytes)
    {
        outgoing.Add(bytes);
        Flush();
    }

    private void Flush()
    {
        if (isClosed)
            return;
        var hadPieces = outgoing.HasPieces;
        if (!outgoing.Flush())
            Close();
        else if (hadPieces && !outgoing.HasPieces)
            pending = null;
    }

    private void Settle()
    {
        if (isClosed)
            return;
        if (outgoing.IsEmpty && pending is null && !streaming && !requests.IsEmpty && !finishing)
            TakeRequests();
        if (isClosed)
            return;
        if (outgoing.IsEmpty && (finishing || (inputEnded && pending is null && !streaming)))
        {
            Close();
            return;
        }

        // A client that shuts down its side may still read: hang-up is reported without being requested.
        var reading = inputEnded || requests.IsTooLong ? Readiness.None : Readiness.Read;
        loop.SetInterest(socket, reading | (outgoing.IsEmpty ? Readiness.None : Readiness.Write));
        if (!outgoing.IsEmpty)
            wake(Deadline);
    }
}
