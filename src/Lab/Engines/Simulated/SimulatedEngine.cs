using MulticastLab.Lab.Topologies;

namespace MulticastLab.Lab.Engines.Simulated;

/// <summary>
/// The simulated world: the protocol cores on simulated LANs under a virtual clock. Runs on any system without privilege; the same seed
/// gives the same run to the nanosecond.
/// </summary>
/// <param name="programs">The programs that devices may name as <c>simulated</c>, besides the cores of this project, by name.</param>
public sealed class SimulatedEngine(IReadOnlyDictionary<string, Func<ISimulatedMachine, ISimulatedProgram>>? programs = null) : ILabEngine
{
    /// <summary>The engine's name on the command line.</summary>
    public const string EngineName = "simulated";

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities { get; } = new() { IsReproducible = true, StartsDevices = true };

    /// <inheritdoc/>
    public Unfitness? Check() => null;

    /// <inheritdoc/>
    public void Enter()
    {
        // It runs anywhere.
    }

    /// <inheritdoc/>
    public Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation) =>
        Task.FromResult<IRunningLab>(new SimulatedLab(topology, options, programs));
}
