using System.CommandLine;
using System.Globalization;
using MulticastLab.Daemon;
using MulticastLab.Daemon.State;

namespace MulticastLab.HostAgent.Commands;

/// <summary><c>hostagent show [--json]</c>: the reception state.</summary>
internal static class ShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var json = Arguments.Json();
        var control = Arguments.Control();
        var command = new Command("show", "Shows the reception state: groups, filter modes, sources, sockets.") { json, control };
        command.Does(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var answer = AgentClient.Ask(parsed.GetValue(control), "show");
            if (parsed.GetValue(json))
            {
                output.WriteLine(answer.GetRawText());
                return ExitCode.Ok;
            }

            var state = ReceptionStateJson.Read(answer);
            output.WriteLine($"{state.Interface}, {state.Stack} stack, IGMP version {state.CompatibilityMode}{Until(state)}");
            foreach (var group in state.Groups)
            {
                output.WriteLine($"  {AgentClient.Line(group)}");
                foreach (var socket in state.Sockets.Where(each => each.Group == group.Group))
                    output.WriteLine($"    socket {socket.Socket} {socket.Filter}");
            }

            foreach (var difference in state.Differences)
                parsed.InvocationConfiguration.Error.WriteLine($"hostagent: the kernel differs: {difference}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Until(StackState state) => state.CompatibilityModeExpires is { } left
        ? string.Create(CultureInfo.InvariantCulture, $" for {left / 1000} s more, as an older querier is there")
        : "";
}
