using System.CommandLine;
using System.Globalization;
using MulticastLab.Daemon;
using MulticastLab.Lab.Engines.Real;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner status</c>: the labs of this user.</summary>
internal static class StatusCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Common.Json();
        return new Command("status", "List the labs that are there") { json }.Does(terminal, (parsed, _) =>
        {
            var labs = Engines.Labs.List();
            if (parsed.GetValue(json))
                terminal.WriteJson(labs.Select(Listed), DocumentContext.Default.IEnumerableListedLab);
            else
                Print(terminal, labs);
            return Task.FromResult(ExitCode.Ok);
        });
    }

    private static void Print(Terminal terminal, IReadOnlyList<LabRecord> labs)
    {
        if (labs.Count == 0)
        {
            terminal.Write($"No lab is up. [grey]To bring one up: {OutsideText.Markup(Invocation.Name)} up querier-election[/]");
            return;
        }

        var table = new Listing("Lab", "Scenario", "Engine", "State", "Nodes", "Up for");
        foreach (var lab in labs)
        {
            table.Add(
                OutsideText.Markup(lab.Id),
                OutsideText.Markup(lab.Topology.Name),
                lab.Engine,
                lab.IsAlive ? $"[green]{State(lab)}[/]" : $"[red]{State(lab)}[/]",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{lab.Topology.Nodes.Count(node => lab.ProcessIdOf(node.Name) is not null)} of {lab.Topology.Nodes.Count}"),
                (TimeProvider.System.GetUtcNow() - lab.Created).ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture));
        }

        table.WriteTo(terminal);
        if (labs.Any(lab => !lab.IsAlive))
            terminal.Write($"[grey]{OutsideText.Markup(Invocation.Name)} wipe removes what is left of those that ended.[/]");
    }

    private static ListedLab Listed(LabRecord lab) => new(
        lab.Id, lab.Topology.Name, lab.Engine, State(lab), lab.Created, lab.Detached,
        lab.Topology.Nodes.Select(node => Listed(lab, node.Name)));

    private static ListedNode Listed(LabRecord lab, string node)
    {
        var process = lab.ProcessIdOf(node);
        return new ListedNode(node, process is not null, process);
    }

    private static string State(LabRecord lab) => (lab.IsAlive, lab.Detached) switch
    {
        (true, true) => "up",
        (true, false) => "in a run",
        (false, _) => "ended",
    };
}
