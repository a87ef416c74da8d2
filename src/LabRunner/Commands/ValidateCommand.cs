using System.CommandLine;
using System.Text.Json.Nodes;
using MulticastLab.Daemon;
using MulticastLab.Lab.Topologies;
using MulticastLab.LabRunner.Output;
using MulticastLab.LabRunner.Scenarios;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner validate DIR</c>: everything that is wrong with a topology folder, without starting it.</summary>
internal static class ValidateCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string>("dir") { HelpName = "dir", Description = "The path of a folder with a lab.conf, or a name that 'labrunner list' shows" };
        folder.CompletionSources.Add(_ => ScenarioFolder.Names());
        var json = Common.Json();
        return new Command("validate", "Check a topology folder without starting it") { folder, json }.Does(terminal, (parsed, _) =>
        {
            IReadOnlyList<TopologyProblem> errors = [];
            Topology? topology = null;
            try
            {
                topology = TopologyReader.Read(ScenarioFolder.OrPath(parsed.GetRequiredValue(folder)));
            }
            catch (TopologyException invalid)
            {
                errors = invalid.Problems;
            }

            var warnings = topology?.Warnings ?? [];
            if (parsed.GetValue(json))
                terminal.WriteJson(ToJson(topology, errors, warnings));
            else
                Print(terminal, topology, errors, warnings);
            return Task.FromResult(errors.Count == 0 ? ExitCode.Ok : ExitCode.Invalid);
        });
    }

    private static void Print(Terminal terminal, Topology? topology, IReadOnlyList<TopologyProblem> errors, IReadOnlyList<TopologyProblem> warnings)
    {
        foreach (var problem in errors)
            terminal.Error.WriteLine(problem);
        foreach (var problem in warnings)
            terminal.Error.WriteLine($"{problem} (warning)");
        if (topology is not null)
            terminal.Write($"[green]{OutsideText.Markup(topology.Name)} is valid:[/] {Count(topology.Nodes.Count, "node")} on {Count(topology.Lans.Count, "LAN")}");
    }

    private static JsonObject ToJson(Topology? topology, IReadOnlyList<TopologyProblem> errors, IReadOnlyList<TopologyProblem> warnings) => new()
    {
        ["valid"] = topology is not null,
        ["name"] = topology?.Name,
        ["nodes"] = topology is null ? null : new JsonArray([.. topology.Nodes.Select(node => (JsonNode)node.Name)]),
        ["lans"] = topology is null ? null : new JsonArray([.. topology.Lans.Select(lan => (JsonNode)lan)]),
        ["errors"] = new JsonArray([.. errors.Select(ToJson)]),
        ["warnings"] = new JsonArray([.. warnings.Select(ToJson)]),
    };

    private static JsonObject ToJson(TopologyProblem problem) => new()
    {
        ["file"] = problem.File,
        ["line"] = problem.Line,
        ["column"] = problem.Column,
        ["message"] = problem.Message,
        ["suggestion"] = problem.Suggestion,
    };

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
