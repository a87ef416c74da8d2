using MulticastLab.Lab.Engines;
using MulticastLab.Lab.Topologies;

namespace MulticastLab.LabRunner.Running;

/// <summary>An engine's labs, which stay up after the run: for <c>run --keep</c>.</summary>
/// <param name="engine">An engine whose labs can stay.</param>
internal sealed class KeptLabs(ILabEngine engine) : ILabEngine
{
    /// <inheritdoc/>
    public string Name => engine.Name;

    /// <inheritdoc/>
    public EngineCapabilities Capabilities => engine.Capabilities;

    /// <summary>The id of the lab that was made; null before.</summary>
    public string? Lab { get; private set; }

    /// <inheritdoc/>
    public Unfitness? Check() => engine.Check();

    /// <inheritdoc/>
    public void Enter() => engine.Enter();

    /// <inheritdoc/>
    public async Task<IRunningLab> Up(Topology topology, LabOptions options, CancellationToken cancellation)
    {
        var lab = await engine.Up(topology, options, cancellation).ConfigureAwait(false);
        lab.Detach();
        Lab = lab.Id;
        return lab;
    }
}
