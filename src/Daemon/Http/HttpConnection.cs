using MulticastLab.Daemon.Connections;
using MulticastLab.Linux.Posix;
using MulticastLab.Packets;

namespace MulticastLab.Daemon.Http;

/// <summary>One client of an <see cref="HttpServer"/>: one request, one answer, the end. Lives on the server's thread.</summary>
internal sealed class HttpConnection : IConnection
{
    /// <summary>How long a client may take for its request, and again for its answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int MostDiscarded = 64 * 1024;
    private const int StopSending = 1; // SHUT_WR

    private readonly FileDescriptor socket;
    private readonly EventLoop loop;
    private readonly Action<HttpCall> handle;
    private readonly Action<HttpConnection> closed;
    private readonly Outgoing outgoing;
    private readonly byte[] incoming = new byte[HttpRequest.LongestHead];
    private int incomingLength;
    private int discarded;
    private bool asked;
    private bool headOnly;
    private bool answered;
    private bool sent;
    private bool inputEnded;
    private bool isClosed;

    public HttpConnection(FileDescriptor socket, EventLoop loop, Action<HttpCall> handle, Action<HttpConnection> closed)
    {
        this.socket = socket;
        this.loop = loop;
        this.handle = handle;
        this.closed = closed;
        outgoing = new Outgoing(socket);
        Deadline = KernelClock.Monotonic + Patience;
        loop.Watch(socket, Readiness.Read, OnReady);
    }

    /// <summary>When this connection is closed, however far it has come.</summary>
    public Instant Deadline { get; private set; }

    /// <summary>From any thread: the answer to the request.</summary>
    public void Answer(Func<HttpAnswer> make)
    {
        try
        {
            loop.Post(() =>
            {
                if (!isClosed && !answered)
                    Send(Made(make));
            });
        }
        catch (ObjectDisposedException)
        {
            // The server has ended, and this connection with it.
        }
    }

    /// <inheritdoc/>
    public void CutOff() => Close();

    /// <inheritdoc/>
    public void Close()
    {
        if (isClosed)
            return;
        isClosed = true;
        loop.Unwatch(socket);
        socket.Dispose();
        closed(this);
    }

    private static HttpAnswer Made(Func<HttpAnswer> make)
    {
        try
        {
            return make();
        }
#pragma warning disable CA1031 // A page that cannot be produced must not end the daemon; the client is told.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            return HttpAnswer.Refusal(500, $"internal error: {broken.Message}");
        }
    }

    private void OnReady(Readiness readiness)
    {
        if ((readiness & Readiness.Read) != 0)
        {
            if (asked)
                Discard();
            else
                Receive();
        }

        if (!isClosed && answered && (readiness & Readiness.Write) != 0)
            Flush();
        if (!isClosed && (readiness & (Readiness.HangUp | Readiness.Error)) != 0)
            Close();
    }

    private void Receive()
    {
        switch (socket.Receive(incoming.AsSpan(incomingLength), out var count))
        {
            case StreamReception.Bytes:
                incomingLength += count;
                TakeRequest();
                break;
            case StreamReception.End or StreamReception.Broken:
                Close();
                break;
            case StreamReception.Nothing:
                break;
        }
    }

    private void TakeRequest()
    {
        var end = HttpRequest.EndOfHead(incoming.AsSpan(0, incomingLength));
        if (end < 0)
        {
            if (incomingLength == incoming.Length)
                Refuse(HttpAnswer.Refusal(431, $"a request's head has at most {HttpRequest.LongestHead} bytes"));
            return;
        }

        var (request, refusal) = HttpRequest.Read(incoming.AsSpan(0, end));
        if (refusal is not null)
        {
            Refuse(refusal);
            return;
        }

        asked = true;
        headOnly = request!.Method == "HEAD";
        handle(new HttpCall(this, request.Path));
    }

    private void Refuse(HttpAnswer refusal)
    {
        asked = true;
        Send(refusal);
    }

    private void Send(HttpAnswer answer)
    {
        answered = true;
        outgoing.Add(answer.Head);
        if (!headOnly)
            outgoing.Add(answer.Body);
        Deadline = KernelClock.Monotonic + Patience;
        Flush();
    }

    private void Flush()
    {
        if (!outgoing.Flush())
        {
            Close();
            return;
        }

        if (!outgoing.IsEmpty)
        {
            loop.SetInterest(socket, Readiness.Write | (inputEnded ? Readiness.None : Readiness.Read));
            return;
        }

        sent = true;
        if (inputEnded)
        {
            Close();
            return;
        }

        // Closing with unread data resets the connection, which may cost the client the answer: this side is shut down first.
        _ = Libc.Shutdown(socket, StopSending);
        loop.SetInterest(socket, Readiness.Read);
    }

    private void Discard()
    {
        var found = socket.Receive(incoming, out var count);
        discarded += count;
        // The client's end of stream; or it sends more than is accepted.
        if (found == StreamReception.Broken || discarded > MostDiscarded || (found == StreamReception.End && sent))
        {
            Close();
        }
        else if (found == StreamReception.End)
        {
            // It has shut down its side and still reads.
            inputEnded = true;
            loop.SetInterest(socket, answered ? Readiness.Write : Readiness.None);
        }
    }
}
