using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;

namespace MulticastLab.Router.Cli;

/// <summary>A command that sends the running router one request and prints its answer.</summary>
internal static class DaemonCommand
{
    /// <summary>Asks and prints.</summary>
    /// <param name="control">The control socket's path as it was given, if it was.</param>
    /// <param name="command">The command's name on the socket.</param>
    /// <param name="writeFields">Writes the other members of the request.</param>
    /// <param name="print">Formats the answer as text.</param>
    /// <returns>The exit code.</returns>
    public static ExitCode Run(string? control, string command, Action<Utf8JsonWriter>? writeFields, Func<JsonElement, string> print) =>
        Reported(() => PrintLine(print(ControlClient.Ask(PathOf(control), command, writeFields).GetAwaiter().GetResult())));

    /// <summary>Asks, and prints what may be long as it comes.</summary>
    /// <param name="control">The control socket's path as it was given, if it was.</param>
    /// <param name="command">The command's name on the socket.</param>
    /// <param name="writeFields">Writes the other members of the request.</param>
    /// <param name="print">Reads the answer, and formats it as text; null for the JSON as it is.</param>
    /// <returns>The exit code.</returns>
    public static ExitCode Run(
        string? control, string command, Action<Utf8JsonWriter>? writeFields, Func<Stream, CancellationToken, ValueTask<string>>? print) =>
        Reported(() => PrintLine(ControlClient.Ask(PathOf(control), command, print ?? Copy, writeFields).GetAwaiter().GetResult()));

    private static string PathOf(string? control) => control ?? ControlPaths.ForClient("router");

    private static void PrintLine(string text)
    {
        if (text.Length > 0)
            Console.Out.WriteLine(text);
    }

    private static async ValueTask<string> Copy(Stream result, CancellationToken cancellation)
    {
        using var reader = new StreamReader(result);
        var buffer = new char[16 * 1024];
        while (await reader.ReadAsync(buffer, cancellation).ConfigureAwait(false) is var read and > 0)
            Console.Out.Write(buffer.AsSpan(0, read));
        Console.Out.WriteLine();
        return "";
    }

    private static ExitCode Reported(Action run)
    {
        try
        {
            run();
            return ExitCode.Ok;
        }
        catch (ControlException refused)
        {
            foreach (var line in refused.Message.Split('\n'))
                Console.Error.WriteLine($"router: {line}");
            return refused.ExitCode;
        }
    }
}
