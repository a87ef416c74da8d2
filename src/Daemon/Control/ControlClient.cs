using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Control;

/// <summary>A client of a daemon's control socket. One command at a time; not for several threads at once.</summary>
public sealed class ControlClient : IDisposable
{
    private static readonly byte[] Success = "{\"ok\":true,\"result\":"u8.ToArray();

    private readonly NetworkStream stream;
    private readonly LineReader reader;

    private ControlClient(string path, NetworkStream stream)
    {
        Path = path;
        this.stream = stream;
        reader = new LineReader(stream);
    }

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>Connects to the daemon that listens on <paramref name="path"/>.</summary>
    /// <exception cref="ControlException">Nobody listens there, or access is refused.</exception>
    public static async Task<ControlClient> Connect(string path, CancellationToken cancellation = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            using var address = new UnixAddress(path);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.Text), cancellation).ConfigureAwait(false);
            return new ControlClient(path, new NetworkStream(socket, ownsSocket: true));
        }
        catch (Exception refused) when (refused is SocketException or LinuxException)
        {
            socket.Dispose();
            throw new ControlException(Explain(path, refused), refused);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects, sends one command, and waits for its answer.</summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="writeFields">Writes the other members of the request's object, if there are any.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The answer's <c>result</c>; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</returns>
    /// <exception cref="ControlException">Nobody listens there, or the daemon refused.</exception>
    public static async Task<JsonElement> Ask(
        string path, string command, Action<Utf8JsonWriter>? writeFields = null, CancellationToken cancellation = default)
    {
        using var client = await Connect(path, cancellation).ConfigureAwait(false);
        return await client.Ask(command, writeFields, cancellation).ConfigureAwait(false);
    }

    /// <summary>Connects, sends one command, and reads its result as it comes.</summary>
    /// <inheritdoc cref="Ask{T}(string, Func{Stream, CancellationToken, ValueTask{T}}, Action{Utf8JsonWriter}?, CancellationToken)"/>
    /// <exception cref="ControlException">Nobody listens there, or the same as when it is asked by a client that is connected.</exception>
    public static async Task<T> Ask<T>(
        string path, string command, Func<Stream, CancellationToken, ValueTask<T>> read, Action<Utf8JsonWriter>? writeFields = null,
        CancellationToken cancellation = default)
    {
        using var client = await Connect(path, cancellation).ConfigureAwait(false);
        return await client.Ask(command, read, writeFields, cancellation).ConfigureAwait(false);
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <param name="command">The command's name.</param>
    /// <param name="writeFields">Writes the other members of the request's object, if there are any.</param>
    /// <param name="cancellation">Gives up waiting; the connection is unusable then.</param>
    /// <returns>The answer's <c>result</c>; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</returns>
    /// <exception cref="ControlException">The daemon refused, with its words and exit code, or has closed the connection.</exception>
    public async Task<JsonElement> Ask(string command, Action<Utf8JsonWriter>? writeFields = null, CancellationToken cancellation = default)
    {
        await Say(command, writeFields, cancellation).ConfigureAwait(false);
        return ResultOf(await ReadAnswer(command, cancellation).ConfigureAwait(false));
    }

    /// <summary>Sends a command, and reads its result as it comes: a long one takes no memory beyond what is made of it.</summary>
    /// <param name="command">The command's name.</param>
    /// <param name="read">Reads the result, one JSON value in UTF-8, to its end.</param>
    /// <param name="writeFields">Writes the other members of the request's object, if there are any.</param>
    /// <param name="cancellation">Gives up waiting; the connection is unusable then.</param>
    /// <exception cref="ControlException">
    /// The daemon refused, with its words and exit code, or has closed the connection, or <paramref name="read"/> has found the result
    /// wrong (a
    /// <see cref="FormatException"/> or <see cref="JsonException"/>).
    /// </exception>
    public async Task<T> Ask<T>(
        string command, Func<Stream, CancellationToken, ValueTask<T>> read, Action<Utf8JsonWriter>? writeFields = null,
        CancellationToken cancellation = default)
    {
        await Say(command, writeFields, cancellation).ConfigureAwait(false);
        var begins = await reader.Peek(Success.Length, cancellation).ConfigureAwait(false);
        if (!begins.Span.StartsWith(Success))
        {
            ResultOf(await ReadAnswer(command, cancellation).ConfigureAwait(false));
            throw ControlException.Failed($"{Path}: the answer to '{command}' has no result");
        }

        reader.Skip(Success.Length);
        try
        {
            using var result = new ResultStream(reader);
            var value = await read(result, cancellation).ConfigureAwait(false);
            await reader.Read(cancellation).ConfigureAwait(false);
            return value;
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            throw new ControlException($"{Path}: the answer to '{command}' is broken off or wrong: {wrong.Message}", wrong);
        }
    }

    private async Task Say(string command, Action<Utf8JsonWriter>? writeFields, CancellationToken cancellation)
    {
        var request = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(request))
        {
            writer.WriteStartObject();
            writer.WriteString("command", command);
            writeFields?.Invoke(writer);
            writer.WriteEndObject();
        }

        request.Write("\n"u8);
        try
        {
            await stream.WriteAsync(request.WrittenMemory, cancellation).ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            // It may have said why before it closed (too many clients); then that is the answer that is read next.
            if ((await reader.Peek(1, cancellation).ConfigureAwait(false)).IsEmpty)
                throw new ControlException($"{Path}: the daemon has closed the connection: {broken.Message}", broken);
        }
    }

    private async Task<JsonElement> ReadAnswer(string command, CancellationToken cancellation) =>
        await ReadLine(cancellation).ConfigureAwait(false)
        ?? throw ControlException.Failed($"{Path}: the daemon closed the connection without an answer to '{command}'");

    private static JsonElement ResultOf(JsonElement answer)
    {
        if (answer.GetProperty("ok").GetBoolean())
            return answer.TryGetProperty("result", out var result) ? result : default;
        throw new ControlException(answer.GetProperty("error").GetString()!, (ExitCode)answer.GetProperty("exit").GetInt32());
    }

    /// <summary>The lines that follow the answer to a streaming command, until the daemon closes.</summary>
    public async IAsyncEnumerable<JsonElement> Lines([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (await ReadLine(cancellation).ConfigureAwait(false) is { } line)
            yield return line;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
    }

    private static string Explain(string path, Exception refused) => refused switch
    {
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => $"no daemon to ask: there is no {path}",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => $"no daemon to ask: nobody listens on {path}",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"{path} belongs to another user",
        _ => $"no daemon to ask at {path}: {refused.Message}",
    };

    private async Task<JsonElement?> ReadLine(CancellationToken cancellation)
    {
        try
        {
            if (await reader.Read(cancellation).ConfigureAwait(false) is not { } line)
                return null;
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException foreign)
        {
            throw new ControlException($"{Path}: what answers is not a daemon of this lab: {foreign.Message}", foreign);
        }
    }
}
