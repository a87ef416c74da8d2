using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Topologies;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;
using MulticastLab.Membership;
using MulticastLab.Membership.State;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner up SCENARIO</c>: brings a lab up, leaves it up, and says what is there.</summary>
internal static class UpCommand
{
    // An election is over as soon as every router has heard the lowest one's first General Query.
    private static readonly TimeSpan ElectionPatience = TimeSpan.FromMilliseconds(200);

    public static Command Create(Terminal terminal)
    {
        var scenario = ScenarioFolder.Argument();
        var engine = Engines.Option();
        var stack = Engines.HostStack();
        var timers = new Option<string>("--timers")
        {
            Description = "rfc: the defaults of RFC 9776 §8; short: the scenario's timers for real runs",
            DefaultValueFactory = _ => "rfc",
        };
        timers.AcceptOnlyFromAmong("rfc", "short");
        var json = Common.Json();
        return new Command("up", "Bring a lab up and leave "
            + "it up") { scenario, engine, stack, timers, json }.Does(terminal, async (parsed, cancellation) =>
        {
            var topology = ScenarioFolder.Read(parsed.GetRequiredValue(scenario));
            TopologyWarnings.Print(terminal, topology.Warnings);
            var chosen = Engines.ForLabThatStays(parsed.GetValue(engine));
            var options = new LabOptions { Timing = Timers(parsed.GetValue(timers)!, topology), HostStack = parsed.GetValue(stack) };
            var lab = await chosen.Up(topology, options, cancellation).ConfigureAwait(false);
            await using (lab.ConfigureAwait(false))
            {
                await LabStart.StartAll(lab, cancellation).ConfigureAwait(false);
                await lab.Until(token => IsElectionOver(lab, token), ElectionPatience, cancellation).ConfigureAwait(false);
                var routers = await LabStates.Routers(lab, cancellation).ConfigureAwait(false);
                var took = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();
                lab.Detach();
                if (parsed.GetValue(json))
                    terminal.WriteJson(Document(chosen, lab, routers), DocumentContext.Default.LabIsUp);
                else
                    Print(terminal, lab, routers, took);
            }

            return ExitCode.Ok;
        });
    }

    private static Timing Timers(string which, Topology topology) =>
        which == "rfc"
            ? Timing.Default
            : ScenarioCatalog.BuiltIn.Find(topology.Name)?.Create().ShortTiming
                ?? throw new CommandException(
                    ExitCode.Usage, $"{topology.Name} is no scenario of the catalogue, so it has no short timers", "leave --timers out");

    private static async Task<bool> IsElectionOver(IRunningLab lab, CancellationToken cancellation)
    {
        var routers = await LabStates.Routers(lab, cancellation).ConfigureAwait(false);
        // On one LAN two queriers are one too many. Routers that do not share a LAN do not share a network either.
        return routers
            .SelectMany(router => router.State.Interfaces.Select(each => (Network: NetworkOf(lab, router.Node, each.Name), each.IsQuerier)))
            .Where(each => each.IsQuerier)
            .GroupBy(each => each.Network)
            .All(queriers => queriers.Count() == 1);
    }

    private static string NetworkOf(IRunningLab lab, string node, string interfaceName) =>
        lab.Addresses(node, interfaceName) is [var address, ..] ? address.Normalized.ToString() : $"{node} {interfaceName}";

    private static void Print(Terminal terminal, IRunningLab lab, IReadOnlyList<(string Node, RouterState State)> routers, TimeSpan took)
    {
        terminal.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"[bold green]{OutsideText.Markup(lab.Topology.Name)} is up[/] [grey]as {OutsideText.Markup(lab.Id)}, "
                    + $"{took.TotalSeconds:0.00} s after the program started[/]"));
        terminal.Write("");
        var table = new Listing("Node", "Kind", "Interface", "LAN", "Address");
        foreach (var node in lab.Topology.Nodes)
        {
            foreach (var each in node.Interfaces)
            {
                table.Add(
                    OutsideText.Markup(node.Name), TopologyDrawing.KindName(node.Kind), each.Interface, OutsideText.Markup(each.Lan),
                    string.Join(' ', lab.Addresses(node.Name, each.Interface)));
            }
        }

        table.WriteTo(terminal);
        if (routers.Count > 0)
        {
            terminal.Write("");
            NodeTables.Routers(routers).WriteTo(terminal);
        }

        terminal.Write("");
        terminal.Write("[bold]Next:[/]");
        var next = Next(lab.Topology).Select(each => (Command: $"{Invocation.Name} {each.Command}", each.Does)).ToList();
        var width = next.Max(each => each.Command.Length);
        foreach (var (command, does) in next)
            terminal.Write($"  [aqua]{OutsideText.Markup(command.PadRight(width))}[/]  [grey]{does}[/]");
    }

    private static IEnumerable<(string Command, string Does)> Next(Topology topology)
    {
        yield return ("watch", "timers and messages, live");
        if (topology.Nodes.FirstOrDefault(node => node.HasHostAgent) is { } host)
            yield return ($"join {host.Name} 239.1.1.1", "a host joins a group");
        if (topology.Nodes.FirstOrDefault(node => node.HasRouterState) is { } router)
            yield return ($"state {router.Name}", "what a router knows");
        if (topology.Nodes.FirstOrDefault(node => node is { Kind: NodeKind.Router, Device: null }) is { } ours)
            yield return ($"exec {ours.Name} -- router show groups", "the same, from inside the node");

        yield return ("capture -o lab.pcapng", "record all LANs until Ctrl-C");
        yield return ("down", "take it down");
    }

    private static LabIsUp Document(ILabEngine engine, IRunningLab lab, IReadOnlyList<(string Node, RouterState State)> routers) => new(
        lab.Id,
        lab.Topology.Name,
        engine.Name,
        lab.Topology.Nodes.Select(node => new NodeIsUp(
            node.Name,
            TopologyDrawing.KindName(node.Kind),
            node.Interfaces.Select(each => new InterfaceIsUp(
                each.Interface, each.Lan, each.Mac.ToString(),
                lab.Addresses(node.Name, each.Interface).Select(address => address.ToString()))))),
        routers.ToDictionary(each => each.Node, each => each.State));
}
