using System.CommandLine;
using MulticastLab.Daemon;
using MulticastLab.Lab.Topologies;
using MulticastLab.LabRunner.Labs;
using MulticastLab.LabRunner.Output;

namespace MulticastLab.LabRunner.Commands;

/// <summary><c>labrunner graph SCENARIO</c>: the topology as a diagram.</summary>
internal static class GraphCommand
{
    public static Command Create(Terminal terminal)
    {
        var scenario = ScenarioFolder.Argument();
        var format = new Option<string>("--format", "-f") { Description = "mermaid, dot or text", DefaultValueFactory = _ => "mermaid" };
        format.AcceptOnlyFromAmong("mermaid", "dot", "text");
        return new Command("graph", "Draw a topology as Mermaid, Graphviz or text") { scenario, format }.Does(terminal, (parsed, _) =>
        {
            var topology = ScenarioFolder.Read(parsed.GetRequiredValue(scenario));
            terminal.Out.Write(parsed.GetValue(format) switch
            {
                "dot" => TopologyDrawing.Dot(topology),
                "text" => TopologyDrawing.Text(topology),
                _ => TopologyDrawing.Mermaid(topology),
            });
            return Task.FromResult(ExitCode.Ok);
        });
    }
}
