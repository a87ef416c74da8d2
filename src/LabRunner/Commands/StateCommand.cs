using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner state NODE</c>: what a router or a host knows.</summary>
internal static class StateCommand
{
    public static Command Create(Terminal terminal)
    {
        var node = LabSelection.Node();
        var lab = LabSelection.Option();
        var json = Common.Json("JSON with the names of RFC 8652 on standard output");
        return new Command("state", "Show what a router or a host knows") { node, lab, json }.Does(terminal, async (parsed, cancellation) =>
        {
            var record = LabSelection.Enter(parsed.GetValue(lab));
            var chosen = LabSelection.NodeOf(record, parsed.GetRequiredValue(node));
            var running = await RealEngine.Attach(record, cancellation).ConfigureAwait(false);
            await using (running.ConfigureAwait(false))
            {
                if (chosen.HasRouterState)
                    await ShowRouter(terminal, running, chosen.Name, parsed.GetValue(json), cancellation).ConfigureAwait(false);
                else if (chosen.HasHostAgent)
                    await ShowHost(terminal, running, chosen.Name, parsed.GetValue(json), cancellation).ConfigureAwait(false);
                else if (chosen.Device is { } device)
                    throw new CommandException(ExitCode.Usage, $"{chosen.Name} is the device {Path.GetFileName(device.Folder)}, which has "
                        + "no state to ask for");
                else
                    throw new CommandException(ExitCode.Usage, $"{chosen.Name} is neither a router nor a host", $"{Invocation.Name} exec "
                        + $"{chosen.Name} -- ip -d link");
                return ExitCode.Ok;
            }
        });
    }

    /// <summary>Shows a host's groups.</summary>
    public static async Task ShowHost(Terminal terminal, IRunningLab lab, string host, bool asJson, CancellationToken cancellation)
    {
        var state = await lab.HostState(host, cancellation).ConfigureAwait(false);
        if (asJson)
            terminal.WriteJson(new HostDocument(host, LabStates.Documents(state)), DocumentContext.Default.HostDocument);
        else if (state.Count == 0)
            terminal.Write($"{OutsideText.Markup(host)} listens to no group.");
        else
            NodeTables.Hosts([(host, state)]).WriteTo(terminal);
    }

    private static async Task ShowRouter(Terminal terminal, IRunningLab lab, string router, bool asJson, CancellationToken cancellation)
    {
        var state = await lab.RouterState(router, cancellation).ConfigureAwait(false);
        if (asJson)
        {
            terminal.WriteJson(state, DocumentContext.Default.RouterState);
            return;
        }

        NodeTables.Routers([(router, state)]).WriteTo(terminal);
        terminal.Write("");
        if (state.Interfaces.All(each => each.Groups.Count == 0))
            terminal.Write("No group has members.");
        else
            NodeTables.Groups([(router, state)]).WriteTo(terminal);
    }
}
