using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Packets;

namespace MulticastLab.HostAgent.Commands;

/// <summary>
/// <c>hostagent receive</c>: joins a group, prints what arrives, and at the end a report. With a running agent of the user stack the agent
/// listens for it, as that stack's memberships are the agent's; otherwise it uses a socket of this process and a kernel membership.
/// </summary>
internal static class ReceiveCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var target = Arguments.GroupPort();
        var include = Arguments.Sources("--include", "Only these sources; default all.");
        var count = Arguments.Number("--count", "Ends after that many datagrams; by default on a signal.", 1, long.MaxValue);
        var json = Arguments.Json();
        var interfaceName = Arguments.Interface(
            "The interface to listen on, with the kernel's stack; default the running agent's, with its stack.");
        var control = Arguments.Control();
        var command = new Command("receive", "Receives numbered datagrams of a group and reports loss, duplicates, order and gaps.")
        {
            target, include, count, json, interfaceName, control,
        };
        command.Does(parsed =>
        {
            var (group, port) = parsed.GetValue(target);
            var filter = parsed.GetValue(include) is { Length: > 0 } sources
                ? SourceFilter.Of(FilterMode.Include, sources)
                : SourceFilter.AnySource;
            ListenRules.Check(group, filter);
            var request = new ReceiveRequest(group, port, filter, (ulong?)parsed.GetValue(count), parsed.GetValue(json));
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return parsed.GetValue(interfaceName) is null && ByAgent(parsed.GetValue(control))
                ? AgentReception.Run(request, parsed.GetValue(control), output, error)
                : OwnReception.Run(
                    request, SendCommand.OutInterface(parsed.GetValue(interfaceName), parsed.GetValue(control)), output, error);
        });
        return command;
    }

    private static bool ByAgent(string? control) =>
        File.Exists(Arguments.ControlPath(control)) && AgentClient.State(control).Stack == "user";
}
