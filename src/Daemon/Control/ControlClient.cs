using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MulticastLab.Linux.Posix;

namespace MulticastLab.Daemon.Control;

/// <summary>A client of a daemon's control socket. One command at a time; not for several threads at once.</summary>
public sealed class ControlClient : IDisposable
{
    private readonly NetworkStream stream;
    private readonly StreamReader reader;

    private ControlClient(string path, NetworkStream stream)
    {
        Path = path;
        this.stream = stream;
        reader = new StreamReader(stream);
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

    /// <summary>Connects, says one command, and waits for its answer.</summary>
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

    /// <summary>Says a command and waits for its answer.</summary>
    /// <param name="command">The command's name.</param>
    /// <param name="writeFields">Writes the other members of the request's object, if there are any.</param>
    /// <param name="cancellation">Gives up waiting; the connection is of no use then.</param>
    /// <returns>The answer's <c>result</c>; of kind <see cref="JsonValueKind.Undefined"/> when there is none.</returns>
    /// <exception cref="ControlException">The daemon refused, with its words and exit code, or has closed the connection.</exception>
    public async Task<JsonElement> Ask(string command, Action<Utf8JsonWriter>? writeFields = null, CancellationToken cancellation = default)
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
            // It may have said why before it closed: too many clients.
            if (await ReadLine(cancellation).ConfigureAwait(false) is not { } reason)
                throw new ControlException($"{Path}: the daemon has closed the connection: {broken.Message}", broken);
            return ResultOf(reason);
        }

        return ResultOf(await ReadLine(cancellation).ConfigureAwait(false)
            ?? throw ControlException.Failed($"{Path}: the daemon closed the connection without an answer to '{command}'"));
    }

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
        reader.Dispose();
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
            if (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is not { } line)
                return null;
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (IOException)
        {
            // The daemon is gone in the middle of it: for the reader the same as an orderly end.
            return null;
        }
        catch (JsonException foreign)
        {
            throw new ControlException($"{Path}: what answers is not a daemon of this lab: {foreign.Message}", foreign);
        }
    }
}
