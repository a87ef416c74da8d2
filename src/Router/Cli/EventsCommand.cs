using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;

namespace MulticastLab.Router.Cli;

/// <summary><c>router events</c>: one JSON line per change of state, until the router or the reader ends.</summary>
internal static class EventsCommand
{
    private static readonly Option<string?> Control = RouterCommand.ControlOption();

    /// <summary>The command.</summary>
    public static Command Build()
    {
        var command = new Command("events", "Print every change of state as a line of JSON.") { Control };
        command.Does(Run);
        return command;
    }

    private static ExitCode Run(ParseResult arguments)
    {
        using var ended = new CancellationTokenSource();
        using var end = Signals.CatchEnd(_ =>
        {
            ended.Cancel();
            return true;
        });
        try
        {
            Print(arguments.GetValue(Control) ?? ControlPaths.ForClient("router"), ended.Token).GetAwaiter().GetResult();
            return ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Ok;
        }
        catch (ControlException refused)
        {
            Console.Error.WriteLine($"router: {refused.Message}");
            return refused.ExitCode;
        }
    }

    private static async Task Print(string path, CancellationToken cancellation)
    {
        using var client = await ControlClient.Connect(path, cancellation).ConfigureAwait(false);
        await client.Ask("events", null, cancellation).ConfigureAwait(false);
        await foreach (var line in client.Lines(cancellation).ConfigureAwait(false))
            await Console.Out.WriteLineAsync(line.GetRawText().AsMemory(), cancellation).ConfigureAwait(false);
    }
}
