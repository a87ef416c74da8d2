using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Linux.Control;

/// <summary>One client of a <see cref="ControlServer"/>: lives on the control thread; what is public to other threads posts there.</summary>
internal sealed class ControlConnection
{
    /// <summary>The longest request line: a host's join with some ten thousand sources.</summary>
    public const int LongestRequest = 1 << 20;

    /// <summary>How many bytes of lines may wait for a reader of a stream before it is cut off.</summary>
    public const int LongestBacklog = 4 << 20;

    private const int PiecesPerTurn = 32;

    /// <summary>How long a client may leave its answer unread.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileDescriptor socket;
    private readonly EventLoop loop;
    private readonly Action<ControlCall> submit;
    private readonly Action<Instant> wake;
    private readonly Action<ControlConnection> closed;
    private readonly ArrayBufferWriter<byte> line = new(4096);
    private readonly Queue<ReadOnlyMemory<byte>> outgoing = new();
    private IEnumerator<ReadOnlyMemory<byte>>? pieces;
    private int posted;
    private byte[] incoming = new byte[4096];
    private int incomingLength;
    private int outgoingLength;
    private int firstSent;
    private Instant progressAt;
    private ControlCall? pending;
    private Action? whenClosed;
    private bool streaming;
    private bool inputEnded;
    private bool finishing;
    private volatile bool isClosed;

    public ControlConnection(FileDescriptor socket, EventLoop loop, Action<ControlCall> submit, Action<Instant> wake, Action<ControlConnection> closed)
    {
        this.socket = socket;
        this.loop = loop;
        this.submit = submit;
        this.wake = wake;
        this.closed = closed;
        loop.Watch(socket, Readiness.Read, OnReady);
    }

    public bool IsClosed => isClosed;

    /// <summary>Whether it was closed because its client did not read.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>When this connection is to be closed unless its client reads.</summary>
    public Instant Deadline => !HasOutgoing || isClosed ? Instant.Never : progressAt + Patience;

    /// <summary>From any thread: the answer to the pending call.</summary>
    public void Answer(Action<Utf8JsonWriter> write, bool stays) => Post(() =>
    {
        if (isClosed)
            return;
        streaming = stays;
        pending = null;
        Queue(write);
        if (!stays)
            TakeRequests();
        Settle();
    });

    /// <summary>From any thread: the answer to the pending call, made piece by piece while the client reads.</summary>
    public void Answer(IEnumerable<ReadOnlyMemory<byte>> made) => Post(() =>
    {
        if (isClosed)
            return;
        pieces = made.GetEnumerator();
        if (outgoingLength == 0)
            progressAt = KernelClock.Monotonic;
        Flush();
        Settle();
    });

    /// <summary>From any thread: lines of a stream.</summary>
    public void SendLines(ReadOnlyMemory<byte> lines)
    {
        // What waits for this thread counts too: the one who sends must not be able to get ahead of it for ever.
        if (Interlocked.Add(ref posted, lines.Length) > LongestBacklog)
        {
            Post(CutOff);
            return;
        }

        Post(() =>
        {
            Interlocked.Add(ref posted, -lines.Length);
            if (isClosed || finishing)
                return;
            Enqueue(lines);
            if (outgoingLength > LongestBacklog)
                CutOff();
            else
                Settle();
        });
    }

    /// <summary>From any thread: a line of a stream.</summary>
    public void SendLine(Action<Utf8JsonWriter> write) => Post(() => Stream(write));

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

    private bool HasOutgoing => outgoingLength > 0 || pieces is not null;

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
        pieces?.Dispose();
        pieces = null;
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

    private unsafe void Receive()
    {
        if (incomingLength == incoming.Length)
            Array.Resize(ref incoming, incoming.Length * 2);
        nint received;
        fixed (byte* free = &incoming[incomingLength])
            received = Libc.Receive(socket, free, (nuint)(incoming.Length - incomingLength), SocketConstants.DontWait);
        if (received > 0)
        {
            incomingLength += (int)received;
            TakeRequests();
        }
        else if (received == 0)
        {
            inputEnded = true;
        }
        else if (Marshal.GetLastPInvokeError() is not (Errno.TryAgain or Errno.Interrupted))
        {
            Close();
        }
    }

