using System.Text.Json;
using MulticastLab.Daemon.Control;
using MulticastLab.Daemon.State;
using MulticastLab.Membership.State;
using MulticastLab.Router.Cli;

namespace MulticastLab.Router.Shell;

/// <summary>What a shell's commands work with: the router's control socket and the place for what they print.</summary>
/// <param name="control">The control socket's path.</param>
/// <param name="output">Where commands print.</param>
internal sealed class ShellSession(string control, TextWriter output) : ILiveValues
{
    private volatile Action? interrupt;

    /// <summary>The control socket's path.</summary>
    public string ControlPath => control;

    /// <summary>The lines of this and earlier sessions.</summary>
    public History History { get; init; } = new(null);

    /// <summary>Whether the user has quit.</summary>
    public bool Ended { get; set; }

    /// <summary>Prints a text and ends the line.</summary>
    public void Print(string text) => output.WriteLine(text);

    /// <summary>Asks the router. Every command opens a new connection, so a restart of the router does no harm.</summary>
    /// <exception cref="ControlException">The router refuses, or is not there.</exception>
    public JsonElement Ask(string command, Action<Utf8JsonWriter>? writeFields = null) =>
        ControlClient.Ask(control, command, writeFields).GetAwaiter().GetResult();

    /// <summary>The same for an answer that may be long, which is read as it comes.</summary>
    /// <exception cref="ControlException">The router refuses, or is not there.</exception>
    public T Ask<T>(
        string command, Func<Stream, CancellationToken, ValueTask<T>> read, Action<Utf8JsonWriter>? writeFields = null) =>
        ControlClient.Ask(control, command, read, writeFields).GetAwaiter().GetResult();

    /// <summary>The router's state.</summary>
    /// <exception cref="ControlException">The router refuses, or is not there.</exception>
    public RouterState State() => Ask("show", RouterStateJson.Read);

    /// <summary>The router's state without its groups, which may be many.</summary>
    /// <exception cref="ControlException">The router refuses, or is not there.</exception>
    public RouterState Summary() => Ask("show", RouterStateJson.Read, ControlRequests.Summary);

    /// <summary>The lines that the router sends to a command, until <see cref="Interrupt"/> or the router ends them.</summary>
    /// <exception cref="ControlException">The router refuses, or is not there.</exception>
    public IEnumerable<JsonElement> Stream(string command)
    {
        using var interrupted = new CancellationTokenSource();
        using var until = Interruptible(interrupted.Cancel);
        using var client = ControlClient.Connect(control).GetAwaiter().GetResult();
        client.Ask(command).GetAwaiter().GetResult();
        var lines = client.Lines(interrupted.Token).GetAsyncEnumerator(interrupted.Token);
        while (Next(lines))
            yield return lines.Current;
    }

    /// <summary>Has <see cref="Interrupt"/> end the running command, until the result is disposed.</summary>
    public IDisposable Interruptible(Action end)
    {
        interrupt = end;
        return new Uninterruptible(this);
    }

    /// <summary>Ends the running command if it is a continuous one. From any thread.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Interrupt()
    {
        try
        {
            var end = interrupt;
            end?.Invoke();
            return end is not null;
        }
        catch (ObjectDisposedException)
        {
            // It has ended between the two lines.
            return true;
        }
    }

    IEnumerable<string> ILiveValues.Interfaces() => Live(Summary, state => state.Interfaces.Select(each => each.Name));

    IEnumerable<string> ILiveValues.Groups() =>
        Live(State, state => state.Interfaces.SelectMany(each => each.Groups).Select(each => each.Group.ToString()).Distinct());

    private static bool Next(IAsyncEnumerator<JsonElement> lines)
    {
        try
        {
            return lines.MoveNextAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string[] Live(Func<RouterState> read, Func<RouterState, IEnumerable<string>> values)
    {
        try
        {
            return [.. values(read())];
        }
        catch (ControlException)
        {
            // Completion is only an aid; that the router is not there will be reported when a command is run.
            return [];
        }
    }

    private sealed class Uninterruptible(ShellSession session) : IDisposable
    {
        public void Dispose() => session.interrupt = null;
    }
}
