using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Scenarios.Evidence;
using MulticastLab.Lab.Topologies;
using MulticastLab.Membership;
using MulticastLab.Packets.Text;

namespace MulticastLab.Lab.Scenarios;

/// <summary>Plays scenarios: brings a lab up, plays, judges, keeps the evidence, takes the lab down.</summary>
public static class ScenarioRunner
{
    /// <summary>Plays a scenario once.</summary>
    /// <param name="scenario">What to play.</param>
    /// <param name="topology">Where: the topology of the scenario's name.</param>
    /// <param name="engine">In which world.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends the run and takes the lab down.</param>
    /// <returns>Verdict and evidence; a scenario that fails is a result and no exception.</returns>
    /// <exception cref="InvalidFileException">The topology cannot be used in this world.</exception>
    public static Task<ScenarioResult> Run(
        ScenarioInfo scenario, Topology topology, ILabEngine engine, RunOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return Run(scenario, scenario.Create(), topology, engine, options, cancellation);
    }

    /// <summary>Plays a scenario that was made by the caller: one of a family, which its class alone does not identify.</summary>
    internal static async Task<ScenarioResult> Run(
        ScenarioInfo scenario, Scenario play, Topology topology, ILabEngine engine, RunOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        var labOptions = new LabOptions
        {
            Timing = options.Timing ?? (engine.Capabilities.UsesWallClock ? play.ShortTiming : Timing.Default),
            HostStack = options.HostStack,
            Seed = options.Seed,
        };
        await using var lab = await engine.Up(topology, labOptions, cancellation);
        var run = new LabRun(lab, labOptions, options.Observer, cancellation)
        {
            HasKernelHosts = engine.Capabilities.UsesWallClock && options.HostStack == HostStack.Kernel,
            HasVirtualTime = !engine.Capabilities.UsesWallClock,
        };
        string? aborted = null;
        try
        {
            await play.Play(run);
            await run.Finish();
        }
        catch (ScenarioAbortedException e)
        {
            aborted = e.Message;
        }

        await run.End();

        var logs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in topology.Nodes)
            logs.Add(node.Name, await lab.Log(node.Name, cancellation));
        var result = new ScenarioResult
        {
            Scenario = scenario,
            World = engine.Name,
            Capabilities = engine.Capabilities,
            Options = labOptions,
            Topology = topology,
            Steps = run.Steps,
            Expectations = run.Expectations,
            Failures = run.Failures,
            Aborted = aborted,
            Frames = run.Frames,
            FramesLost = lab.FramesLost,
            Disturbances = lab.Disturbances,
            Checkpoints = run.Checkpoints,
            Logs = logs,
            End = lab.Now,
        };
        return options.EvidenceDirectory is { } directory ? EvidenceFolder.Write(result, directory) : result;
    }
}
