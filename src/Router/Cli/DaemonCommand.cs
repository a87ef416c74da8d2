using System.Text.Json;
using MulticastLab.Daemon;
using MulticastLab.Daemon.Control;

namespace MulticastLab.Router.Cli;

/// <summary>A command that asks the running router one thing and prints its answer.</summary>
internal static class DaemonCommand
{
    /// <summary>Asks and prints.</summary>
    /// <param name="control">The control socket's path as it was given, if it was.</param>
    /// <param name="command">The command's name on the socket.</param>
    /// <param name="writeFields">Writes the other members of the request.</param>
    /// <param name="print">Makes text of the answer.</param>
    /// <returns>The exit code.</returns>
    public static ExitCode Run(string? control, string command, Action<Utf8JsonWriter>? writeFields, Func<JsonElement, string> print)
    {
        try
        {
            var text = print(ControlClient.Ask(control ?? ControlPaths.ForClient("router"), command, writeFields).GetAwaiter().GetResult());
            if (text.Length > 0)
                Console.Out.WriteLine(text);
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
