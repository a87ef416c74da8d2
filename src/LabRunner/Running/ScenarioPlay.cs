using MulticastLab.Daemon;
using MulticastLab.Lab.Scenarios;
using MulticastLab.Lab.Topologies;
using MulticastLab.LabRunner.Labs;

namespace MulticastLab.LabRunner.Running;

/// <summary>A scenario to be played, and where.</summary>
internal sealed record ScenarioPlay(ScenarioInfo Scenario, Topology Topology)
{
    /// <summary>What a name or a path on the command line means.</summary>
    /// <exception cref="CommandException">There is no scenario of that name: a usage error.</exception>
    public static ScenarioPlay Of(string scenario)
    {
        var topology = ScenarioFolder.Read(scenario);
        var info = ScenarioCatalog.BuiltIn.Find(topology.Name)
            ?? throw new CommandException(ExitCode.Usage, $"{topology.Name} has a topology and no scenario to play on it",
                $"{Invocation.Name} up {scenario}");
        return new ScenarioPlay(info, topology);
    }
}
