using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MulticastLab.Daemon;

namespace MulticastLab.HostAgent.Commands;

/// <summary><c>hostagent show [--json]</c>: the reception state.</summary>
internal static class ShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var json = Arguments.Json();
        var control = Arguments.Control();
        var command = new Command("show", "Shows the reception state: groups, filter modes, sources.") { json, control };
        command.Does(parsed =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var state = AgentClient.Ask(parsed.GetValue(control), "show");
            if (parsed.GetValue(json))
            {
                output.WriteLine(state.GetRawText());
                return ExitCode.Ok;
            }

            output.WriteLine(
                $"{state.GetProperty("interface").GetString()}, {state.GetProperty("stack").GetString()} stack, IGMP version "
                    + $"{state.GetProperty("compatibility-mode").GetInt32()}{Until(state)}");
            foreach (var group in state.GetProperty("groups").EnumerateArray())
                output.WriteLine($"  {AgentClient.Line(group)}");
            foreach (var difference in state.GetProperty("differences").EnumerateArray())
                parsed.InvocationConfiguration.Error.WriteLine($"hostagent: the kernel differs: {difference.GetString()}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Until(JsonElement state) => state.TryGetProperty("compatibility-mode-expires-ms", out var left)
        ? string.Create(CultureInfo.InvariantCulture, $" for {left.GetInt64() / 1000} s more, as an older querier is there")
        : "";
}