    private void TakeRequests()
    {
        while (pending is null && !streaming && !finishing)
        {
            var end = incoming.AsSpan(0, incomingLength).IndexOf((byte)'\n');
            if (end < 0)
                break;
            var request = incoming.AsSpan(0, end).ToArray();
            incoming.AsSpan(end + 1, incomingLength - end - 1).CopyTo(incoming);
            incomingLength -= end + 1;
            Take(request);
        }

        if (incomingLength > LongestRequest)
            Refuse($"a request has at most {LongestRequest} bytes");
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
        // In the middle of an answer there is no place for another.
        if (pieces is not null)
        {
            Close();
            return;
        }

        Queue(writer => ControlCall.WriteFailure(writer, error, 2));
        finishing = true;
    }

    private void Stream(Action<Utf8JsonWriter> write)
    {
        if (isClosed || finishing)
            return;
        Queue(write);
        if (outgoingLength > LongestBacklog)
            CutOff();
        else
            Settle();
    }

    private void Queue(Action<Utf8JsonWriter> write)
    {
        line.ResetWrittenCount();
        try
        {
            using var writer = new Utf8JsonWriter(line);
            write(writer);
        }
        catch (Exception broken)
        {
            // The client must not wait for ever for a line that cannot be made, nor may the daemon die of it.
            line.ResetWrittenCount();
            using var writer = new Utf8JsonWriter(line);
            ControlCall.WriteFailure(writer, $"internal error: {broken}", 1);
            finishing = true;
        }

        line.Write("\n"u8);
        Enqueue(line.WrittenSpan.ToArray());
    }

    private void Enqueue(ReadOnlyMemory<byte> bytes)
    {
        if (outgoingLength == 0)
            progressAt = KernelClock.Monotonic;
        outgoing.Enqueue(bytes);
        outgoingLength += bytes.Length;
        Flush();
    }

    private unsafe void Flush()
    {
        // A reader that keeps up must not keep the others from their turn: what is left goes when the loop comes round again.
        for (var turn = 0; turn < PiecesPerTurn && !isClosed && Next(out var first); turn++)
        {
            nint sent;
            fixed (byte* rest = first.Span[firstSent..])
                sent = Libc.Send(socket, rest, (nuint)(first.Length - firstSent), SocketConstants.DontWait | SocketConstants.NoSignal);
            if (sent < 0)
            {
                if (Marshal.GetLastPInvokeError() is not (Errno.TryAgain or Errno.Interrupted))
                    Close();
                return;
            }

            progressAt = KernelClock.Monotonic;
            outgoingLength -= (int)sent;
            firstSent += (int)sent;
            if (firstSent < first.Length)
                continue;
            outgoing.Dequeue();
            firstSent = 0;
        }
    }

    private bool Next(out ReadOnlyMemory<byte> first)
    {
        while (!outgoing.TryPeek(out first) || first.IsEmpty)
        {
            if (outgoing.TryDequeue(out _))
                continue;
            if (!Produce())
                return false;
        }

        return true;
    }

    private bool Produce()
    {
        try
        {
            if (pieces is null)
                return false;
            if (pieces.MoveNext())
            {
                outgoing.Enqueue(pieces.Current);
                outgoingLength += pieces.Current.Length;
                return true;
            }
        }
#pragma warning disable CA1031 // Half the answer is gone: there is nothing left to say to the client, and the daemon must not die of it.
        catch (Exception)
#pragma warning restore CA1031
        {
            Close();
            return false;
        }

        pieces.Dispose();
        pieces = null;
        pending = null;
        return false;
    }

    private void Settle()
    {
        if (isClosed)
            return;
        if (!HasOutgoing && pending is null && !streaming && incomingLength > 0 && !finishing)
            TakeRequests();
        if (isClosed)
            return;
        if (!HasOutgoing && (finishing || (inputEnded && pending is null && !streaming)))
        {
            Close();
            return;
        }

        // A client that ends its side may still read: hang-up is reported without being asked for.
        var reading = inputEnded || incomingLength > LongestRequest ? Readiness.None : Readiness.Read;
        loop.SetInterest(socket, reading | (HasOutgoing ? Readiness.Write : Readiness.None));
        if (HasOutgoing)
            wake(Deadline);
    }
}
