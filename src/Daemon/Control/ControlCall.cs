using System.Text.Json;

namespace MulticastLab.Daemon.Control;

/// <summary>
/// One command from a client, to be answered once: at once or later, from any thread. What writes the answer's JSON runs on the
/// control thread, so it must read only values that no longer change.
/// </summary>
public sealed class ControlCall
{
    private readonly ControlConnection connection;
    private int answered;

    internal ControlCall(ControlConnection connection, string command, JsonElement request)
    {
        this.connection = connection;
        Command = command;
        Request = request;
    }

    /// <summary>The request's <c>command</c>.</summary>
    public string Command { get; }

    /// <summary>The whole request, an object.</summary>
    public JsonElement Request { get; }

    /// <summary>Answers <c>{"ok":true,"result":…}</c>; without a result <c>{"ok":true}</c>.</summary>
    /// <exception cref="InvalidOperationException">The call has been answered.</exception>
    public void Succeed(Action<Utf8JsonWriter>? writeResult = null)
    {
        Claim();
        connection.Answer(writer => WriteSuccess(writer, writeResult), stays: false);
    }

    /// <summary>
    /// Answers <c>{"ok":true,"result":…}</c> with a result that is made while the client reads it, so that its length costs no memory.
    /// </summary>
    /// <param name="result">The pieces of one JSON value, made on the control thread; each is sent before the next one is asked
    /// for.</param>
    /// <exception cref="InvalidOperationException">The call has been answered.</exception>
    public void Succeed(IEnumerable<ReadOnlyMemory<byte>> result)
    {
        Claim();
        connection.Answer(Framed(result));
    }

    /// <summary>Answers <c>{"ok":false,"error":…,"exit":…}</c>.</summary>
    /// <param name="error">What is wrong, in human-readable form.</param>
    /// <param name="exitCode">How the client's process is to end.</param>
    /// <exception cref="InvalidOperationException">The call has been answered.</exception>
    public void Fail(string error, ExitCode exitCode = ExitCode.Failed)
    {
        Claim();
        connection.Answer(writer => WriteFailure(writer, error, exitCode), stays: false);
    }

    /// <summary>Answers <c>{"ok":true}</c> and keeps the connection open for lines to come.</summary>
    /// <exception cref="InvalidOperationException">The call has been answered.</exception>
    public ControlStream Stream()
    {
        Claim();
        connection.Answer(writer => WriteSuccess(writer, null), stays: true);
        return new ControlStream(connection);
    }

    /// <summary>Whether the call has been answered.</summary>
    internal bool IsAnswered => Volatile.Read(ref answered) != 0;

    // An answer is framed by hand: its result is written by others, piece by piece if it is long.
    internal static void WriteFailure(Utf8JsonWriter writer, string error, ExitCode exitCode)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", false);
        writer.WriteString("error", error);
        writer.WriteNumber("exit", (int)exitCode);
        writer.WriteEndObject();
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Framed(IEnumerable<ReadOnlyMemory<byte>> result)
    {
        yield return "{\"ok\":true,\"result\":"u8.ToArray();
        foreach (var piece in result)
            yield return piece;
        yield return "}\n"u8.ToArray();
    }

    private static void WriteSuccess(Utf8JsonWriter writer, Action<Utf8JsonWriter>? writeResult)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", true);
        if (writeResult is not null)
        {
            writer.WritePropertyName("result");
            writeResult(writer);
        }

        writer.WriteEndObject();
    }

    private void Claim()
    {
        if (Interlocked.Exchange(ref answered, 1) != 0)
            throw new InvalidOperationException($"The command '{Command}' has been answered already.");
    }
}

/// <summary>The lines that follow an answer, until either side closes. Safe from any thread; never waits.</summary>
public sealed class ControlStream
{
    private readonly ControlConnection connection;

    internal ControlStream(ControlConnection connection) => this.connection = connection;

    /// <summary>False when the client is gone, or was cut off because it did not read.</summary>
    public bool IsOpen => !connection.IsClosed;

    /// <summary>
    /// Calls <paramref name="notify"/> once when the connection is closed by either side; it runs on the control thread, or here when that
    /// is so already.
    /// </summary>
    public void WhenClosed(Action notify) => connection.WhenClosed(notify);

    /// <summary>Sends one line of JSON. <paramref name="write"/> runs later, on the control thread.</summary>
    public void Send(Action<Utf8JsonWriter> write) => connection.SendLine(write);

    /// <summary>
    /// Sends whole lines, made already, to be shared by several readers. What a reader has no room for any more cuts it off.
    /// </summary>
    public void Send(ReadOnlyMemory<byte> lines) => connection.SendLines(lines);

    /// <summary>Sends what is waiting and closes the connection.</summary>
    public void Close() => connection.Finish();
}
